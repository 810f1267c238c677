import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelGraph } from '../graph/graph.ts';
import { dropoutFactors, dropoutKey, mask } from './dropout.ts';
import { hashAt, hashKey, pcg } from './hash.ts';
import { initialState } from './init.ts';
import { smallGraph } from './testing/small-model.ts';

const graph = smallGraph('parallel, BatchNorm towers, dropout');

describe('pcg', () => {
  it('is the published u32 hash', () => {
    // Computed with 64-bit integers: state = v·747796405 + 2891336453; word = ((state >> ((state >> 28) + 4)) ^ state)·277803737.
    const exact = (value: number) => {
      const u32 = (x: bigint) => x & 0xffff_ffffn;
      const state = u32(BigInt(value) * 747796405n + 2891336453n);
      const word = u32(((state >> ((state >> 28n) + 4n)) ^ state) * 277803737n);
      return Number((word >> 22n) ^ word);
    };
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => pcg(value) === exact(value)));
  });

  it('spreads consecutive counters evenly', () => {
    const key = hashKey(1, 2, 3);
    const bins = new Uint32Array(64);
    for (let element = 0; element < 64_000; element++) bins[hashAt(key, element) >>> 26]!++;
    // χ² with 63 degrees of freedom: above 115 once in 10,000.
    expect(bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(115);
  });
});

describe('dropout', () => {
  it('drops the given share, and the factors are the mask scaled', () => {
    for (const rate of [0, 0.1, 0.5, 0.9]) {
      const factors = dropoutFactors(dropoutKey(1, 2, 0, 3), rate, 20_000);
      const kept = factors.filter((factor) => factor > 0).length / factors.length;
      expect(kept).toBeCloseTo(1 - rate, 1);
      expect(factors.reduce((sum, factor) => sum + factor, 0) / factors.length).toBeCloseTo(1, 1);
    }
    const key = dropoutKey(7, 0, 1, 5);
    dropoutFactors(key, 0.3, 50).forEach((factor, element) =>
      expect(factor > 0).toBe(mask(key, 0.3, element) === 1),
    );
    expect(dropoutFactors(key, 1, 50).every((factor) => factor === 0)).toBe(true);
  });

  it('differs between seeds, steps, micro-steps and nodes', () => {
    const keys = [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 0],
    ].map(([seed = 0, step = 0, micro = 0, node = 0]) => dropoutKey(seed, step, micro, node));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('initialState', () => {
  it('fills weights uniformly within ±√(6/(in + out)), everything else constantly', () => {
    const state = initialState(graph, 1);
    const weight = state.get('_backbone._dense_layers.layers.0.weight');
    const limit = Math.sqrt(6 / (9 + 15));
    const values = Array.from(weight?.data ?? [], Number);
    expect(values).toHaveLength(135);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(limit);
    expect(Math.max(...values)).toBeGreaterThan(0.9 * limit);
    expect(Math.min(...values)).toBeLessThan(-0.9 * limit);
    expect(state.get('_backbone._dense_layers.layers.0.bias')?.data).toEqual(new Float32Array(9));
    expect(state.get('_towers.recap__a.layers.1.running_var')?.data).toEqual(new Float32Array(6).fill(1));
    expect(state.get('_towers.recap__a.layers.1.num_batches_tracked')?.data).toEqual(BigInt64Array.of(0n));
  });

  it('depends on seed and name only', () => {
    const reversed: ModelGraph = { ...graph, parameters: graph.parameters.toReversed() };
    const [one, other] = [initialState(graph, 1), initialState(reversed, 1)];
    for (const [name, tensor] of one) expect(other.get(name)).toEqual(tensor);
    expect(initialState(graph, 2)).not.toEqual(one);
  });

  it('gives the same bytes everywhere', () => {
    const weight = initialState(graph, 1).get('_backbone._dense_layers.layers.0.weight');
    // Written down from Node 20 (engine.browser.test.ts asks the same of Chromium); a browser or another version must agree to the bit.
    expect(Array.from(weight?.data.slice(0, 4) ?? [], Number)).toEqual([
      -0.06098039820790291, 0.3890340328216553, 0.22089660167694092, 0.18243582546710968,
    ]);
  });
});
