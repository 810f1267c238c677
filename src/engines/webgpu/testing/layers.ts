/** What the tests of the layer kernels share: random shapes, both workgroup layouts, the words of a step. */
import fc from 'fast-check';
import { hashKey } from '../../hash.ts';
import { HYPER, hyperLength } from '../kernels/kernel.ts';

/** [name, whether the adapter is software] */
export const layouts = [
  ['one lane', true],
  ['many lanes', false],
] as const;

export const runs = { numRuns: 5, seed: 7, endOnFailure: true };
export const dimension = (max: number) => fc.integer({ min: 2, max });
export const float64 = (data: ArrayLike<number> | undefined) => Float64Array.from(data ?? []);

/** Step words: gradients stored, statistics tracked, one dropout prefix. */
export function hyper(
  values: Partial<Record<keyof typeof HYPER, number>> = {},
  rates: readonly number[] = [],
) {
  const words = new Float32Array(hyperLength(Math.max(rates.length, 1)));
  const prefix = hashKey(5, 0, 0);
  const all = {
    track: 1,
    gradientScale: 1,
    dropoutHigh: prefix >>> 16,
    dropoutLow: prefix & 0xffff,
    ...values,
  };
  for (const [name, value] of Object.entries(all)) words[HYPER[name as keyof typeof HYPER]] = value;
  words.set(rates, HYPER.rates);
  return words;
}
