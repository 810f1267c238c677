/**
 * Initial parameters from a seed. Every tensor has a stream of its own, keyed by its name, so that adding or removing
 * a layer leaves the others' values alone. The same bytes in every JavaScript engine: integer hashes, and only
 * exactly rounded float64 operations.
 */
import type { StateDict, StateTensor } from '../formats/state-dict.ts';
import { sizeOf } from '../formats/state-dict.ts';
import type { Initializer, ModelGraph, ParameterSpec } from '../graph/graph.ts';
import { hashAt, hashKey, hashText } from './hash.ts';

/** @param seed any integer; only its low 32 bits count. */
export function initialState(graph: ModelGraph, seed: number): StateDict {
  return new Map(graph.parameters.map((spec) => [spec.name, initialTensor(spec, seed)]));
}

function initialTensor(spec: ParameterSpec, seed: number): StateTensor {
  const { shape, init, name } = spec;
  const size = sizeOf(shape);
  if (spec.dtype === 'I64') {
    const data = new BigInt64Array(size);
    if (init.kind === 'constant') data.fill(BigInt(init.value));
    return { dtype: 'I64', shape, data };
  }
  const data = new Float32Array(size);
  if (init.kind === 'constant') data.fill(init.value);
  else fillUniform(data, hashKey(seed, hashText(name)), limitOf(init, shape));
  return { dtype: 'F32', shape, data };
}

/** ±√(6 / (fanIn + fanOut)) (Glorot and Bengio 2010) for a weight [fanOut, fanIn], or what the initializer says. */
function limitOf(init: Exclude<Initializer, { kind: 'constant' }>, shape: readonly number[]): number {
  if (init.kind === 'uniform') return init.limit;
  const [fanOut = 1, fanIn = 1] = shape;
  return Math.sqrt(6 / (fanIn + fanOut));
}

function fillUniform(data: Float32Array, key: number, limit: number): void {
  for (let element = 0; element < data.length; element++)
    data[element] = limit * ((hashAt(key, element) + 0.5) / 2 ** 31 - 1);
}
