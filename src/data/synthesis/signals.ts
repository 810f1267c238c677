/** Turns head-signals.ts into arithmetic: standardized inputs, and one sum of effects and products per label. */
import { catalogue } from '../catalogue/catalogue.ts';
import { stableLog } from '../stable-math.ts';
import { catalogueIndex } from './feature-model.ts';
import { AFFINITY, headSignals } from './head-signals.ts';
import { LABEL_KEYS } from './tasks.ts';

/** Inputs of the teacher: the catalogue's features in its order, then affinity. */
export const INPUTS = catalogue.length + 1;
export const AFFINITY_INPUT = catalogue.length;

// Rare flags would otherwise reach values that no clamp of the model lets through.
const LEAST_DEVIATION = 0.35;
const LIMIT = 3;

/** Means and deviations of log1p of each feature. */
export interface InputScale {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/** log1p of each raw value (all are ≥ 0, so it is the model's signed log too). */
function logarithm(value: number): number {
  return value === 0 ? 0 : stableLog(1 + value);
}

/** log1p of each value of raw feature rows. */
export function logarithms(rows: Float32Array): Float64Array {
  const out = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) out[at] = logarithm(rows[at]!);
  return out;
}

/** Means and deviations over the logarithms of raw feature rows, [rows, catalogue] row-major. */
export function measureInputs(logs: Float64Array): InputScale {
  const width = catalogue.length;
  const count = logs.length / width;
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (let r = 0; r < count; r++) {
    for (let f = 0; f < width; f++) {
      const x = logs[r * width + f]!;
      mean[f]! += x;
      deviation[f]! += x * x;
    }
  }
  for (let f = 0; f < width; f++) {
    mean[f]! /= count;
    deviation[f] = Math.max(
      Math.sqrt(Math.max(deviation[f]! / count - mean[f]! * mean[f]!, 0)),
      LEAST_DEVIATION,
    );
  }
  return { mean, deviation };
}

interface CompiledSignal {
  readonly mainInput: Int32Array;
  readonly mainWeight: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly productWeight: Float64Array;
}

export interface SignalModel {
  /** Clamped, standardized inputs of raw features at `offset` and standardized affinity, into `out` [INPUTS]. */
  standardize(features: Float32Array, offset: number, affinity: number, out: Float64Array): void;
  /** The same from the features' logarithms. */
  standardizeLogarithms(logs: Float64Array, offset: number, affinity: number, out: Float64Array): void;
  /** Raw signals of all labels from standardized inputs, into `out` [13] at `offset`. */
  signals(inputs: Float64Array, out: Float64Array, offset: number): void;
}

/** @param strengths factors on products and on every term with affinity. */
export function createSignalModel(
  scale: InputScale,
  strengths: { readonly interactions: number; readonly affinity: number },
): SignalModel {
  const inputOf = (name: string): number => {
    const index = name === AFFINITY ? AFFINITY_INPUT : catalogueIndex.get(name);
    if (index === undefined)
      throw new RangeError(`A head's signal names "${name}", which the catalogue lacks.`);
    return index;
  };
  const factor = (name: string) => (name === AFFINITY ? strengths.affinity : 1);
  const heads: CompiledSignal[] = LABEL_KEYS.map((key) => {
    const { main, products } = headSignals[key];
    return {
      mainInput: Int32Array.from(main, ([name]) => inputOf(name)),
      mainWeight: Float64Array.from(main, ([name, weight]) => weight * factor(name)),
      left: Int32Array.from(products, ([name]) => inputOf(name)),
      right: Int32Array.from(products, ([, name]) => inputOf(name)),
      productWeight: Float64Array.from(
        products,
        ([a, b, weight]) => weight * strengths.interactions * factor(a) * factor(b),
      ),
    };
  });
  const used = new Uint8Array(INPUTS);
  for (const head of heads)
    for (const list of [head.mainInput, head.left, head.right]) for (const i of list) used[i] = 1;
  const usedFeatures = Int32Array.from([...used.keys()].filter((i) => used[i] === 1 && i !== AFFINITY_INPUT));
  const clamp = (x: number) => Math.min(Math.max(x, -LIMIT), LIMIT);

  return {
    standardize(features, offset, affinity, out) {
      for (const f of usedFeatures) {
        out[f] = clamp((logarithm(features[offset + f]!) - scale.mean[f]!) / scale.deviation[f]!);
      }
      out[AFFINITY_INPUT] = clamp(affinity);
    },
    standardizeLogarithms(logs, offset, affinity, out) {
      for (const f of usedFeatures)
        out[f] = clamp((logs[offset + f]! - scale.mean[f]!) / scale.deviation[f]!);
      out[AFFINITY_INPUT] = clamp(affinity);
    },
    signals(inputs, out, offset) {
      for (let h = 0; h < heads.length; h++) {
        const { mainInput, mainWeight, left, right, productWeight } = heads[h]!;
        let sum = 0;
        for (let i = 0; i < mainInput.length; i++) sum += mainWeight[i]! * inputs[mainInput[i]!]!;
        for (let i = 0; i < left.length; i++)
          sum += productWeight[i]! * inputs[left[i]!]! * inputs[right[i]!]!;
        out[offset + h] = sum;
      }
    },
  };
}
