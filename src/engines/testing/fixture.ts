/**
 * The reference's numbers (test/fixtures) as an engine test needs them: graph, state dicts, batches with labels in the
 * model's order, and expected values. Reads through a caller's function, so that it works in Node and in browsers.
 */
import { parseRecapConfig } from '../../config/parse-config.ts';
import type { RecapBatch } from '../../data/recap-batch.ts';
import type { StateDict, StateTensor } from '../../formats/state-dict.ts';
import type { InputWidths } from '../../graph/build.ts';
import type { ModelGraph } from '../../graph/graph.ts';
import { modelGraph } from '../../graph/model-graph.ts';
import { readTensors } from './read-tensors.ts';
import type { AdamOptions, LearningRates } from '../engine.ts';

export const FIXTURES = ['parallel-share-all', 'serial-share-partial', 'mixed-share-none'] as const;
export type FixtureName = (typeof FIXTURES)[number];

/** Reads one file below test/fixtures. */
export type ReadFixtureFile = (path: string) => Promise<Uint8Array>;

export interface Fixture {
  readonly name: FixtureName;
  readonly graph: ModelGraph;
  readonly adam: AdamOptions;
  readonly initial: StateDict;
  readonly final: StateDict;
  /** After the same run in PyTorch in float64, rounded to float32 (scripts/float64-fixtures.ts). */
  readonly float64: StateDict;
  readonly batches: readonly RecapBatch[];
  /** By step. */
  readonly rates: readonly LearningRates[];
  /** A tensor of expected.safetensors. */
  readonly expected: (name: string) => Float32Array;
  /**
   * Expected gradients by parameter. The file calls them `grad_step0`, but they are the last step's: the fixtures' maker
   * kept references that training went on writing to, and they match the last batch on the parameters before its update.
   */
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/** Loads one folder. */
export async function loadFixture(name: FixtureName, read: ReadFixtureFile): Promise<Fixture> {
  const [yaml, initial, final, float64, batchBytes, expectedBytes] = await Promise.all(
    [
      'config.yaml',
      'initial.safetensors',
      'final.safetensors',
      'float64.safetensors',
      'batches.safetensors',
      'expected.safetensors',
    ].map((file) => read(`${name}/${file}`)),
  );
  if (!yaml || !initial || !final || !float64 || !batchBytes || !expectedBytes)
    throw new Error('a fixture file is missing');
  const { config, problems } = parseRecapConfig(new TextDecoder().decode(yaml));
  if (!config) throw new Error(`${name}/config.yaml: ${problems.map(({ message }) => message).join(' ')}`);
  const raw = readTensors(batchBytes);
  const expected = readTensors(expectedBytes);
  const first = (tensor: string) => column(raw, `0.${tensor}`);
  const truncation = config.train_data.preprocess?.truncate_and_slice;
  const truncated = (tensor: string, limit: number | null | undefined) =>
    Math.min(limit ?? Infinity, first(tensor));
  const widths: InputWidths = {
    continuous: truncated('continuous', truncation?.continuous_feature_truncation),
    binary: truncated('binary', truncation?.binary_feature_truncation),
    discrete: first('discrete'),
    userEmbedding: first('user_embedding'),
    userEngEmbedding: first('user_eng_embedding'),
    authorEmbedding: first('author_embedding'),
  };
  const graph = modelGraph(config, widths);
  const dataTasks = Object.keys(config.train_data.tasks);
  const columns = graph.outputs.map(({ task }) => dataTasks.indexOf(task));
  const weighted = Object.values(config.train_data.tasks).some(
    ({ pos_downsampling_rate: pos, neg_downsampling_rate: neg }) => pos !== 1 || neg !== 1,
  );
  const steps = floats(expected, 'losses').length;
  const batches = Array.from({ length: steps }, (_, step): RecapBatch => {
    const get = (tensor: string, width?: number) => slice(raw, `${step}.${tensor}`, width);
    return {
      size: raw.get(`${step}.continuous`)?.shape[0] ?? 0,
      continuous: get('continuous', widths.continuous),
      binary: get('binary', widths.binary),
      discrete: get('discrete'),
      userEmbedding: get('user_embedding'),
      userEngEmbedding: get('user_eng_embedding'),
      authorEmbedding: get('author_embedding'),
      labels: pick(raw, `${step}.labels`, columns),
      weights: weighted ? pick(raw, `${step}.weights`, columns) : null,
    };
  });
  const gradientPrefix = 'grad_step0.';
  return {
    name,
    graph,
    adam: {
      beta1: config.optimizer.adam.beta_1,
      beta2: config.optimizer.adam.beta_2,
      epsilon: config.optimizer.adam.epsilon,
    },
    initial: readTensors(initial),
    final: readTensors(final),
    float64: readTensors(float64),
    batches,
    rates: Array.from({ length: steps }, (_, step) =>
      Object.fromEntries(
        graph.groups.map((group) => [group, floats(expected, `learning_rate.${group}`)[step] ?? 0]),
      ),
    ),
    expected: (tensor) => floats(expected, tensor),
    gradients: new Map(
      [...expected.keys()]
        .filter((key) => key.startsWith(gradientPrefix))
        .map((key) => [key.slice(gradientPrefix.length), floats(expected, key)]),
    ),
  };
}

type Tensors = StateDict;

function tensor(tensors: Tensors, name: string): StateTensor {
  const found = tensors.get(name);
  if (!found) throw new Error(`the fixture has no tensor ${name}`);
  return found;
}

function floats(tensors: Tensors, name: string): Float32Array {
  const { data } = tensor(tensors, name);
  return data instanceof Float32Array ? data : Float32Array.from(data, Number);
}

/** Columns of a [rows, columns] tensor. */
function column(tensors: Tensors, name: string): number {
  return tensor(tensors, name).shape[1] ?? 0;
}

/** The first `width` columns. */
function slice(tensors: Tensors, name: string, width = column(tensors, name)): Float32Array {
  return pick(
    tensors,
    name,
    Array.from({ length: width }, (_, index) => index),
  );
}

/** The given columns, in their order. */
function pick(tensors: Tensors, name: string, columns: readonly number[]): Float32Array {
  const { shape } = tensor(tensors, name);
  const data = floats(tensors, name);
  const [rows = 0, width = 0] = shape;
  const out = new Float32Array(rows * columns.length);
  for (let row = 0; row < rows; row++)
    columns.forEach((from, to) => {
      out[row * columns.length + to] = data[row * width + from] ?? Number.NaN;
    });
  return out;
}
