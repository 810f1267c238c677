/** Whether a configuration fits its data: what the schema of the file, the masks and the graph have against it. */
import type { ConfigPath } from '../config/config-path.ts';
import type { PathProblem } from '../config/messages.ts';
import type { DataConfig, RecapConfig } from '../config/recap-config.ts';
import type { DataSchema } from '../data/data-schema.ts';
import { dataProblems, planData } from '../data/layout.ts';
import type { DataPlan } from '../data/layout.ts';
import { masksOf } from '../data/mask-files.ts';
import type { MaskFiles } from '../data/mask-files.ts';
import { teacherProblems } from '../data/teacher-problems.ts';
import { GraphError } from '../graph/build.ts';
import { modelGraph } from '../graph/model-graph.ts';

/** The data that a configuration is to be used with. */
export interface DataAtHand {
  readonly schema: DataSchema;
  /** The files that masks name. */
  readonly masks?: MaskFiles;
  /** Whether a teacher draws the examples: it cannot give all that a file can. */
  readonly teacher: boolean;
}

/** Maps whose keys are the names of labels and features: what is wrong with such an entry is its key. */
const NAMED_BY_KEY: readonly unknown[] = ['tasks', 'mask_mantissa_features', 'features'];

/**
 * Every error of a configuration that only its data shows, at its path: a truncation beyond the schema's length, a
 * feature that is not there, a stratifier's column out of range, layers that cannot be built on these widths.
 */
export function fitProblems(config: RecapConfig, data: DataAtHand): PathProblem[] {
  const trained = sectionProblems(['train_data'], config.train_data, config, data);
  const evaluated = Object.entries(config.validation_data).flatMap(([name, section]) =>
    sectionProblems(['validation_data', name], section, config, data),
  );
  // Without a plan there are no widths to check the model against.
  if (trained.length > 0) return [...trained, ...evaluated];
  const plan = planOf(config.train_data, config, data);
  return [...evaluated, ...stratifierProblems(config, plan), ...graphProblems(config, plan)];
}

function planOf(section: DataConfig, config: RecapConfig, { schema, masks }: DataAtHand): DataPlan {
  return planData(section, schema, Object.keys(config.model.tasks), masksOf(section, masks));
}

function sectionProblems(
  at: ConfigPath,
  section: DataConfig,
  config: RecapConfig,
  data: DataAtHand,
): PathProblem[] {
  const tasks = Object.keys(config.model.tasks);
  const found = dataProblems(section, data.schema, tasks, masksOf(section, data.masks));
  if (found.length === 0 && data.teacher) found.push(...teacherProblems(planOf(section, config, data)));
  return found.map(({ path, message }) => {
    const byKey = typeof path.at(-1) === 'string' && NAMED_BY_KEY.includes(path.at(-2));
    return { severity: 'error', path: [...at, ...path], message, place: byKey ? 'key' : 'value' };
  });
}

function stratifierProblems({ model }: RecapConfig, { layout: { discrete } }: DataPlan): PathProblem[] {
  return (model.stratifiers ?? []).flatMap(({ name, index }, i) => {
    if (index < discrete) return [];
    const mend = discrete > 0 ? `use at most ${discrete - 1}` : 'take the stratifier out';
    return {
      severity: 'error',
      path: ['model', 'stratifiers', i, 'index'],
      message: `Stratifier ${name} reads column ${index} of the discrete tensor, which has ${discrete} here: ${mend}.`,
      place: 'value',
    };
  });
}

function graphProblems(config: RecapConfig, { layout }: DataPlan): PathProblem[] {
  try {
    modelGraph(config, layout);
    return [];
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return [{ severity: 'error', path: error.path, message: error.message, place: 'key' }];
  }
}
