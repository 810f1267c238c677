/** What every engine does with state dicts: check them against a graph before anything is replaced, make zero moments. */
import type { StateDict, StateTensor } from '../formats/state-dict.ts';
import { sizeOf } from '../formats/state-dict.ts';
import { notFiniteProblems, StateDictError, stateDictProblems } from '../formats/state-dict-error.ts';
import type { ModelGraph, ParameterSpec } from '../graph/graph.ts';
import type { OptimizerState } from './engine.ts';

/**
 * @param what how messages call the dict when it is not the weights themselves, e.g. "first moment".
 * @throws StateDictError naming every missing, unexpected, misshapen or non-finite tensor.
 */
export function checkStateDict(specs: readonly ParameterSpec[], dict: StateDict, what?: string): void {
  const problems = [...stateDictProblems(dict, specs), ...notFiniteProblems(dict)];
  if (problems.length === 0) return;
  throw new StateDictError(
    what ? problems.map((problem) => ({ ...problem, message: `${what}: ${problem.message}` })) : problems,
  );
}

/** Parameters that the optimizer updates. */
export function trainableSpecs(graph: ModelGraph): ParameterSpec[] {
  return graph.parameters.filter(({ trainable }) => trainable);
}

/** @throws StateDictError when the moments are not those of the graph's trainable parameters. */
export function checkOptimizerState(graph: ModelGraph, optimizer: OptimizerState): void {
  const specs = trainableSpecs(graph);
  checkStateDict(specs, optimizer.expAvg, 'first moment');
  checkStateDict(specs, optimizer.expAvgSq, 'second moment');
}

/**
 * The optimizer's state without moments of parameters whose gradient is zero by structure: those of a run that computed
 * their noise would go on moving them.
 */
export function settledOptimizer({ zeroGradients }: ModelGraph, optimizer: OptimizerState): OptimizerState {
  const settled = (dict: StateDict): StateDict =>
    new Map(
      [...dict].map(([name, tensor]): [string, StateTensor] =>
        zeroGradients.has(name) && tensor.dtype === 'F32'
          ? [name, { ...tensor, data: new Float32Array(tensor.data.length) }]
          : [name, tensor],
      ),
    );
  return { ...optimizer, expAvg: settled(optimizer.expAvg), expAvgSq: settled(optimizer.expAvgSq) };
}

/** Zero moments at step 0. */
export function freshOptimizerState(graph: ModelGraph): OptimizerState {
  const zeros = (): StateDict =>
    new Map(
      trainableSpecs(graph).map(({ name, shape }): [string, StateTensor] => [
        name,
        { dtype: 'F32', shape, data: new Float32Array(sizeOf(shape)) },
      ]),
    );
  return { step: 0, expAvg: zeros(), expAvgSq: zeros() };
}
