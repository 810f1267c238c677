/** Checking a state dict against what a model needs, before a single weight is loaded. */
import { sizeOf, type StateDict, type StateTensor } from './state-dict.ts';

/** What a model needs under one name. */
export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: StateTensor['dtype'];
}

export interface StateDictProblem {
  readonly kind: 'missing' | 'unexpected' | 'wrong-shape' | 'wrong-dtype' | 'not-finite';
  readonly tensor: string;
  readonly message: string;
}

/** Weights that do not fit the model. `problems` has all of them, the message the first and how many more. */
export class StateDictError extends Error {
  override readonly name = 'StateDictError';
  readonly problems: readonly StateDictProblem[];

  constructor(problems: readonly StateDictProblem[]) {
    const more = problems.length - 1;
    super(
      `${problems[0]?.message ?? 'The weights do not fit the model.'}` +
        `${more > 0 ? ` (and ${more} more problem${more > 1 ? 's' : ''})` : ''}` +
        ' Load weights that this configuration made, or the configuration that made these weights.',
    );
    this.problems = problems;
  }
}

const shapeText = (shape: readonly number[]) => `[${shape.join(', ')}]`;

/** Whether two shapes agree; a scalar may be written [] or [1], as PyTorch versions differ in num_batches_tracked. */
function sameShape(a: readonly number[], b: readonly number[]): boolean {
  const scalar = (shape: readonly number[]) => shape.length === 0 || (shape.length === 1 && shape[0] === 1);
  if (scalar(a) && scalar(b)) return true;
  return a.length === b.length && a.every((length, i) => length === b[i]);
}

/** All that keeps a state dict from fitting the specs, missing and wrong tensors in the specs' order first. */
export function stateDictProblems(dict: StateDict, specs: readonly TensorSpec[]): StateDictProblem[] {
  const problems: StateDictProblem[] = [];
  const add = (kind: StateDictProblem['kind'], tensor: string, what: string) =>
    problems.push({ kind, tensor, message: `Tensor "${tensor}" ${what}.` });
  for (const { name, shape, dtype } of specs) {
    const tensor = dict.get(name);
    if (!tensor) add('missing', name, `is missing; the model needs it with shape ${shapeText(shape)}`);
    else if (!sameShape(tensor.shape, shape)) {
      add('wrong-shape', name, `has shape ${shapeText(tensor.shape)}, the model needs ${shapeText(shape)}`);
    } else if (tensor.dtype !== dtype)
      add('wrong-dtype', name, `is ${tensor.dtype}, the model needs ${dtype}`);
  }
  const known = new Set(specs.map((spec) => spec.name));
  for (const name of dict.keys()) if (!known.has(name)) add('unexpected', name, 'is none of the model');
  return problems;
}

/** @throws StateDictError naming every missing, unexpected, misshapen, wrong-dtype or non-finite tensor. */
export function checkStateDict(dict: StateDict, specs: readonly TensorSpec[]): void {
  const problems = [...stateDictProblems(dict, specs), ...notFiniteProblems(dict)];
  if (problems.length > 0) throw new StateDictError(problems);
}

/** Tensors with values that would turn every prediction into NaN, or with too few of them. */
export function notFiniteProblems(dict: StateDict): StateDictProblem[] {
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
