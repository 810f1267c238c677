/** A run's numbers as files: one row a step, the names those of the terminal's metrics.jsonl. */
import { toCsv } from '../../../src/formats/csv.ts';
import type { EvaluationEvent } from '../../../src/training/events.ts';
import type { RunSeries } from '../../stores/run-series.ts';

/** Columns: step, examples, elapsed_ms, loss, one loss per task, one learning rate per group. */
export function metricsCsv(series: RunSeries): string {
  const columns: [string, ArrayLike<number>][] = [
    ['step', series.steps],
    ['examples', series.examples],
    ['elapsed_ms', series.elapsed],
    ['loss', series.losses],
    ...series.tasks.map((task, i): [string, ArrayLike<number>] => [`loss/${task}`, series.taskLosses(i)]),
    ...series.groups.map((group, i): [string, ArrayLike<number>] => [
      `learning_rate/${group}`,
      series.learningRates(i),
    ]),
  ];
  return toCsv(
    columns.map(([name]) => name),
    Array.from({ length: series.length }, (_, row) => columns.map(([, values]) => values[row])),
  );
}

/** Steps in the terminal's form (step, loss, task_losses, learning_rates), and all evaluations. */
export function metricsJson(series: RunSeries, evaluations: readonly EvaluationEvent[]): string {
  const named = (names: readonly string[], value: (index: number) => number | undefined) =>
    Object.fromEntries(names.map((name, i) => [name, value(i)]));
  const taskLosses = series.tasks.map((_, i) => series.taskLosses(i));
  const rates = series.groups.map((_, i) => series.learningRates(i));
  const steps = Array.from({ length: series.length }, (_, row) => ({
    step: series.steps[row],
    loss: series.losses[row],
    task_losses: named(series.tasks, (i) => taskLosses[i]?.[row]),
    learning_rates: named(series.groups, (i) => rates[i]?.[row]),
  }));
  return `${JSON.stringify({ steps, evaluations }, null, 1)}\n`;
}
