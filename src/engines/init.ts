/**
 * Initial parameters from a seed. Every tensor has a stream of its own, keyed by its name, so that adding or removing
 * a layer leaves the others' values alone. The same bytes in every JavaScript engine: integer hashes, and only
 * exactly rounded float64 operations.
 */
import type { StateDict, StateTensor } from '../formats/state-dict.ts';
import { sizeOf } from '../formats/state-dict.ts';
import type { ModelGraph, ParameterSpec } from '../graph/graph.ts';
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
  else fillXavierUniform(data, shape, hashKey(seed, hashText(name)));
  return { dtype: 'F32', shape, data };
}

/** Uniform in ±√(6 / (fanIn + fanOut)) (Glorot and Bengio 2010) for a weight [fanOut, fanIn]. */
function fillXavierUniform(data: Float32Array, shape: readonly number[], key: number): void {
  const [fanOut = 1, fanIn = 1] = shape;
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  for (let element = 0; element < data.length; element++)
    data[element] = limit * ((hashAt(key, element) + 0.5) / 2 ** 31 - 1);
}
