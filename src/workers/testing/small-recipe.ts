/** A small model's recipe, and streams of it, for tests of the workers' hosts. */
import { readFileSync } from 'node:fs';
import { Document, parseDocument } from 'yaml';
import type { YAMLMap } from 'yaml';
import { parseDataSchema } from '../../data/data-schema.ts';
import { defaultTeacherConfig } from '../../data/synthesis/teacher-config.ts';
import type { RunData, RunRecipe } from '../../runs/manifest.ts';
import { recipeSchemaOf } from '../../runs/recipe-forms.ts';
import { NO_FILES, TRAIN } from '../../runs/streams.ts';
import type { StreamSection } from '../../runs/streams.ts';
import type { StreamRequest } from '../protocol.ts';

const read = (file: string): string =>
  readFileSync(new URL(`../../../configs/${file}`, import.meta.url), 'utf8');

const schema = parseDataSchema(read('playground-segdense.json'));
/** Small, so that the whole file takes seconds. */
const text = smallConfig((config) => {
  config.setIn(['training', 'num_train_steps'], 12);
  config.setIn(['training', 'eval_log_every_n'], 6);
  config.setIn(['training', 'num_eval_steps'], 2);
  config.setIn(['training', 'checkpoint_every_n'], 4);
});

export const lenientText = smallConfig((config) => config.setIn(['train_data', 'ignore_data_errors'], true));

/** playground.yaml with one MaskBlock, three heads (one with dropout), batches of 32 and one partition. */
export function smallConfig(change: (config: Document) => void): string {
  const whole = parseDocument(read('playground.yaml'), { merge: true }).toJS() as Record<string, never>;
  const config = new Document(whole, { aliasDuplicateObjects: false });
  const blocks = ['model', 'backbone', 'mask_net_config', 'mask_blocks'];
  config.setIn(blocks, [config.getIn([...blocks, 0])]);
  const heads = ['is_favorited', 'is_negative_feedback_v2', 'is_replied'].map(
    (name) => `recap.engagement.${name}`,
  );
  for (const place of [
    ['model', 'tasks'],
    ['optimizer', 'multi_task_learning_rates', 'tower_learning_rates'],
  ]) {
    const all = config.getIn(place) as YAMLMap;
    all.items = all.items.filter(({ key }) => heads.includes(String(key)));
  }
  config.setIn(['train_data', 'global_batch_size'], 32);
  const partition = config.getIn(['validation_data', 'validation']) as YAMLMap;
  partition.set('global_batch_size', 32);
  config.setIn(['validation_data'], { validation: partition.toJSON() as unknown });
  change(config);
  return config.toString();
}

export const teacher: RunData = {
  kind: 'teacher',
  preset: null,
  settings: defaultTeacherConfig,
  examples: null,
};

export interface StreamChange {
  readonly config?: string;
  readonly masks?: RunRecipe['masks'];
}

export function recipe(data: RunData = teacher, change: StreamChange = {}): RunRecipe {
  return {
    config: text,
    steps: null,
    data,
    schema: recipeSchemaOf('playground-segdense.json', schema),
    masks: [],
    seeds: { weights: 5, data: 3 },
    engine: { choice: 'tfjs-wasm', precision: 'float32', noisyShifts: false },
    warmStart: null,
    ...change,
  };
}

export const validation: StreamSection = { kind: 'partition', partition: 'validation' };

export const stream = (section: StreamSection = TRAIN): StreamRequest => ({
  recipe: recipe(),
  section,
  files: NO_FILES,
});

/** A stream of own files. */
export function ofFiles(files: readonly File[], change: StreamChange = {}): StreamRequest {
  const named = files.map(({ name, size }) => ({ name, size, sha256: null }));
  const data: RunData = { kind: 'files', files: named, shuffle: true, heldOut: true, validation: {} };
  return { recipe: recipe(data, change), section: TRAIN, files: { train: files, validation: {} } };
}
