/** Where runs stand on an axis of parallel coordinates. */
import type { SweepValue } from '../../src/runs/sweep.ts';

export interface ParallelMark {
  readonly value: SweepValue;
  /** From 0, the lowest, to 1. */
  readonly place: number;
}

export interface ParallelPlaces {
  /** By run from 0, the lowest, to 1; null where it has no value. */
  readonly places: readonly (number | null)[];
  /** What is written beside the axis, from the lowest: each value where they are few, else the lowest and the highest. */
  readonly marks: readonly ParallelMark[];
}

/** So many values are each written. */
const FEW = 5;

/** Numbers by their size, by their logarithm where they span a hundredfold; words in their order of first use. */
export function parallelPlaces(values: readonly (SweepValue | null)[]): ParallelPlaces {
  const present = [...new Set(values.filter((value) => value !== null))];
  const numbers = present.filter((value) => typeof value === 'number').toSorted((a, b) => a - b);
  const isNumeric = numbers.length === present.length;
  const ordered: readonly SweepValue[] = isNumeric ? numbers : present;
  const low = numbers[0] ?? 0;
  const high = numbers.at(-1) ?? 0;
  const log = low > 0 && high / low >= 100;
  const to = (value: number): number => (log ? Math.log(value) : value);
  const span = to(high) - to(low);
  const placeOf = (value: SweepValue): number =>
    isNumeric && typeof value === 'number'
      ? span === 0
        ? 0.5
        : (to(value) - to(low)) / span
      : ordered.indexOf(value) / Math.max(1, ordered.length - 1);
  const marked = ordered.filter(
    (_value, at) => ordered.length <= FEW || at === 0 || at === ordered.length - 1,
  );
  return {
    places: values.map((value) => (value === null ? null : placeOf(value))),
    marks: marked.map((value) => ({ value, place: placeOf(value) })),
  };
}
