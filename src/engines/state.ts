/** What every engine does with state dicts: check them against a graph before anything is replaced, make zero moments. */
import type { StateDict, StateTensor } from '../formats/state-dict.ts';
import { sizeOf } from '../formats/state-dict.ts';
import type { StateDictProblem } from '../formats/state-dict-error.ts';
import { StateDictError, stateDictProblems } from '../formats/state-dict-error.ts';
import type { ModelGraph, ParameterSpec } from '../graph/graph.ts';
import type { OptimizerState } from './engine.ts';

/**
 * @param what how messages call the dict when it is not the weights themselves, e.g. "first moment".
 * @throws StateDictError naming every missing, unexpected, misshapen or non-finite tensor.
 */
export function checkStateDict(specs: readonly ParameterSpec[], dict: StateDict, what?: string): void {
  const problems = [...stateDictProblems(dict, specs), ...notFinite(dict)];
  if (problems.length === 0) return;
  throw new StateDictError(
    what ? problems.map((problem) => ({ ...problem, message: `${what}: ${problem.message}` })) : problems,
  );
}

/** Tensors with values that would turn every prediction into NaN, or with too few of them. */
function notFinite(dict: StateDict): StateDictProblem[] {
  return [...dict].flatMap(([tensor, { dtype, data, shape }]): StateDictProblem[] => {
    if (data.length !== sizeOf(shape)) {
      const message = `Tensor "${tensor}" holds ${data.length} values, its shape [${shape.join(', ')}] ${sizeOf(shape)}.`;
      return [{ kind: 'wrong-shape', tensor, message }];
    }
    const bad = dtype === 'F32' ? data.findIndex((value) => !Number.isFinite(value)) : -1;
    if (bad < 0) return [];
    const message = `Tensor "${tensor}" is ${data[bad]} at element ${bad}: the run that wrote it had diverged.`;
    return [{ kind: 'not-finite', tensor, message }];
  });
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
