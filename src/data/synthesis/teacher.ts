/**
 * Teacher: knows the true probability of every label of an example, and so the best score a model can reach. Per label
 * a logit of main effects, products and affinity, scaled to the effect size and shifted to the base rate; see
 * head-signals.ts for the effects and labels.ts for what labels imply of each other.
 */
import { catalogue, featureByName } from '../catalogue/catalogue.ts';
import type { Random } from '../random.ts';
import { sigmoid, solveBias } from './calibrate.ts';
import { catalogueIndex, createFeatureModel, typicalValue } from './feature-model.ts';
import type { FeatureModel } from './feature-model.ts';
import { drawLabels, marginals, noiseConditionals } from './labels.ts';
import { createPopulation } from './population.ts';
import type { EmbeddingDims, Population } from './population.ts';
import { createSignalModel, INPUTS, logarithms, measureInputs } from './signals.ts';
import type { InputScale } from './signals.ts';
import { rowRandom } from './streams.ts';
import { LABEL_INDEX, labelIndices, teacherTasks } from './tasks.ts';
import type { TeacherConfig } from './teacher-config.ts';

const FEATURES = catalogue.length;
const LABELS = teacherTasks.length;
const SAMPLE = 32768;
const HAS_VIDEO = catalogueIndex.get('recap.tweetfeature.has_video')!;

/** One example before it becomes tensors; buffers are the caller's and are overwritten by each draw. */
export interface Example {
  user: number;
  author: number;
  /** Raw named features, in catalogue order. */
  readonly features: Float32Array;
  /** True marginal probabilities, in the order of teacherTasks. */
  readonly probabilities: Float64Array;
  readonly labels: Uint8Array;
}

/** An example made by hand: named features (others take their typical value), viewer and author of the population. */
export interface HandMadeRow {
  readonly features: Readonly<Record<string, number>>;
  readonly userId: number;
  readonly authorId: number;
}

export interface Teacher {
  readonly config: TeacherConfig;
  readonly population: Population;
  readonly featureModel: FeatureModel;
  /** Draws one whole example from a stream. */
  draw(random: Random, example: Example): void;
  /**
   * True marginal probabilities [13] of raw features (catalogue order), viewer and author.
   */
  probabilities(features: Float32Array, user: number, author: number, out: Float64Array): void;
}

/** Empty buffers for `draw`. */
export function createExample(): Example {
  return {
    user: 0,
    author: 0,
    features: new Float32Array(FEATURES),
    probabilities: new Float64Array(LABELS),
    labels: new Uint8Array(LABELS),
  };
}

/**
 * Builds the teacher of a configuration: population, feature model, effects calibrated to the base rates. The same
 * configuration gives the same teacher anywhere; the embeddings' widths change nothing but the embeddings.
 */
export function createTeacher(config: TeacherConfig, dims: EmbeddingDims): Teacher {
  const population = createPopulation(config, dims);
  const featureModel = createFeatureModel(population, config.in_cluster_share);
  const baseRates = Float64Array.from(
    teacherTasks,
    (task) => (config.base_rates as Record<string, number>)[task]!,
  );

  const { measured, scale, bias } = calibrated(config, featureModel, baseRates);
  const signalModel = createSignalModel(measured, config);
  const inputs = new Float64Array(INPUTS);
  const pair = new Int32Array(2);

  const noise = noiseConditionals(baseRates);
  const raw = new Float64Array(LABELS);
  const conditional = new Float64Array(LABELS);

  function condition(features: Float32Array, user: number, author: number): void {
    signalModel.standardize(features, 0, featureModel.standardAffinity(user, author), inputs);
    signalModel.signals(inputs, raw, 0);
    for (let h = 0; h < LABELS; h++) conditional[h] = sigmoid(scale[h]! * raw[h]! + bias[h]!);
  }

  function finish(features: Float32Array, out: Float64Array): void {
    marginals(conditional, features[HAS_VIDEO]!, out);
    if (config.noise > 0) {
      for (let h = 0; h < LABELS; h++) out[h] = (1 - config.noise) * out[h]! + config.noise * baseRates[h]!;
    }
  }

  return {
    config,
    population,
    featureModel,
    draw(source, example) {
      featureModel.drawPair(source, pair);
      example.user = pair[0]!;
      example.author = pair[1]!;
      featureModel.draw(source, example.user, example.author, example.features);
      condition(example.features, example.user, example.author);
      finish(example.features, example.probabilities);
      if (source.double() < config.noise) drawLabels(source, noise, 1, example.labels);
      else drawLabels(source, conditional, example.features[HAS_VIDEO]!, example.labels);
    },
    probabilities(features, user, author, out) {
      condition(features, user, author);
      finish(features, out);
    },
  };
}

/** What a teacher is scaled by; a few numbers, the same for the same configuration. */
interface Calibration {
  readonly measured: InputScale;
  readonly scale: Float64Array;
  readonly bias: Float64Array;
}

/** Calibrations that are remembered, the newest last: a page opens half a dozen streams of the same teacher. */
const remembered = new Map<string, Calibration>();
const MAX_REMEMBERED = 16;

function calibrated(config: TeacherConfig, featureModel: FeatureModel, baseRates: Float64Array): Calibration {
  const key = JSON.stringify(config);
  const found = remembered.get(key) ?? calibrate(config, featureModel, baseRates);
  remembered.delete(key);
  remembered.set(key, found);
  const [oldest] = remembered.keys();
  if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  return found;
}

