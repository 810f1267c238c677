/** What a configuration takes of each tensor in the data: how long it is in a record, what is kept, what is named. */
import type { RecapConfig } from '../../src/config/recap-config.ts';
import { catalogue } from '../../src/data/catalogue/catalogue.ts';
import type { DataSchema } from '../../src/data/data-schema.ts';
import { planData, TENSORS } from '../../src/data/layout.ts';
import { masksOf, type MaskFiles } from '../../src/data/mask-files.ts';
import type { ColumnSpec } from '../../src/data/layout.ts';
import { modelGraph } from '../../src/graph/model-graph.ts';

export interface TensorUse {
  /** The model's name of the tensor, such as user_embedding. */
  readonly name: string;
  /** Its feature in the records; null where the data has none. */
  readonly feature: string | null;
  /** Values of one example in a record. */
  readonly rawLength: number;
  /** Values left after truncation and mask. */
  readonly kept: number;
  /** Kept columns that the catalogue names; null for embeddings, whose columns have no names. */
  readonly named: number | null;
  /** Whether the network reads it. */
  readonly read: boolean;
}

export interface DataUse {
  readonly tensors: readonly TensorUse[];
  /** Labels in the data, and whether the model has a head for each. */
  readonly labels: readonly { readonly task: string; readonly head: boolean }[];
  /** Everything else that is read of a record: ids, timestamps. */
  readonly fields: readonly string[];
}

function namedColumns(name: string, { kept, mask }: ColumnSpec): number | null {
  if (name.endsWith('embedding')) return null;
  return catalogue.filter(
    ({ tensor, column }) => tensor === name && (mask ? mask.includes(column) : column < kept),
  ).length;
}

/** @throws DataConfigError or GraphError naming the key, when configuration and data do not fit. */
export function dataUse(config: RecapConfig, schema: DataSchema, masks: MaskFiles): DataUse {
  const tasks = Object.keys(config.model.tasks);
  const plan = planData(config.train_data, schema, tasks, masksOf(config.train_data, masks));
  const graph = modelGraph(config, plan.layout);
  const inputs = new Set(graph.nodes.flatMap((node) => (node.kind === 'input' ? [node.tensor] : [])));
  return {
    tensors: TENSORS.map(({ input, name }) => {
      const column = plan.columns.find((spec) => spec.role === 'tensor' && spec.name === name);
      if (!column) return { name, feature: null, rawLength: 0, kept: 0, named: null, read: false };
      return {
        name,
        feature: column.feature,
        rawLength: column.rawLength,
        kept: column.mask?.length ?? column.kept,
        named: namedColumns(name, column),
        read: inputs.has(input),
      };
    }),
    labels: plan.columns
      .filter(({ role }) => role === 'label')
      .map(({ name }) => ({ task: name, head: tasks.includes(name) })),
    fields: plan.columns.filter(({ role }) => role === 'field').map(({ name }) => name),
  };
}
