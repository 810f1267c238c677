/** rectify_labels: an engagement counts only if impression and engagement came soon enough after serving. */
import type { DataConfig } from '../../config/recap-config.ts';
import type { RawBlock, RawColumn } from '../example.ts';

type RectifyConfig = NonNullable<NonNullable<DataConfig['preprocess']>['rectify_labels']>;

const MILLISECONDS_PER_HOUR = 3_600_000;

/** time − since at a row; exact where the two are integers that a double would round. */
function elapsed(time: RawColumn, since: RawColumn, row: number): number {
  const [a, b] = [time.wholeAt(row, 0), since.wholeAt(row, 0)];
  if (a === null && b === null) return time.at(row, 0) - since.at(row, 0);
  return Number((a ?? BigInt(Math.trunc(time.at(row, 0)))) - (b ?? BigInt(Math.trunc(since.at(row, 0)))));
}

/**
 * Sets a label to 0 unless it is positive, impressed − served < window and engaged − served < window; the fields are
 * times in milliseconds. In place, for the labels that have an engagement field.
 */
export function rectifyLabels(block: RawBlock, config: RectifyConfig): void {
  const window = Math.trunc(config.label_rectification_window_in_hours * MILLISECONDS_PER_HOUR);
  const served = block.columns.get(config.served_timestamp_field);
  const impressed = block.columns.get(config.impressed_timestamp_field);
  for (const [label, field] of Object.entries(config.label_to_engaged_timestamp_field)) {
    const labels = block.columns.get(label);
    const engaged = block.columns.get(field);
    if (!served || !impressed || !labels || !engaged) continue;
    for (let i = 0; i < block.size; i++) {
      const row = block.rowAt(i);
      const keep =
        labels.at(row, 0) > 0 &&
        elapsed(impressed, served, row) < window &&
        elapsed(engaged, served, row) < window;
      if (!keep) labels.data[row * labels.stride] = 0;
    }
  }
}