function calibrate(config: TeacherConfig, featureModel: FeatureModel, baseRates: Float64Array): Calibration {
  const rows = new Float32Array(SAMPLE * FEATURES);
  const affinities = new Float64Array(SAMPLE);
  const pair = new Int32Array(2);
  const random = rowRandom(config.seed, 'calibration', 0, 'example');
  for (let r = 0; r < SAMPLE; r++) {
    featureModel.drawPair(random, pair);
    featureModel.draw(random, pair[0]!, pair[1]!, rows.subarray(r * FEATURES, (r + 1) * FEATURES));
    affinities[r] = featureModel.standardAffinity(pair[0]!, pair[1]!);
  }
  const logs = logarithms(rows);
  const measured = measureInputs(logs);
  const signalModel = createSignalModel(measured, config);
  const inputs = new Float64Array(INPUTS);
  const sample = new Float64Array(SAMPLE * LABELS);
  for (let r = 0; r < SAMPLE; r++) {
    signalModel.standardizeLogarithms(logs, r * FEATURES, affinities[r]!, inputs);
    signalModel.signals(inputs, sample, r * LABELS);
  }
  return { measured, ...calibrateHeads(sample, rows, baseRates, config.effect_size) };
}

/** Per label: factor and bias of the raw signal, so that logits have deviation `effectSize` and rates hold. */
function calibrateHeads(
  sample: Float64Array,
  rows: Float32Array,
  baseRates: Float64Array,
  effectSize: number,
): { scale: Float64Array; bias: Float64Array } {
  const L = LABEL_INDEX;
  const count = sample.length / LABELS;
  const scale = new Float64Array(LABELS);
  const bias = new Float64Array(LABELS);
  const implied = new Set<number>([L.favorited, L.replied, L.detailDwelled]);
  const solved = new Map<number, Float64Array>();
  const ones = new Float64Array(count).fill(1);

  const solve = (label: number, shares: Float64Array) => {
    let mean = 0;
    let square = 0;
    for (let r = 0; r < count; r++) {
      const x = sample[r * LABELS + label]!;
      mean += x / count;
      square += (x * x) / count;
    }
    const deviation = Math.sqrt(Math.max(square - mean * mean, 0));
    scale[label] = deviation > 1e-9 ? effectSize / deviation : 0;
    const logits = new Float64Array(count);
    for (let r = 0; r < count; r++) logits[r] = scale[label]! * sample[r * LABELS + label]!;
    bias[label] = solveBias(logits, shares, baseRates[label]!);
    if (implied.has(label))
      solved.set(
        label,
        logits.map((x) => sigmoid(x + bias[label]!)),
      );
  };

  const implying = new Set<number>([L.replyEngaged, L.goodClick, L.goodClickV2, L.video]);
  for (let label = 0; label < LABELS; label++) if (!implying.has(label)) solve(label, ones);
  const favorited = solved.get(L.favorited)!;
  const replied = solved.get(L.replied)!;
  solve(L.replyEngaged, replied);
  solve(
    L.goodClick,
    favorited.map((p, r) => p + replied[r]! - p * replied[r]!),
  );
  solve(L.goodClickV2, solved.get(L.detailDwelled)!);
  solve(
    L.video,
    ones.map((_, r) => rows[r * FEATURES + HAS_VIDEO]!),
  );
  return { scale, bias };
}

/**
 * Raw features in catalogue order of a row made by hand, into `out` [46]. A feature that is not given takes its typical
 * value, or 0 where the flag that it depends on is 0.
 * @throws RangeError naming a feature that the catalogue lacks, or whose value is not finite.
 */
export function handMadeFeatures(row: HandMadeRow, out: Float32Array): void {
  for (const [name, value] of Object.entries(row.features)) {
    featureByName(name);
    if (!Number.isFinite(value))
      throw new RangeError(`The value of ${name} must be a finite number, it is ${value}.`);
  }
  catalogue.forEach((feature, i) => {
    out[i] = row.features[feature.name] ?? typicalValue(feature);
  });
  catalogue.forEach((feature, i) => {
    if (feature.onlyIf === undefined || row.features[feature.name] !== undefined) return;
    if (out[catalogueIndex.get(feature.onlyIf)!] === 0) out[i] = 0;
  });
}

/**
 * The teacher's true probabilities for rows made by hand: [rows, tasks], row-major.
 * @throws RangeError on an unknown task, feature, viewer or author.
 */
export function teacherScores(
  teacher: Teacher,
  rows: readonly HandMadeRow[],
  tasks: readonly string[],
): Float32Array {
  const columns = labelIndices(tasks);
  const features = new Float32Array(FEATURES);
  const all = new Float64Array(LABELS);
  const out = new Float32Array(rows.length * tasks.length);
  rows.forEach((row, r) => {
    checkIds(teacher.population, row);
    handMadeFeatures(row, features);
    teacher.probabilities(features, row.userId, row.authorId, all);
    columns.forEach((column, t) => {
      out[r * tasks.length + t] = all[column]!;
    });
  });
  return out;
}

function checkIds(population: Population, row: HandMadeRow): void {
  for (const [kind, id, count] of [
    ['user', row.userId, population.users],
    ['author', row.authorId, population.authors],
  ] as const) {
    if (!Number.isInteger(id) || id < 0 || id >= count) {
      throw new RangeError(`There is no ${kind} ${id}: ids go from 0 to ${count - 1}.`);
    }
  }
}
