/**
 * What the reference's own training takes: its configuration, the data schema, masks, and a script that turns the weights
 * into a checkpoint of its kind.
 *
 * The reference stacks labels and weights in the order of `train_data.tasks` and then reads them by the model's order, so
 * that every head may train on another head's label. In the configuration written here the model's tasks come first in
 * train_data.tasks, in the model's order, and labels that no head has come after them: both orders are one.
 */
import { Document } from 'yaml';
import type { DataConfig, RecapConfig } from '../../config/recap-config.ts';
import type { DataPlan } from '../../data/layout.ts';
import type { ModelGraph } from '../../graph/graph.ts';
import { textFile } from '../export-file.ts';
import type { ExportFile } from '../export-file.ts';
import { INPUT_NAMES } from '../input-names.ts';
import { writeNpyMask } from '../npy.ts';
import { pythonLiteral } from '../pytorch/python.ts';
import { weightsPy } from '../pytorch/templates/weights.ts';
import { checkReference } from './limits.ts';
import { referenceReadme } from './readme.ts';
import { toReferencePy } from './script.ts';

export interface ReferenceInput {
  readonly graph: ModelGraph;
  readonly config: RecapConfig;
  readonly data: DataPlan;
  readonly schemaText: string;
  /** The weights as safetensors. */
  readonly weights: Uint8Array<ArrayBuffer>;
}

const SCHEMA = 'segdense.json';
/** Where data files go; the reference opens every one of them as gzip. */
export const REFERENCE_DATA = 'data';
const CHECKPOINT = 'checkpoint/0';

/** @throws ReferenceError naming the key that the reference can't train. */
export function referenceFiles({ graph, config, data, schemaText, weights }: ReferenceInput): ExportFile[] {
  checkReference(config, data);
  const shapes = graph.nodes.flatMap((node): [string, readonly number[]][] =>
    node.kind === 'input' ? [[INPUT_NAMES[node.tensor], [-1, node.width]]] : [],
  );
  const script = toReferencePy.replace('SHAPES_GO_HERE', pythonLiteral(Object.fromEntries(shapes), 0, 9));
  const masks = data.columns.flatMap(({ name, mask, kept }) =>
    mask ? [{ path: maskFile(name), bytes: writeNpyMask(mask, kept) }] : [],
  );
  return [
    textFile('README.md', referenceReadme()),
    textFile('config.yaml', referenceConfig(config, data)),
    textFile(SCHEMA, schemaText),
    ...masks,
    { path: 'weights.safetensors', bytes: weights },
    textFile('weights.py', weightsPy),
    textFile('to_reference.py', script),
  ];
}

const maskFile = (tensor: string) => `masks/${tensor}.npy`;

/** The configuration as the reference's parser takes it: no nulls, no variables, paths in this folder. */
export function referenceConfig(config: RecapConfig, plan: DataPlan): string {
  const { train_data: train, validation_data: validation, training } = config;
  const section = (data: DataConfig) => dataSection(data, plan, Object.keys(config.model.tasks));
  const value = {
    ...config,
    training: { ...training, save_dir: 'runs', initial_checkpoint_dir: CHECKPOINT },
    train_data: section(train),
    validation_data: Object.fromEntries(
      Object.entries(validation).map(([name, partition]) => [name, section(partition)]),
    ),
  };
  // YAML 1.1, as PyYAML reads it: yes, on and 1:30 are quoted where they are text.
  const text = new Document(withoutNulls(value), { version: '1.1', aliasDuplicateObjects: false }).toString({
    directives: false,
    lineWidth: 0,
  });
  // PyYAML takes 1e-7 for text; and string.Template makes one dollar of two.
  return text.replace(/(: |- )(-?\d+)(e[-+]\d+)$/gm, '$1$2.0$3').replaceAll('$', '$$$$');
}

function dataSection(data: DataConfig, plan: DataPlan, modelTasks: readonly string[]) {
  const others = Object.keys(data.tasks).filter((task) => !modelTasks.includes(task));
  const tensors = plan.columns.filter(({ role }) => role === 'tensor');
  const truncate = data.preprocess?.truncate_and_slice;
  return {
    ...data,
    inputs: `${REFERENCE_DATA}/*.gz`,
    explicit_datetime_inputs: null,
    explicit_date_inputs: null,
    data_service_dispatcher: null,
    seg_dense_schema: {
      ...data.seg_dense_schema,
      schema_path: SCHEMA,
      // The reference reads no tensor that is not named here.
      renamed_features: {
        ...Object.fromEntries(tensors.map(({ name, feature }) => [name, feature])),
        ...data.seg_dense_schema.renamed_features,
      },
    },
    tasks: Object.fromEntries([...modelTasks, ...others].map((task) => [task, data.tasks[task] ?? {}])),
    preprocess: data.preprocess && {
      ...data.preprocess,
      truncate_and_slice: truncate && {
        ...truncate,
        continuous_feature_mask_path: truncate.continuous_feature_mask_path && maskFile('continuous'),
        binary_feature_mask_path: truncate.binary_feature_mask_path && maskFile('binary'),
      },
    },
  };
}

/** Absent keys are left out: the reference refuses null where a list is expected. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null && inner !== undefined)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}
