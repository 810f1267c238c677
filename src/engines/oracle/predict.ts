/** Predictions by the plain interpreter: for a few rows before any engine is there, and of the oracle. */
import type { RecapBatch } from '../../data/recap-batch.ts';
import type { StateDict } from '../../formats/state-dict.ts';
import type { ModelGraph } from '../../graph/graph.ts';
import { checkBatch } from '../batch.ts';
import type { Predictions } from '../engine.ts';
import { checkStateDict } from '../state.ts';
import { forward } from './forward.ts';
import type { ForwardPass } from './forward.ts';

/**
 * What a model says of a batch, without an engine: a hundred rows of a small model take some ten milliseconds.
 * @throws StateDictError when the weights are not those of the graph; BatchError when the batch is not.
 */
export function predictPlainly(graph: ModelGraph, model: StateDict, batch: RecapBatch): Predictions {
  checkStateDict(graph.parameters, model);
  checkBatch(graph, batch, false);
  const pass = forward(graph, batch, vectors(model), { training: false, seed: 0, step: 0, microStep: 0 });
  return predictionsOf(graph, batch, pass);
}

/** The heads' columns of a forward pass. */
export function predictionsOf(
  { outputs }: ModelGraph,
  { size }: RecapBatch,
  { values }: ForwardPass,
): Predictions {
  return {
    size,
    logits: columns(outputs.map(({ logit }) => values.get(logit))),
    probabilities: columns(outputs.map(({ probability }) => values.get(probability))),
    calibrated: columns(outputs.map(({ calibrated }) => values.get(calibrated))),
  };
}

/** The float tensors of a state dict in float64. */
export function vectors(dict: StateDict): Map<string, Float64Array> {
  return new Map(
    [...dict].flatMap(([name, { dtype, data }]) =>
      dtype === 'F32' ? [[name, Float64Array.from(data)]] : [],
    ),
  );
}

/** Vectors [size] side by side: [size, count]. */
export function columns(heads: readonly (Float64Array | undefined)[]): Float32Array {
  const size = heads[0]?.length ?? 0;
  const out = new Float32Array(size * heads.length);
  heads.forEach((head, column) => head?.forEach((value, row) => (out[row * heads.length + column] = value)));
  return out;
}
