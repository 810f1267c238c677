/** Rules between the sections: task names, learning rates, and widths that must agree. */
import { isPlainObject } from '../plain-object.ts';
import type { Report } from './fields.ts';

type PlainObject = Readonly<Record<string, unknown>>;

function child(value: unknown, ...path: readonly string[]): unknown {
  let here: unknown = value;
  for (const key of path) {
    if (!isPlainObject(here)) return undefined;
    here = here[key];
  }
  return here;
}

function keysOf(value: unknown): string[] | null {
  return isPlainObject(value) ? Object.keys(value) : null;
}

function checkDataTasks(config: PlainObject, modelTasks: readonly string[], report: Report): void {
  const dataTasks = keysOf(child(config, 'train_data', 'tasks'));
  if (!dataTasks) return;
  for (const task of modelTasks) {
    if (!dataTasks.includes(task)) {
      report(
        ['model', 'tasks', task],
        `${task} has a tower but no label: add it to train_data.tasks or remove the tower.`,
      );
    }
  }
}

function checkLearningRates(config: PlainObject, modelTasks: readonly string[], report: Report): void {
  const base = ['optimizer', 'multi_task_learning_rates'];
  const multi = child(config, ...base);
  if (isPlainObject(multi)) {
    const rates = keysOf(multi['tower_learning_rates']);
    const towers = [...base, 'tower_learning_rates'];
    if (rates) {
      const missing = modelTasks.filter((task) => !rates.includes(task));
      if (missing.length > 0)
        report(towers, `No learning rate for ${missing.join(', ')}: add one for each task.`);
      for (const task of rates.filter((name) => !modelTasks.includes(name))) {
        report(
          [...towers, task],
          `${task} is not a task of the model: remove it or add a tower to model.tasks.`,
        );
      }
    }
    if (multi['backbone_learning_rate'] === null) {
      report(
        base,
        'backbone_learning_rate is missing: everything outside the towers, such as the input norms, trains with it.',
      );
    }
  }
  const single = child(config, 'optimizer', 'single_task_learning_rate');
  if (single !== null && single !== undefined && modelTasks.length > 1) {
    report(
      ['optimizer', 'single_task_learning_rate'],
      `The model has ${modelTasks.length} tasks: use multi_task_learning_rates, or keep one task.`,
    );
  }
}

const TRUNCATIONS = ['continuous_feature_truncation', 'binary_feature_truncation'];
const SLICE = ['preprocess', 'truncate_and_slice'];

function truncation(section: unknown, key: string): number | 'absent' | 'broken' {
  const value = child(section, ...SLICE, key) ?? null;
  if (value === null) return 'absent';
  return typeof value === 'number' ? value : 'broken';
}

function checkPartitions(config: PlainObject, modelTasks: readonly string[], report: Report): void {
  const partitions = config['validation_data'];
  if (!isPlainObject(partitions)) return;
  for (const [name, partition] of Object.entries(partitions)) {
    if (!isPlainObject(partition) || !isPlainObject(config['train_data'])) continue;
    for (const key of TRUNCATIONS) {
      const trained = truncation(config['train_data'], key);
      const evaluated = truncation(partition, key);
      if (trained === evaluated || trained === 'broken' || evaluated === 'broken') continue;
      report(
        ['validation_data', name, ...SLICE, key],
        `${key} is ${evaluated} here and ${trained} in train_data: the model has one width, set both alike.`,
        evaluated === 'absent' ? 'key' : 'value',
      );
    }
    const evaluationTasks: unknown = partition['evaluation_tasks'];
    if (!Array.isArray(evaluationTasks)) continue;
    evaluationTasks.forEach((task: unknown, i) => {
      if (typeof task !== 'string' || modelTasks.includes(task)) return;
      if (!keysOf(partition['tasks'])?.includes(task)) return;
      report(
        ['validation_data', name, 'evaluation_tasks', i],
        `${task} has no tower, so it cannot be evaluated: remove it or add it to model.tasks.`,
        'value',
      );
    });
  }
}

function usesBatchNorm(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(usesBatchNorm);
  if (!isPlainObject(value)) return false;
  return Object.entries(value).some(
    ([key, inner]) =>
      ((key === 'batch_norm' || key === 'batch_norm_config') && isPlainObject(inner)) || usesBatchNorm(inner),
  );
}

/** All rules that need more than one section of the file. */
export function checkAcrossSections(config: PlainObject, report: Report): void {
  const modelTasks = keysOf(child(config, 'model', 'tasks'));
  if (modelTasks) {
    checkDataTasks(config, modelTasks, report);
    checkLearningRates(config, modelTasks, report);
    checkPartitions(config, modelTasks, report);
  }
  if (child(config, 'train_data', 'global_batch_size') === 1 && usesBatchNorm(config['model'])) {
    report(
      ['train_data', 'global_batch_size'],
      'BatchNorm needs at least 2 examples for a variance: raise the batch size or remove batch_norm.',
      'value',
    );
  }
}
