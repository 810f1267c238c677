/** What a data section asks for that a teacher cannot give: named, where ignoring it would train on other data. */
import type { DataProblem } from './data-problem.ts';
import type { DataPlan } from './layout.ts';
import { teacherTasks } from './synthesis/tasks.ts';

/** Everything that keeps a section's preprocessing from working on synthetic examples. */
export function teacherProblems({ config, columns, layout }: DataPlan): DataProblem[] {
  const problems: DataProblem[] = [];
  const { preprocess } = config;
  const fields = new Set(columns.filter(({ role }) => role === 'field').map(({ name }) => name));
  if (preprocess?.rectify_labels) {
    const message =
      'The teacher writes no timestamps, so no label can be rectified. Take rectify_labels out, or use own files.';
    problems.push({ path: ['preprocess', 'rectify_labels'], message });
  }
  for (const [i, row] of (preprocess?.extract_features?.extract_feature_table ?? []).entries()) {
    const at = (key: string) => ['preprocess', 'extract_features', 'extract_feature_table', i, key];
    if (layout.tasks.includes(row.name)) {
      const message = `"${row.name}" is a label that the teacher draws; a column in its place would have nothing to do with the teacher's probabilities. Choose another name, or use own files.`;
      problems.push({ path: at('name'), message });
    }
    if (fields.has(row.source_tensor)) {
      const message = `The teacher does not write "${row.source_tensor}". Extract from a tensor of the model, or use own files.`;
      problems.push({ path: at('source_tensor'), message });
    }
  }
  for (const [i, label] of (preprocess?.downsample_negatives?.engagements_list ?? []).entries()) {
    if (teacherTasks.includes(label)) continue;
    const message = `The teacher gives no label "${label}". Take it out, or use own files.`;
    problems.push({ path: ['preprocess', 'downsample_negatives', 'engagements_list', i], message });
  }
  for (const [i, task] of config.evaluation_tasks.entries()) {
    if (layout.tasks.includes(task)) continue;
    const message = `"${task}" is no task of the model, so no rows can be drawn for it. Add it to the model, or take it out.`;
    problems.push({ path: ['evaluation_tasks', i], message });
  }
  return problems;
}
