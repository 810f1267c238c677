/** What charts cost before they are drawn: rows of five long runs over each other, prepared anew after each update. */
import { pointsOf } from '../../app/charts/plot-lines.ts';
import type { PlotLine } from '../../app/charts/plot-lines.ts';
import type { ShownRun } from '../../app/stores/compared-runs.ts';
import { headLossLines, lossLines, rateLines } from '../../app/stores/run-lines.ts';
import { RunSeries } from '../../src/runs/run-series.ts';
import type { StepEvent } from '../../src/training/events.ts';

/** Most rows that a run keeps in memory. */
const ROWS = 1 << 17;
const RUNS = 5;
const TASKS = 10;
const UPDATES = 60;
/** Steps between two updates of a fast run. */
const STEPS = 40;
/** Milliseconds of a frame. */
const FRAME = 16;
/** Rows of the page's charts, as its training panel has them. */
const TOTAL_ROWS = 160;
const HEAD_ROWS = 60;
const SMOOTHING = 0.9;

export interface Preparation {
  /** Milliseconds of processor time of the first preparation, which reads everything, and of each update. */
  readonly first: number;
  readonly updates: readonly number[];
}

const tasks = Array.from({ length: TASKS }, (_, i) => `head ${i}`);
const groups = ['backbone', ...tasks];

/** A loss that falls, with noise and a peak now and then. */
function event(step: number, run: number): StepEvent {
  const noise = Math.abs(Math.sin(12.9898 * (step + 1) + run) * 43758.5453) % 1;
  const loss = 0.1 + Math.exp(-step / 20_000) + 0.05 * noise + (step % 9973 === 0 ? 1 : 0);
  return {
    step,
    loss,
    taskLosses: tasks.map((_, i) => loss * (0.2 + i / 20)),
    learningRates: groups.map(() => 0.01 / (1 + step / 1000)),
    examples: 128 * step,
    elapsedMs: step,
  };
}

/** Points of the loss, of the heads and of the rates of every run, as a page that shows them all needs them. */
function prepare(runs: readonly RunSeries[]): number {
  const shown = runs.map((series, run): ShownRun => ({
    id: String(run),
    name: String(run),
    change: null,
    color: '',
    dash: '',
    series,
    evaluations: [],
    started: 0,
  }));
  const points = (lines: readonly PlotLine[], limit: number): number =>
    lines.reduce((sum, line) => sum + pointsOf(line, null, limit).x.length, 0);
  return (
    points(lossLines(shown, 'step', SMOOTHING), TOTAL_ROWS) +
    points(headLossLines(shown, 'step', SMOOTHING, []), HEAD_ROWS) +
    points(rateLines(shown, 'step'), HEAD_ROWS)
  );
}

/**
 * Four runs that have ended, each as long as a run is kept, and one that goes on beyond that: in the middle of the updates
 * every second of its rows goes.
 */
export function preparation(): Preparation {
  const before = ROWS - (UPDATES * STEPS) / 2;
  const runs = Array.from({ length: RUNS }, (_, run) => {
    const series = new RunSeries(tasks, groups);
    for (let step = 0; step < (run === 0 ? before : ROWS); step++) series.append(event(step, run));
    return series;
  });
  const timed = (): number => {
    const start = process.cpuUsage();
    if (prepare(runs) === 0) throw new Error('The charts have no rows.');
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  const first = timed();
  const updates = Array.from({ length: UPDATES }, (_, update) => {
    const start = process.cpuUsage();
    for (let i = 0; i < STEPS; i++) runs[0]?.append(event(before + update * STEPS + i, 0));
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000 + timed();
  });
  return { first, updates };
}

export function preparationText({ first, updates }: Preparation): string {
  const sorted = updates.toSorted((a, b) => a - b);
  const [median, longest] = [sorted[sorted.length >> 1] ?? NaN, sorted.at(-1) ?? NaN];
  const over = updates.filter((ms) => ms > FRAME).length;
  return `Charts of ${ROWS.toLocaleString('en')} rows, ${RUNS} runs over each other (${RUNS * (1 + TASKS + groups.length)} lines): an update is prepared in ${median.toFixed(2)} ms (median; longest ${longest.toFixed(1)}, ${over} of ${updates.length} over ${FRAME}), the first in ${first.toFixed(0)} ms.`;
}
