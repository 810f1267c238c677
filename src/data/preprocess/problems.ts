/** What the preprocessors ask of the data section beyond its schema: fields and labels that exist, columns in range. */
import type { DataConfig } from '../../config/recap-config.ts';
import type { DataProblem } from '../data-problem.ts';

interface Named {
  readonly name: string;
  readonly role: 'tensor' | 'label' | 'field';
  readonly kept: number;
}

/**
 * Problems of downcast, mask_mantissa_features, rectify_labels, extract_features and downsample_negatives.
 * @param widthOf the width of a tensor after truncation and mask.
 */
export function preprocessProblems(
  config: DataConfig,
  columns: readonly Named[],
  widthOf: (tensor: string) => number,
  tasks: readonly string[],
): DataProblem[] {
  const problems: DataProblem[] = [];
  const names = new Map(columns.map((column) => [column.name, column]));
  const known = (name: string, path: (string | number)[], what: string) => {
    if (names.has(name)) return true;
    problems.push({
      path,
      message: `There is no ${what} "${name}" in the data. Use one of ${[...names.keys()].join(', ')}.`,
    });
    return false;
  };
  for (const name of Object.keys(config.seg_dense_schema.mask_mantissa_features)) {
    known(name, ['seg_dense_schema', 'mask_mantissa_features', name], 'feature');
  }
  const { preprocess } = config;
  if (!preprocess) return problems;
  const at = (...keys: (string | number)[]) => ['preprocess', ...keys];
  for (const name of Object.keys(preprocess.downcast?.features ?? {}))
    known(name, at('downcast', 'features', name), 'feature');

  for (const label of Object.keys(preprocess.rectify_labels?.label_to_engaged_timestamp_field ?? {})) {
    known(label, at('rectify_labels', 'label_to_engaged_timestamp_field', label), 'label');
  }
  for (const [i, row] of (preprocess.extract_features?.extract_feature_table ?? []).entries()) {
    const path = (key: string) => at('extract_features', 'extract_feature_table', i, key);
    if (names.get(row.name)?.role === 'tensor') {
      problems.push({
        path: path('name'),
        message: `"${row.name}" is a tensor of the model. Choose another name.`,
      });
    }
    if (!known(row.source_tensor, path('source_tensor'), 'tensor')) continue;
    const width = widthOf(row.source_tensor) || (names.get(row.source_tensor)?.kept ?? 0);
    if (row.index >= width) {
      const message = `"${row.source_tensor}" has ${width} columns here, so the last index is ${width - 1}.`;
      problems.push({ path: path('index'), message });
    }
  }
  const downsample = preprocess.downsample_negatives;
  if (!downsample) return problems;
  const path = (key: string, ...more: number[]) => at('downsample_negatives', key, ...more);
  if (downsample.batch_multiplier === null) {
    const message = 'How many batches to draw for one is missing. Add batch_multiplier.';
    problems.push({ path: at('downsample_negatives'), message });
  }
  if (downsample.engagements_list.length === 0) {
    problems.push({
      path: path('engagements_list'),
      message: 'No engagement is named, so nothing is positive. Add labels.',
    });
  }
  for (const [i, label] of downsample.engagements_list.entries()) {
    if (names.get(label)?.role !== 'label') {
      const message = `"${label}" is not among the data's tasks. Add it there or remove it here.`;
      problems.push({ path: path('engagements_list', i), message });
    }
  }
  const counts = [tasks.length, Object.keys(config.tasks).length];
  if (!counts.includes(downsample.num_engagements)) {
    const message = `The model has ${tasks.length} engagements, not ${downsample.num_engagements}. Write ${tasks.length}.`;
    problems.push({ path: path('num_engagements'), message });
  }
  return problems;
}
