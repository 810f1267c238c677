/** The weights that come with the page: that they are the committed ones, fit the default model, and know something. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from '../config/parse-config.ts';
import type { RecapConfig } from '../config/recap-config.ts';
import { parseDataSchema } from '../data/data-schema.ts';
import { planData } from '../data/layout.ts';
import { parseTeacherConfig } from '../data/synthesis/parse-teacher-config.ts';
import { createTeacher } from '../data/synthesis/teacher.ts';
import { teacherSource } from '../data/teacher-source.ts';
import { predictPlainly } from '../engines/oracle/predict.ts';
import { OracleEngine } from '../engines/oracle/oracle.ts';
import { modelGraph } from '../graph/model-graph.ts';
import { Auroc } from '../metrics/auroc.ts';
import { sampleTweets } from '../ranking/scenarios/index.ts';
import { otherModel } from '../runs/pretrained.ts';
import type { PretrainedNote } from '../runs/pretrained.ts';
import { importWeights } from '../training/checkpoint.ts';
import { predictPretrained } from './pretrained-host.ts';
import type { PretrainedRequest } from './pretrained-protocol.ts';

const read = (path: string) => readFileSync(new URL(`../../configs/${path}`, import.meta.url));
const text = read('playground.yaml').toString();
const schema = parseDataSchema(read('playground-segdense.json').toString());
const { config: settings } = parseTeacherConfig(read('data/easy.yaml').toString());
if (!settings) throw new Error('the teacher is broken');
const weights = read('pretrained/playground.safetensors');
const note = JSON.parse(read('pretrained/playground.json').toString()) as PretrainedNote;

const configOf = (yaml: string): RecapConfig => {
  const { config } = parseRecapConfig(yaml);
  if (!config) throw new Error('the configuration is broken');
  return config;
};
const request = (
  bytes: Uint8Array = weights,
  change: Partial<PretrainedRequest> = {},
): PretrainedRequest => ({
  weights: Uint8Array.from(bytes).buffer,
  note,
  config: configOf(text),
  features: schema.features,
  teacher: settings,
  tweets: sampleTweets,
  ...change,
});

describe('pretrained weights', () => {
  it('are small, and of the whole schedule of the default configuration', () => {
    expect(weights.length).toBeLessThanOrEqual(200 * 1024);
    expect(note.steps).toBe(configOf(text).training.num_train_steps);
    expect(Object.keys(note.auroc)).toEqual(Object.keys(configOf(text).model.tasks));
    expect(note.command).toContain(`--seed ${note.seed}`);
  });

  it('give probabilities for every sample tweet, as the float64 oracle does, and not the same for all', async () => {
    const { tasks, probabilities, step } = predictPretrained(request());
    expect(step).toBe(note.steps);
    expect(probabilities).toHaveLength(sampleTweets.length * tasks.length);
    expect(probabilities.every((p) => p > 0 && p < 1)).toBe(true);
    for (const [column] of tasks.entries()) {
      const ofTask = sampleTweets.map((_, row) => probabilities[row * tasks.length + column] ?? NaN);
      expect(Math.max(...ofTask) / Math.min(...ofTask)).toBeGreaterThan(1.5);
    }
    expect(predictPretrained(request()).probabilities).toEqual(probabilities);
  });

  it('know the teacher: on examples they never saw every head ranks far better than chance', async () => {
    const config = configOf(text);
    const tasks = Object.keys(config.model.tasks);
    const data = { ...config.train_data, global_batch_size: 1024 };
    const plan = planData(data, schema, tasks);
    const graph = modelGraph(config, plan.layout);
    const { model } = importWeights(Uint8Array.from(weights), graph);
    const teacher = createTeacher(settings, plan.layout);
    const source = teacherSource(plan, { teacher, seed: 99, split: 'validation' });
    const batch = await source.next();
    if (!batch) throw new Error('no batch');
    const plain = predictPlainly(graph, model, batch);
    for (const [column, task] of tasks.entries()) {
      const auroc = new Auroc();
      const at = (values: Float32Array) =>
        Float32Array.from({ length: batch.size }, (_, row) => values[row * tasks.length + column] ?? NaN);
      auroc.update(at(plain.probabilities), at(batch.labels), null);
      const found = auroc.compute();
      expect(found.kind === 'value' ? found.value : NaN, task).toBeGreaterThan(0.65);
      expect(note.auroc[task], task).toBeGreaterThan(0.65);
    }
    const oracle = new OracleEngine({
      graph,
      adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      seed: 0,
      batchSize: batch.size,
    });
    await oracle.load(model);
    expect((await oracle.predict(batch)).calibrated).toEqual(plain.calibrated);
  });
});

describe('a file that is not theirs', () => {
  it('is refused by its size and its hash, before it is read', () => {
    expect(() => predictPretrained(request(weights.subarray(1)))).toThrow(
      expect.objectContaining({ name: 'PretrainedError', message: expect.stringContaining('bytes') }),
    );
    const other = Uint8Array.from(weights);
    other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
    expect(() => predictPretrained(request(other))).toThrow(
      expect.objectContaining({ name: 'PretrainedError', message: expect.stringContaining('SHA-256') }),
    );
  });

  it('is refused where the model has other shapes', () => {
    const wider = configOf(text.replace('output_size: 32', 'output_size: 48'));
    expect(() => predictPretrained(request(weights, { config: wider }))).toThrow(
      expect.objectContaining({ name: 'StateDictError', message: expect.stringContaining('_mask_blocks') }),
    );
  });
});

describe('otherModel', () => {
  const shown = (from: string | RegExp, to: string) => {
    expect(text.replace(from, to)).not.toBe(text);
    return otherModel(configOf(text), configOf(text.replace(from, to)));
  };

  it('names every key that makes another model', () => {
    expect(shown('output_size: 32', 'output_size: 48')).toEqual([
      'model.backbone.mask_net_config.mask_blocks[0].output_size',
      'model.backbone.mask_net_config.mask_blocks[1].output_size',
      'model.backbone.mask_net_config.mask_blocks[2].output_size',
      'model.backbone.mask_net_config.mask_blocks[3].output_size',
    ]);
    expect(shown('clip_magnitude: 5.0', 'clip_magnitude: 4.0')).toHaveLength(1);
    expect(shown('continuous_feature_truncation: 96', 'continuous_feature_truncation: 95')).toHaveLength(1);
  });

  it('lets everything differ that does not', () => {
    expect(shown('num_train_steps: 1500', 'num_train_steps: 10')).toEqual([]);
    expect(shown('learning_rate: 0.006', 'learning_rate: 0.01')).toEqual([]);
    expect(shown('global_batch_size: 128', 'global_batch_size: 64')).toEqual([]);
    expect(shown('recap.engagement.is_bookmarked: {}\n', '\n')).toEqual([]);
  });
});
