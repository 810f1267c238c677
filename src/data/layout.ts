/**
 * DataPlan: what a data section reads of its schema and what becomes of it: the columns to read, the widths after
 * truncation and masks, and every problem that the two have with each other.
 */
import type { DataConfig } from '../config/recap-config.ts';
import { DataConfigError, type DataProblem } from './data-problem.ts';
import type { DataSchema, FeatureSpec } from './data-schema.ts';
import { baseName } from './mask-files.ts';
import { preprocessProblems } from './preprocess/problems.ts';
import type { BatchLayout, InputName, Masks } from './recap-batch.ts';

export type { Masks } from './recap-batch.ts';

/** The model's tensors: name in `renamed_features`, and the feature that production has for it. */
export const TENSORS: readonly {
  readonly input: InputName;
  readonly name: string;
  readonly feature: string;
}[] = [
  { input: 'continuous', name: 'continuous', feature: 'home_recap_2022_cont__segdense_vals' },
  { input: 'binary', name: 'binary', feature: 'home_recap_2022_binary__segdense_vals' },
  { input: 'discrete', name: 'discrete', feature: 'home_recap_2022_discrete__segdense_vals' },
  {
    input: 'userEmbedding',
    name: 'user_embedding',
    feature: 'user.timelines.twhin_user_follow_embeddings.twhin_user_follow_embeddings',
  },
  {
    input: 'userEngEmbedding',
    name: 'user_eng_embedding',
    feature: 'user.timelines.twhin_user_engagement_embeddings.twhin_user_engagement_embeddings',
  },
  {
    input: 'authorEmbedding',
    name: 'author_embedding',
    feature: 'original_author.timelines.twhin_author_follow_embeddings.twhin_author_follow_embeddings',
  },
];

const NO_MASKS: Masks = { continuous: null, binary: null };

/** One feature that is read from records, or drawn. */
export interface ColumnSpec {
  /** Its name after `renamed_features`. */
  readonly name: string;
  /** Its name in the records and the schema. */
  readonly feature: string;
  readonly kind: 'float_list' | 'int64_list';
  readonly role: 'tensor' | 'label' | 'field';
  /** Values of one example in the record. */
  readonly rawLength: number;
  /** Values after truncation, before a mask. */
  readonly kept: number;
  /** The columns among the kept ones that a mask leaves, or null for all. */
  readonly mask: Int32Array | null;
  /** Whether anything reads its values: ids and other tasks' labels are skipped in records, and never checked. */
  readonly read: boolean;
  /** Whether the model can do without it: a label of another task. */
  readonly optional: boolean;
}

export interface DataPlan {
  readonly config: DataConfig;
  readonly schema: DataSchema;
  readonly layout: BatchLayout;
  /** In the schema's order, which is also the order in which random examples are drawn. */
  readonly columns: readonly ColumnSpec[];
  /** Raw examples that make one batch: global_batch_size times the batch_multiplier of downsample_negatives. */
  readonly rawBatchSize: number;
}

type Wanted = Pick<ColumnSpec, 'name' | 'role' | 'optional'> & { readonly path: DataProblem['path'] };

/**
 * The features that the data section uses, by their name in the schema: those of `renamed_features` and `features`, and
 * the labels, as in the reference. Nothing is read that the section does not name.
 */
