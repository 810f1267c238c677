/** Where the reports of a run stand on the axes that curves are drawn along. */
import type { RunSeries } from './run-series.ts';

export type RunAxis = 'step' | 'examples' | 'relative' | 'wall';

/** The seconds or times computed last of a run, which most often has not grown since. */
const computed = new WeakMap<RunSeries, { readonly of: readonly unknown[]; readonly values: Float64Array }>();

/**
 * A run's rows along an axis: steps, examples seen, seconds of training (pauses excluded), or milliseconds since 1970 as
 * if it had trained without a pause from `started` on. The same array for the same rows.
 */
export function axisOf(series: RunSeries, axis: RunAxis, started: number): Float64Array {
  if (axis === 'step') return series.steps;
  if (axis === 'examples') return series.examples;
  const of = [axis, axis === 'wall' ? started : 0, series.length, series.steps.at(-1)];
  const last = computed.get(series);
  if (last?.of.every((part, i) => part === of[i])) return last.values;
  const values = series.elapsed.map(axis === 'wall' ? (ms) => started + ms : (ms) => ms / 1000);
  computed.set(series, { of, values });
  return values;
}

/** Where "`step` updates done" stands on that axis; on the axis of steps, the number itself. */
export function axisAt(series: RunSeries, axis: RunAxis, started: number, step: number): number {
  if (axis === 'step') return step;
  const { steps } = series;
  let low = 0;
  let high = steps.length;
  // The last row whose 0-based step is below the number of updates.
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] as number) < step) low = middle + 1;
    else high = middle;
  }
  const row = low - 1;
  if (row < 0) return axis === 'wall' ? started : 0;
  const column = axis === 'examples' ? series.examples : series.elapsed;
  const value = column[row] as number;
  return axis === 'examples' ? value : axis === 'relative' ? value / 1000 : started + value;
}
