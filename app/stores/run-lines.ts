/** From the runs shown to the lines of the training charts, each line with its own steps. */
import type { PlotLine } from '../charts/plot-lines.ts';
import type { Drawn } from '../../src/runs/curve.ts';
import { axisOf } from '../../src/runs/run-axis.ts';
import type { RunAxis } from '../../src/runs/run-axis.ts';
import type { RunSeries } from '../../src/runs/run-series.ts';
import { headStyle } from '../heads.ts';
import type { ShownRun } from './compared-runs.ts';
import { trainingTexts } from '../texts/training.ts';

export function lossLines(runs: readonly ShownRun[], axis: RunAxis, smoothing: number): PlotLine[] {
  return runs.map((run) => ({
    ...named(run),
    key: run.id,
    label: trainingTexts.loss,
    color: run.color,
    x: axisOf(run.series, axis, run.started),
    ...columns(run.series.losses, run.series.drawnLosses(smoothing), smoothing),
  }));
}

/** @param hidden tasks that are switched off. */
export function headLossLines(
  runs: readonly ShownRun[],
  axis: RunAxis,
  smoothing: number,
  hidden: readonly string[],
): PlotLine[] {
  return perColumn(
    runs,
    axis,
    ({ tasks }) => tasks,
    hidden,
    (series, index) => columns(series.taskLosses(index), series.drawnTaskLosses(index, smoothing), smoothing),
  );
}

export function rateLines(runs: readonly ShownRun[], axis: RunAxis): PlotLine[] {
  return perColumn(
    runs,
    axis,
    ({ groups }) => groups,
    [],
    (series, index) => columns(series.learningRates(index), series.drawnRates(index), 0),
  );
}

function perColumn(
  runs: readonly ShownRun[],
  axis: RunAxis,
  keys: (series: RunSeries) => readonly string[],
  hidden: readonly string[],
  of: (series: RunSeries, index: number) => Pick<PlotLine, 'values' | 'drawn'>,
): PlotLine[] {
  return runs.flatMap((run, place) => {
    const x = axisOf(run.series, axis, run.started);
    return keys(run.series).flatMap((key, index): PlotLine[] => {
      if (hidden.includes(key)) return [];
      const look =
        key === 'backbone'
          ? { label: trainingTexts.backbone, color: 'var(--text)', dash: '' }
          : headStyle(key);
      return [
        {
          ...named(run),
          key: `${run.id} ${key}`,
          label: look.label,
          color: look.color,
          // Beside others a dash is the run's; the current one keeps those of its heads.
          dash: place === 0 ? look.dash : run.dash,
          ...(place === 0 ? {} : { width: 1.25 }),
          x,
          ...of(run.series, index),
        },
      ];
    });
  });
}

/** Not smoothed, the line is what was measured, and has no ghost behind it. */
function columns(raw: Float64Array, drawn: Drawn, smoothing: number): Pick<PlotLine, 'values' | 'drawn'> {
  return { values: smoothing > 0 ? raw : drawn.values, drawn };
}

const named = ({ name }: ShownRun): Pick<PlotLine, 'run'> => (name === undefined ? {} : { run: name });