function wantedFeatures(
  config: DataConfig,
  tasks: readonly string[],
  report: (path: DataProblem['path'], message: string) => void,
): Map<string, Wanted> {
  const { features, renamed_features: renamed } = config.seg_dense_schema;
  const wanted = new Map<string, Wanted>();
  const tensorNames = new Set(TENSORS.map((tensor) => tensor.name));
  for (const [name, feature] of Object.entries(renamed)) {
    const path = ['seg_dense_schema', 'renamed_features', name];
    const other = wanted.get(feature);
    if (other) {
      report(path, `"${feature}" is renamed to ${other.name} already. Take one of the two out.`);
      continue;
    }
    wanted.set(feature, { name, role: tensorNames.has(name) ? 'tensor' : 'field', optional: false, path });
  }
  for (const [i, name] of features.entries()) {
    if (!wanted.has(name)) {
      wanted.set(name, { name, role: 'field', optional: false, path: ['seg_dense_schema', 'features', i] });
    }
  }
  for (const name of Object.keys(config.tasks)) {
    wanted.set(name, { name, role: 'label', optional: !tasks.includes(name), path: ['tasks', name] });
  }
  const rectify = config.preprocess?.rectify_labels;
  if (rectify) {
    const named = new Set([...wanted.values()].map((w) => w.name));
    const at = (...keys: string[]) => ['preprocess', 'rectify_labels', ...keys];
    const fields: [string, string[]][] = [
      [rectify.served_timestamp_field, at('served_timestamp_field')],
      [rectify.impressed_timestamp_field, at('impressed_timestamp_field')],
      ...Object.entries(rectify.label_to_engaged_timestamp_field).map(
        ([label, field]): [string, string[]] => [field, at('label_to_engaged_timestamp_field', label)],
      ),
    ];
    for (const [name, path] of fields) {
      if (!named.has(name)) wanted.set(name, { name, role: 'field', optional: false, path });
    }
  }
  return wanted;
}

/** Names of columns whose values something reads: the tensors, the model's labels, and what preprocessing names. */
function readNames(config: DataConfig, tasks: readonly string[]): ReadonlySet<string> {
  const { preprocess } = config;
  const rectify = preprocess?.rectify_labels;
  return new Set([
    ...TENSORS.map(({ name }) => name),
    ...tasks,
    ...(preprocess?.downsample_negatives?.engagements_list ?? []),
    ...(rectify ? [rectify.served_timestamp_field, rectify.impressed_timestamp_field] : []),
    ...Object.values(rectify?.label_to_engaged_timestamp_field ?? {}),
    ...(preprocess?.extract_features?.extract_feature_table ?? []).map((row) => row.source_tensor),
  ]);
}

function truncationOf(config: DataConfig, name: string): number | null {
  const truncate = config.preprocess?.truncate_and_slice;
  if (name === 'continuous') return truncate?.continuous_feature_truncation ?? null;
  return name === 'binary' ? (truncate?.binary_feature_truncation ?? null) : null;
}

function columnOf(
  wanted: Wanted,
  read: boolean,
  spec: FeatureSpec,
  config: DataConfig,
  masks: Masks,
  report: (path: DataProblem['path'], message: string) => void,
): ColumnSpec | null {
  const { name, role, optional, path } = wanted;
  const { name: feature, kind, length } = spec;
  const isNumeric = kind === 'int64_list' || kind === 'float_list';
  // What nobody reads is skipped in the records, whatever it is.
  if (!read && (!isNumeric || length < 1 || (role === 'label' && length !== 1))) return null;
  if (!isNumeric) {
    const what =
      kind === 'bytes_list' ? 'is a bytes_list' : 'has another dtype than int64_list and float_list';
    report(path, `"${feature}" ${what}, only numbers can be read. Correct the schema or take it out.`);
    return null;
  }
  if (length < 1 || (role === 'label' && length !== 1)) {
    const need = role === 'label' ? 'a label has one value' : 'lists of any length are not supported';
    report(
      path,
      `"${feature}" has length ${length} in the schema; ${need}. Correct the schema or take it out.`,
    );
    return null;
  }
  const truncation = truncationOf(config, name);
  if (truncation !== null && truncation > length) {
    report(
      ['preprocess', 'truncate_and_slice', `${name}_feature_truncation`],
      `${truncation} columns are more than the ${length} that "${feature}" has in the schema. Use at most ${length}.`,
    );
  }
  const kept = Math.min(truncation ?? length, length);
  let mask = name === 'continuous' ? masks.continuous : name === 'binary' ? masks.binary : null;
  const beyond = mask?.find((column) => column >= kept);
  if (beyond !== undefined) {
    report(
      ['preprocess', 'truncate_and_slice', `${name}_feature_mask_path`],
      `The mask keeps column ${beyond}, but only ${kept} columns are left. Use a mask of ${kept} columns.`,
    );
    mask = null;
  }
  return { name, feature, kind, role, rawLength: length, kept, mask, read, optional };
}

