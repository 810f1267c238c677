/** The schedules against the rates that the reference used. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from '../config/parse-config.ts';
import { readTensors } from '../engines/testing/read-tensors.ts';
import { learningRates, schedule } from './learning-rates.ts';

const FIXTURES = ['parallel-share-all', 'serial-share-partial', 'mixed-share-none'];
const none = {
  constant: null,
  piecewise_constant: null,
  linear_ramp_to_constant: null,
  linear_ramp_to_cosine: null,
};

/** Distance in float32 steps. */
function ulps(a: number, b: number): number {
  const bits = new Int32Array(Float32Array.of(a, b).buffer);
  return Math.abs((bits[0] ?? 0) - (bits[1] ?? 0));
}

describe.each(FIXTURES)('%s', (name) => {
  it('has the reference rates of every group at every step', () => {
    // A Buffer's own slice shares its pool; the reader needs a plain Uint8Array's.
    const read = (file: string) =>
      new Uint8Array(readFileSync(new URL(`../../test/fixtures/${name}/${file}`, import.meta.url)));
    const { config } = parseRecapConfig(new TextDecoder().decode(read('config.yaml')));
    if (!config) throw new Error('the fixture does not parse');
    const rates = learningRates(config);
    const expected = [...readTensors(read('expected.safetensors'))].filter(([key]) =>
      key.startsWith('learning_rate.'),
    );
    expect(expected).toHaveLength(Object.keys(config.model.tasks).length + 1);
    for (const [key, { data }] of expected) {
      const group = key.slice('learning_rate.'.length);
      for (let step = 0; step < data.length; step++) {
        expect(
          ulps(rates(step)[group] ?? Number.NaN, Number(data[step])),
          `${key} at ${step}`,
        ).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe('schedules', () => {
  it('piecewise constant: a boundary belongs to the value after it', () => {
    const rate = schedule(
      {
        ...none,
        piecewise_constant: { learning_rate_boundaries: [2, 5], learning_rate_values: [3, 2, 1] },
      },
      'x',
    );
    expect([0, 1, 2, 4, 5, 100].map(rate)).toEqual([3, 3, 2, 2, 1, 1]);
  });

  it('ramps start at 0 and end where they should', () => {
    const constant = schedule(
      { ...none, linear_ramp_to_constant: { learning_rate: 1, num_ramp_steps: 4 } },
      'x',
    );
    expect([0, 1, 4, 9].map(constant)).toEqual([0, 0.25, 1, 1]);
    const cosine = schedule(
      {
        ...none,
        linear_ramp_to_cosine: {
          learning_rate: 1,
          final_learning_rate: 0.5,
          num_ramp_steps: 2,
          final_num_steps: 6,
        },
      },
      'x',
    );
    expect([0, 1, 2, 4, 6, 7].map(cosine)).toEqual([0, 0.5, 1, 0.75, 0.5, 0.5]);
  });

  it('names what has no rate', () => {
    expect(() => schedule(none, 'backbone')).toThrow(/backbone/);
  });
});
