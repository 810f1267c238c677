/** Where runs stand on an axis of parallel coordinates. */
import type { SweepValue } from '../../src/runs/sweep.ts';

export interface ParallelPlaces {
  /** By run from 0, the lowest, to 1; null where it has no value. */
  readonly places: readonly (number | null)[];
  readonly low: SweepValue;
  readonly high: SweepValue;
}

/** Numbers by their size, by their logarithm where they span a hundredfold; words in their order of first use. */
export function parallelPlaces(values: readonly (SweepValue | null)[]): ParallelPlaces {
  const numbers = values.filter((value) => typeof value === 'number');
  const present = values.filter((value) => value !== null);
  if (numbers.length === present.length && numbers.length > 0) {
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    const log = low > 0 && high / low >= 100;
    const to = (value: number): number => (log ? Math.log(value) : value);
    const span = to(high) - to(low);
    const places = values.map((value) =>
      typeof value !== 'number' ? null : span === 0 ? 0.5 : (to(value) - to(low)) / span,
    );
    return { places, low, high };
  }
  const words = [...new Set(present)];
  const last = Math.max(1, words.length - 1);
  return {
    places: values.map((value) => (value === null ? null : words.indexOf(value) / last)),
    low: words[0] ?? '',
    high: words.at(-1) ?? '',
  };
}
