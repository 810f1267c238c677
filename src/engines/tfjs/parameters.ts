/**
 * Trained parameters with Adam's moments as tfjs tensors, updated in PyTorch's form lr·m̂/(√v̂ + ε) with a learning rate
 * per group. tf.train.adam knows one rate, puts ε elsewhere, and spends 14 dispatches on every variable, however small:
 * here small parameters lie in one flat tensor and are updated together.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { StateDict, StateTensor } from '../../formats/state-dict.ts';
import { sizeOf } from '../../formats/state-dict.ts';
import type { ParameterSpec } from '../../graph/graph.ts';
import type { AdamOptions, LearningRates, OptimizerState } from '../engine.ts';

/** Parameters up to this many elements are updated together: beyond it, joining costs more than the dispatches saved. */
const SMALL = 16_384;

/** Parameters that share tensors, in order of their offsets. */
interface Bundle {
  readonly specs: readonly ParameterSpec[];
  values: tf.Tensor;
  expAvg: tf.Tensor;
  expAvgSq: tf.Tensor;
}

/** Flat copies by parameter, as `read` gives them. */
export interface ParameterSnapshot {
  readonly values: StateDict;
  readonly expAvg: StateDict;
  readonly expAvgSq: StateDict;
}

export class ParameterStore {
  readonly #specs: readonly ParameterSpec[];
  readonly #bundles: Bundle[];
  /** One tensor per parameter in its own shape, kept beside the flat ones. */
  readonly #tensors = new Map<string, tf.Tensor>();
  readonly #readable: boolean;