function resolve(config: DataConfig, schema: DataSchema, tasks: readonly string[], masks: Masks) {
  const problems: DataProblem[] = [];
  const report = (path: DataProblem['path'], message: string) => problems.push({ path, message });
  for (const task of tasks) {
    if (!Object.hasOwn(config.tasks, task)) {
      report(
        ['tasks'],
        `The model's task "${task}" is not among the data's tasks. Add it here or take it from the model.`,
      );
    }
  }
  const wanted = wantedFeatures(config, tasks, report);
  const read = readNames(config, tasks);
  for (const [feature, { path }] of wanted) {
    if (!schema.byName.has(feature)) {
      const file = config.seg_dense_schema.schema_path;
      report(
        path,
        `"${feature}" is not in the data schema ${file}. Correct the name, or add it to the schema.`,
      );
    }
  }
  const columns: ColumnSpec[] = [];
  for (const spec of schema.features) {
    const use = wanted.get(spec.name);
    const column = use && columnOf(use, read.has(use.name), spec, config, masks, report);
    if (column) columns.push(column);
  }
  const widthOf = (name: string) => {
    const column = columns.find((c) => c.name === name && c.role === 'tensor');
    return column ? (column.mask?.length ?? column.kept) : 0;
  };
  for (const name of ['continuous', 'binary']) {
    if (widthOf(name) === 0 && !Object.hasOwn(config.seg_dense_schema.renamed_features, name)) {
      const message = `No feature is named for the tensor ${name}. Add "${name}: ${productionFeature(name, schema)}".`;
      report(['seg_dense_schema', 'renamed_features'], message);
    }
  }
  const truncate = config.preprocess?.truncate_and_slice;
  for (const name of ['continuous', 'binary'] as const) {
    const file = truncate?.[`${name}_feature_mask_path`];
    if (file && !masks[name]) {
      const path = ['preprocess', 'truncate_and_slice', `${name}_feature_mask_path`];
      report(
        path,
        `The mask file ${baseName(file)} is not there. Add it to the data (.npy, as numpy.save writes it), or correct the name.`,
      );
    }
  }
  problems.push(...preprocessProblems(config, columns, widthOf, tasks));
  const layout: BatchLayout = {
    ...tensorWidths(widthOf),
    tasks: [...tasks],
    ...(masks.continuous || masks.binary ? { masks } : {}),
  };
  const rawBatchSize =
    config.global_batch_size * (config.preprocess?.downsample_negatives?.batch_multiplier ?? 1);
  return { plan: { config, schema, layout, columns, rawBatchSize } satisfies DataPlan, problems };
}

/** What to write for a tensor: production's feature where the schema has it. */
function productionFeature(name: string, schema: DataSchema): string {
  const feature = TENSORS.find((tensor) => tensor.name === name)?.feature;
  return feature !== undefined && schema.byName.has(feature) ? feature : 'FEATURE';
}

/** Widths by a batch's own names. @param widthOf width of a tensor by the reference's name, 0 where it is not there. */
export function tensorWidths(widthOf: (name: string) => number) {
  return {
    continuous: widthOf('continuous'),
    binary: widthOf('binary'),
    discrete: widthOf('discrete'),
    userEmbedding: widthOf('user_embedding'),
    userEngEmbedding: widthOf('user_eng_embedding'),
    authorEmbedding: widthOf('author_embedding'),
  };
}

/** Everything that keeps the data section from working with this schema, in the order of discovery. */
export function dataProblems(
  config: DataConfig,
  schema: DataSchema,
  tasks: readonly string[],
  masks: Masks = NO_MASKS,
): DataProblem[] {
  return resolve(config, schema, tasks, masks).problems;
}

/**
 * The plan for reading this section's data for a model's tasks.
 * @throws DataConfigError with all problems: a feature missing in the schema, a truncation beyond its length, ….
 */
export function planData(
  config: DataConfig,
  schema: DataSchema,
  tasks: readonly string[],
  masks: Masks = NO_MASKS,
): DataPlan {
  const { plan, problems } = resolve(config, schema, tasks, masks);
  if (problems.length > 0) throw new DataConfigError(problems);
  return plan;
}

/** Widths of the batches after truncation and masks. @throws DataConfigError as planData does. */
export function batchLayout(
  config: DataConfig,
  schema: DataSchema,
  tasks: readonly string[],
  masks: Masks = NO_MASKS,
): BatchLayout {
  return planData(config, schema, tasks, masks).layout;
}
