/** Small data plans for tests. */
import { dataSchema, type DataConfig } from '../config/schema/data.ts';
import { type DataSchema, type FeatureSpec } from './data-schema.ts';
import { makeDataSchema } from './make-data-schema.ts';
import { planData, type DataPlan, type Masks } from './layout.ts';
import { LABEL } from './synthesis/tasks.ts';

export const LABELS = ['fav', 'reply', 'extra'];
/** The model's tasks: another order than the data's, one of the data's missing. */
export const TASKS = ['reply', 'fav'];

const float = (name: string, length: number): FeatureSpec => ({ name, kind: 'float_list', length });
const int = (name: string, length: number): FeatureSpec => ({ name, kind: 'int64_list', length });

export const SCHEMA: DataSchema = makeDataSchema([
  int('disc', 2),
  float('cont', 5),
  int('bin', 4),
  float('user', 3),
  float('eng', 3),
  float('author', 3),
  ...LABELS.map((label) => int(label, 1)),
  int('served', 1),
  int('impressed', 1),
  int('engaged', 1),
  float('more', 2),
  int('meta.tweet_id', 1),
  { name: 'text', kind: 'bytes_list', length: 1 },
  { name: 'odd', kind: 'other', length: 1 },
  int('list', -1),
]);

export interface Sections {
  readonly [key: string]: unknown;
}

/** Tensors and labels that a teacher can draw. */
export const TEACHER_SCHEMA: DataSchema = makeDataSchema([
  { name: 'cont', kind: 'float_list', length: 5 },
  { name: 'bin', kind: 'int64_list', length: 4 },
  { name: 'disc', kind: 'int64_list', length: 2 },
  ...['user', 'eng', 'author'].map((name) => ({ name, kind: 'float_list' as const, length: 4 })),
  ...[LABEL.favorited, LABEL.video].map((name) => ({ name, kind: 'int64_list' as const, length: 1 })),
]);
export const TEACHER_TASKS = [LABEL.favorited, LABEL.video];

/** A valid data section, with the given keys over it. */
export function dataConfig(over: Sections = {}): DataConfig {
  return dataSchema.parse({
    inputs: '*.gz',
    global_batch_size: 4,
    seg_dense_schema: {
      schema_path: 'segdense.json',
      renamed_features: {
        continuous: 'cont',
        binary: 'bin',
        discrete: 'disc',
        user_embedding: 'user',
        user_eng_embedding: 'eng',
        author_embedding: 'author',
      },
    },
    tasks: Object.fromEntries(LABELS.map((label) => [label, {}])),
    ...over,
  });
}

export function plan(over: Sections = {}, masks?: Masks): DataPlan {
  return planData(dataConfig(over), SCHEMA, TASKS, masks);
}
