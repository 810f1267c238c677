/** From logits to probabilities and calibrated probabilities, on the CPU in float64. */
import type { ModelGraph } from '../graph/graph.ts';
import type { Predictions } from './engine.ts';

/** Name of each task's calibration ratio, in task order. */
export function ratioNames(graph: ModelGraph): string[] {
  const ratios = new Map(
    graph.nodes.flatMap((node) => (node.kind === 'calibrate' ? [[node.id, node.ratio]] : [])),
  );
  return graph.outputs.map(({ calibrated }) => {
    const name = ratios.get(calibrated);
    if (name === undefined) throw new Error(`${calibrated} is not a calibration`);
    return name;
  });
}

/**
 * p = σ(logit), p′ = r·p/(1 − p + r·p).
 * @param logits [size, tasks] row-major.
 * @param ratios r by task.
 */
export function headOutputs(logits: Float32Array, ratios: readonly number[]): Predictions {
  const tasks = ratios.length;
  const probabilities = new Float32Array(logits.length);
  const calibrated = new Float32Array(logits.length);
  logits.forEach((logit, index) => {
    // 1 − p as σ(−logit): the difference would lose all digits of a large logit.
    const p = 1 / (1 + Math.exp(-logit));
    const q = 1 / (1 + Math.exp(logit));
    const scaled = (ratios[index % tasks] ?? 1) * p;
    probabilities[index] = p;
    calibrated[index] = scaled / (q + scaled);
  });
  return { size: logits.length / tasks, logits, probabilities, calibrated };
}
