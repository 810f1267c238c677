/** The tuner on simulated adapters: what it chooses, what it keeps, what it costs. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeviceLostError } from '../engine.ts';
import { matrix } from './kernels/kernel.ts';
import type { GemmVariant } from './kernels/gemm.ts';
import type { GemmUse, Measured, TuningStore, VariantBench } from './tuner.ts';
import { tune } from './tuner.ts';
import { BIG_GPU, candidates } from './variants.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const use = (n: number): GemmUse => ({
  problem: { form: 'NT', m: 128, n, k: 1024, batch: 1, a: matrix(1024), b: matrix(1024) },
  epilogue: 'forward',
});
const list = (one: GemmUse) => candidates(one.problem, one.epilogue, BIG_GPU);
const same = (a: GemmVariant, b: GemmVariant | undefined) => JSON.stringify(a) === JSON.stringify(b);

function memory() {
  const kept = new Map<string, string>();
  const store: TuningStore = {
    get: async (key) => kept.get(key),
    set: async (key, value) => void kept.set(key, value),
  };
  return { kept, store };
}

/** A bench where candidate number `at` of every product takes `times(at)`; each measuring takes `cost` ms of the clock. */
function bench(times: (at: number) => Measured, options: { cost?: number; refuses?: number } = {}) {
  const measured: number[] = [];
  let disposed = 0;
  const make = (): VariantBench => ({
    prepare: async (_use, variants) => variants.filter((_, at) => at !== options.refuses),
    measure: async (one, variant) => {
      const at = list(one).findIndex((candidate) => same(candidate, variant));
      measured.push(at);
      vi.advanceTimersByTime(options.cost ?? 1);
      return times(at);
    },
    dispose: () => (disposed += 1),
  });
  return { make, measured, disposed: () => disposed };
}

const choice = async (one: GemmUse, choose: Awaited<ReturnType<typeof tune>>) =>
  list(one).findIndex((candidate) => same(candidate, choose(one.problem, one.epilogue)));

describe('tune', () => {
  const exact = (at: number): Measured => ({ milliseconds: at === 3 ? 0.5 : 1, noise: 0.01 });

  it('takes what is faster, keeps it, and measures nothing again', async () => {
    const { store, kept } = memory();
    const first = bench(exact);
    const one = use(4096);
    expect(await choice(one, await tune(BIG_GPU, 'acme', [one], first.make, { store }))).toBe(3);
    expect(first.measured).toHaveLength(list(one).length);
    expect(first.disposed()).toBe(1);
    const second = bench(() => ({ milliseconds: 1, noise: 0 }));
    expect(await choice(one, await tune(BIG_GPU, 'acme', [one], second.make, { store }))).toBe(3);
    expect(second.measured).toEqual([]);
    expect([...kept.keys()]).toEqual([expect.stringMatching(/v\d+ acme$/)]);
    const other = bench(exact);
    await tune(BIG_GPU, 'another adapter', [one], other.make, { store });
    expect(other.measured.length).toBeGreaterThan(0);
  });

  it('keeps the guess against what is faster by less than the noise', async () => {
    const one = use(4096);
    const noisy = bench((at) => ({ milliseconds: at === 2 ? 0.9 : 1, noise: 0.08 }));
    expect(await choice(one, await tune(BIG_GPU, 'acme', [one], noisy.make))).toBe(0);
    const slightly = bench((at) => ({ milliseconds: at === 2 ? 0.98 : 1, noise: 0 }));
    expect(await choice(one, await tune(BIG_GPU, 'acme', [one], slightly.make))).toBe(0);
  });

  it('leaves out what the driver refuses, the guess too', async () => {
    const one = use(4096);
    const refusing = bench(() => ({ milliseconds: 1, noise: 0 }), { refuses: 0 });
    expect(await choice(one, await tune(BIG_GPU, 'acme', [one], refusing.make))).toBe(1);
    expect(refusing.measured).not.toContain(0);
  });

  it('spends its budget on the largest products and settles the others with their guess, for good', async () => {
    const { store } = memory();
    const [small, large] = [use(512), use(4096)];
    const slow = bench(exact, { cost: 100 });
    const choose = await tune(BIG_GPU, 'acme', [small, large], slow.make, { store, budget: 450 });
    expect(await choice(large, choose)).toBe(3);
    expect(await choice(small, choose)).toBe(0);
    // A run that goes on after a reload computes with the same kernels.
    const again = bench(exact);
    const later = await tune(BIG_GPU, 'acme', [small, large], again.make, { store });
    expect(again.measured).toEqual([]);
    expect(await choice(small, later)).toBe(0);
  });

  it.each([
    'not json',
    '{"a":1}',
    '[[1,2],["x"],null]',
    // A tile that was a candidate once, or never.
    JSON.stringify([
      ['gemm NT [128×1024]·[1024×4096] forward 1024/1024', { kind: 'tiled', x: 64, y: 64, rows: 8 }],
    ]),
  ])('makes nothing of a stored %s', async (text) => {
    const { store, kept } = memory();
    const one = use(4096);
    await tune(BIG_GPU, 'acme', [one], bench(exact).make, { store });
    const [key = ''] = kept.keys();
    kept.set(key, text);
    const again = bench(exact);
    expect(await choice(one, await tune(BIG_GPU, 'acme', [one], again.make, { store }))).toBe(3);
    expect(again.measured.length).toBeGreaterThan(0);
  });

  it('guesses what cannot be measured, and measures it the next time; a lost device is told', async () => {
    const { store } = memory();
    const one = use(4096);
    const failing = (reason: Error) =>
      bench(() => {
        throw reason;
      });
    const full = failing(new Error('out of memory'));
    expect(await choice(one, await tune(BIG_GPU, 'acme', [one], full.make, { store }))).toBe(0);
    expect(full.disposed()).toBe(1);
    const lost = failing(new DeviceLostError('gone'));
    await expect(tune(BIG_GPU, 'acme', [one], lost.make, { store })).rejects.toThrow('gone');
    expect(await choice(one, await tune(BIG_GPU, 'acme', [one], bench(exact).make, { store }))).toBe(3);
  });

  it('guesses without a budget', async () => {
    const one = use(4096);
    const none = bench(exact);
    expect(await choice(one, await tune(BIG_GPU, 'acme', [one], none.make, { budget: 0 }))).toBe(0);
    expect(none.measured).toEqual([]);
  });
});
