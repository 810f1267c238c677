/** A kept run's steps as a file to take away: the folder's own JSON Lines, or CSV, made in pieces. */
import { csvRow } from '../formats/csv.ts';
import type { SeriesNames } from './metrics-lines.ts';
import type { RunFolder } from './run-folder.ts';

export type MetricsFormat = 'jsonl' | 'csv';

/**
 * Pieces of the file. CSV has the columns step, examples, elapsed_ms, loss, one loss per task, one learning rate per
 * group.
 * @throws MetricsLineError naming a line that can't be read.
 */
export async function* metricsFile(
  folder: RunFolder,
  names: SeriesNames,
  format: MetricsFormat,
): AsyncGenerator<string, void, undefined> {
  if (format === 'jsonl') {
    for await (const piece of folder.metricsText()) yield piece;
    return;
  }
  yield csvRow([
    'step',
    'examples',
    'elapsed_ms',
    'loss',
    ...names.tasks.map((task) => `loss/${task}`),
    ...names.groups.map((group) => `learning_rate/${group}`),
  ]);
  for await (const events of folder.steps(names)) {
    yield events
      .map(({ step, examples, elapsedMs, loss, taskLosses, learningRates }) =>
        csvRow([step, examples, elapsedMs, loss, ...taskLosses, ...learningRates]),
      )
      .join('');
  }
}
