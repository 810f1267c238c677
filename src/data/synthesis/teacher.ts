/**
 * Teacher: knows the true probability of every label of an example, and so the best score a model can reach. Per label
 * a logit of main effects, products and affinity, scaled to the effect size and shifted to the base rate; see
 * head-signals.ts for the effects and labels.ts for what labels imply of each other.
 */
import { catalogue, featureByName } from '../catalogue/catalogue.ts';
import type { Random } from '../random.ts';
import { sigmoid } from './calibrate.ts';
import { baseRatesOf, calibrated } from './calibration.ts';
import { catalogueIndex, createFeatureModel, typicalValue } from './feature-model.ts';
import type { FeatureModel } from './feature-model.ts';
import { drawLabels, marginals, noiseConditionals } from './labels.ts';
import { createPopulation } from './population.ts';
import type { EmbeddingDims, Population } from './population.ts';
import { createSignalModel, INPUTS } from './signals.ts';
import { labelIndices, teacherTasks } from './tasks.ts';
import type { TeacherConfig } from './teacher-config.ts';

const FEATURES = catalogue.length;
const LABELS = teacherTasks.length;
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
  const baseRates = baseRatesOf(config);
  const { measured, scale, bias } = calibrated(config, featureModel);
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