  /**
   * Uploads parameters, and moments where given (else zeros); the dicts must have been checked.
   * @param readable whether the backend's memory is this thread's own, to be read without waiting.
   */
  constructor(
    specs: readonly ParameterSpec[],
    readable: boolean,
    model: StateDict,
    optimizer?: OptimizerState,
  ) {
    this.#specs = specs;
    this.#readable = readable;
    const small = specs.filter(({ shape }) => sizeOf(shape) <= SMALL);
    const large = specs.filter(({ shape }) => sizeOf(shape) > SMALL);
    this.#bundles = [...(small.length > 0 ? [small] : []), ...large.map((spec) => [spec])].map((group) => {
      const size = total(group);
      const moment = (dict?: StateDict) => tf.keep(dict ? upload(group, dict) : tf.zeros([size]));
      return {
        specs: group,
        values: tf.keep(upload(group, model)),
        expAvg: moment(optimizer?.expAvg),
        expAvgSq: moment(optimizer?.expAvgSq),
      };
    });
    this.#bundles.forEach((bundle) => this.#split(bundle));
  }

  /** In the order of the specs. */
  tensors(): tf.Tensor[] {
    return this.#specs.map(({ name }) => {
      const tensor = this.#tensors.get(name);
      if (!tensor) throw new Error(`no tensor for ${name}`);
      return tensor;
    });
  }

  /** Replaces the per-parameter tensors of a bundle by parts of its values. */
  #split({ specs, values }: Bundle): void {
    tf.tidy(() => {
      // tfjs on wasm copies the whole of a tensor for each slice of it.
      const flat = this.#readable && specs.length > 1 ? values.dataSync<'float32'>() : null;
      let offset = 0;
      for (const { name, shape } of specs) {
        const size = sizeOf(shape);
        const part = flat
          ? tf.tensor(flat.slice(offset, offset + size), [...shape])
          : tf.reshape(specs.length === 1 ? values : tf.slice(values, [offset], [size]), [...shape]);
        this.#tensors.get(name)?.dispose();
        this.#tensors.set(name, tf.keep(part));
        offset += size;
      }
    });
  }

  /**
   * One Adam update.
   * @param gradients in the order of the specs; the caller keeps them.
   * @param step counts from 1.
   */
  update(gradients: readonly tf.Tensor[], rates: LearningRates, step: number, adam: AdamOptions): void {
    const { beta1, beta2, epsilon } = adam;
    const byName = new Map(this.#specs.map(({ name }, index) => [name, gradients[index]]));
    tf.tidy(() => {
      const keep1 = tf.scalar(beta1);
      const new1 = tf.scalar(1 - beta1);
      const keep2 = tf.scalar(beta2);
      const new2 = tf.scalar(1 - beta2);
      const root = tf.scalar(1 / Math.sqrt(1 - beta2 ** step));
      const small = tf.scalar(epsilon);
      for (const bundle of this.#bundles) {
        tf.tidy(() => {
          const parts = bundle.specs.map(({ name }) => {
            const gradient = byName.get(name);
            if (!gradient) throw new Error(`no gradient for ${name}`);
            return tf.reshape(gradient, [gradient.size]);
          });
          const [only] = parts;
          const gradient = parts.length === 1 && only ? only : tf.concat(parts);
          const size = stepSizes(bundle.specs, rates, 1 - beta1 ** step);
          const expAvg = tf.add(tf.mul(bundle.expAvg, keep1), tf.mul(gradient, new1));
          const expAvgSq = tf.add(tf.mul(bundle.expAvgSq, keep2), tf.mul(tf.square(gradient), new2));
          const change = tf.div(tf.mul(expAvg, size), tf.add(tf.mul(tf.sqrt(expAvgSq), root), small));
          const values = tf.sub(bundle.values, change);
          tf.dispose([bundle.values, bundle.expAvg, bundle.expAvgSq]);
          Object.assign(bundle, {
            values: tf.keep(values),
            expAvg: tf.keep(expAvg),
            expAvgSq: tf.keep(expAvgSq),
          });
        });
        this.#split(bundle);
      }
    });
  }

  /**
   * A snapshot of now, whatever updates follow while it is read.
   * @param read reads and disposes a tensor.
   */
  async snapshot(read: (tensor: tf.Tensor) => Promise<Float32Array>): Promise<ParameterSnapshot> {
    // Clones share the data, and updates replace tensors instead of writing to them.
    const clones = this.#bundles.map(({ specs, values, expAvg, expAvgSq }) => ({
      specs,
      parts: [tf.clone(values), tf.clone(expAvg), tf.clone(expAvgSq)],
    }));
    const dicts = [
      new Map<string, StateTensor>(),
      new Map<string, StateTensor>(),
      new Map<string, StateTensor>(),
    ];
    // One at a time, so that staging memory stays small.
    try {
      for (const { specs, parts } of clones) {
        for (const [index, part] of parts.entries()) {
          const data = await read(part);
          let offset = 0;
          for (const { name, shape } of specs) {
            const size = sizeOf(shape);
            dicts[index]?.set(name, { dtype: 'F32', shape, data: data.slice(offset, offset + size) });
            offset += size;
          }
        }
      }
    } finally {
      tf.dispose(clones.flatMap(({ parts }) => parts));
    }
    const [values, expAvg, expAvgSq] = dicts.map((dict) => this.#ordered(dict));
    if (!values || !expAvg || !expAvgSq) throw new Error('unreachable: three parts were read');
    return { values, expAvg, expAvgSq };
  }

  #ordered(dict: ReadonlyMap<string, StateTensor>): StateDict {
    return new Map(
      this.#specs.flatMap(({ name }) => {
        const tensor = dict.get(name);
        return tensor ? [[name, tensor]] : [];
      }),
    );
  }

  dispose(): void {
    tf.dispose(this.#bundles.flatMap(({ values, expAvg, expAvgSq }) => [values, expAvg, expAvgSq]));
    tf.dispose([...this.#tensors.values()]);
    this.#tensors.clear();
  }
}

const total = (specs: readonly ParameterSpec[]) => specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** The parameters' values one behind the other, as an own copy: tfjs reads the array when it first uploads it. */
function upload(specs: readonly ParameterSpec[], dict: StateDict): tf.Tensor {
  const flat = new Float32Array(total(specs));
  let offset = 0;
  for (const { name, shape } of specs) {
    const tensor = dict.get(name);
    if (tensor?.dtype !== 'F32') throw new Error(`${name} is no F32 tensor`);
    flat.set(tensor.data, offset);
    offset += sizeOf(shape);
  }
  return tf.tensor1d(flat);
}

/** rate / (1 − β₁ᵗ): a scalar where the parameters share a group, else one value per element. */
function stepSizes(specs: readonly ParameterSpec[], rates: LearningRates, correction: number): tf.Tensor {
  const sizeFor = (group: string) => (rates[group] ?? NaN) / correction;
  const [first] = specs;
  if (first && specs.every(({ group }) => group === first.group)) return tf.scalar(sizeFor(first.group));
  const sizes = new Float32Array(total(specs));
  let offset = 0;
  for (const { group, shape } of specs) {
    sizes.fill(sizeFor(group), offset, offset + sizeOf(shape));
    offset += sizeOf(shape);
  }
  return tf.tensor1d(sizes);
}
