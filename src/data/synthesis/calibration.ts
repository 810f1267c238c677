/** What scales a teacher's signals to its effect size and base rates: a few numbers, counted over drawn examples. */
import { catalogue } from '../catalogue/catalogue.ts';
import { sigmoid, solveBias } from './calibrate.ts';
import { catalogueIndex } from './feature-model.ts';
import type { FeatureModel } from './feature-model.ts';
import { KEPT_CALIBRATIONS } from './kept-calibrations.ts';
import { createSignalModel, INPUTS, logarithms, measureInputs } from './signals.ts';
import type { InputScale } from './signals.ts';
import { rowRandom } from './streams.ts';
import { LABEL_INDEX, teacherTasks } from './tasks.ts';
import type { TeacherConfig } from './teacher-config.ts';

const FEATURES = catalogue.length;
const LABELS = teacherTasks.length;
const SAMPLE = 32768;
const HAS_VIDEO = catalogueIndex.get('recap.tweetfeature.has_video')!;

/** The same for the same settings. */
export interface Calibration {
  readonly measured: InputScale;
  /** Of each label's raw signal, in the order of teacherTasks. */
  readonly scale: Float64Array;
  readonly bias: Float64Array;
}

/** In the order of teacherTasks. */
export const baseRatesOf = ({ base_rates: rates }: TeacherConfig): Float64Array =>
  Float64Array.from(teacherTasks, (task) => (rates as Record<string, number>)[task]!);

/** What a calibration depends on: all settings but the noise, which is mixed in behind it. */
export function calibrationKey(config: TeacherConfig): string {
  const { noise: _noise, base_rates: _rates, ...rest } = config;
  return JSON.stringify([
    Object.entries(rest).toSorted(([a], [b]) => a.localeCompare(b)),
    [...baseRatesOf(config)],
  ]);
}

/** Calibrations that are remembered, the newest last: a page opens half a dozen streams of the same teacher. */
const remembered = new Map<string, Calibration>();
const MAX_REMEMBERED = 16;

/** The presets' own, which the first batch of a first visit would wait for. */
function kept(key: string): Calibration | null {
  const found = KEPT_CALIBRATIONS.find((one) => one.key === key);
  if (!found) return null;
  return {
    measured: { mean: Float64Array.from(found.mean), deviation: Float64Array.from(found.deviation) },
    scale: Float64Array.from(found.scale),
    bias: Float64Array.from(found.bias),
  };
}

/** The calibration of a configuration: kept, remembered or made. */
export function calibrated(config: TeacherConfig, featureModel: FeatureModel): Calibration {
  const key = calibrationKey(config);
  const found = remembered.get(key) ?? kept(key) ?? calibrate(config, featureModel);
  remembered.delete(key);
  remembered.set(key, found);
  const [oldest] = remembered.keys();
  if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  return found;
}

/** Counts over drawn examples: what takes most of the time that making a teacher takes. */
export function calibrate(config: TeacherConfig, featureModel: FeatureModel): Calibration {
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
  return { measured, ...calibrateHeads(sample, rows, baseRatesOf(config), config.effect_size) };
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
