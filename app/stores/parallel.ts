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

/** Of an axis, the least share between two values that are written: a line of text is as high. */
const APART = 0.08;

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
  const marks = ordered.map((value) => ({ value, place: placeOf(value) }));
  return {
    places: values.map((value) => (value === null ? null : placeOf(value))),
    marks:
      ordered.length <= FEW ? readable(marks) : [marks[0], marks.at(-1)].filter((mark) => mark !== undefined),
  };
}

/** Without those that would be written over the one below, or over the highest. */
function readable(marks: readonly ParallelMark[]): ParallelMark[] {
  const kept: ParallelMark[] = [];
  for (const [at, mark] of marks.entries()) {
    const ends = at === 0 || at === marks.length - 1;
    const below = kept.at(-1)?.place ?? Number.NEGATIVE_INFINITY;
    const free = mark.place - below >= APART && (marks.at(-1)?.place ?? 1) - mark.place >= APART;
    if (ends || free) kept.push(mark);
  }
  return kept;
}
