import { expect, it } from 'vitest';
import type { StateTensor } from './state-dict.ts';
import { checkStateDict, StateDictError, stateDictProblems, type TensorSpec } from './state-dict-error.ts';

const f32 = (...shape: number[]): StateTensor => ({
  dtype: 'F32',
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});
const specs: TensorSpec[] = [
  { name: 'w', shape: [2, 3], dtype: 'F32' },
  { name: 'num_batches_tracked', shape: [], dtype: 'I64' },
];
const tracked: StateTensor = { dtype: 'I64', shape: [1], data: BigInt64Array.of(0n) };

it('accepts a dict that fits, with a scalar written [1] or []', () => {
  checkStateDict(new Map([['w', f32(2, 3)], ['num_batches_tracked', tracked]]), specs); // prettier-ignore
  checkStateDict(new Map([['num_batches_tracked', { ...tracked, shape: [] }], ['w', f32(2, 3)]]), specs); // prettier-ignore
});

it('names the first problem and lists them all', () => {
  const dict = new Map<string, StateTensor>([['w', f32(3, 2)], ['extra', f32(1)]]); // prettier-ignore
  expect(() => checkStateDict(dict, specs)).toThrow(StateDictError);
  expect(() => checkStateDict(dict, specs)).toThrow(
    'Tensor "w" has shape [3, 2], the model needs [2, 3]. (and 2 more problems) Load weights that this configuration made',
  );
  expect(stateDictProblems(dict, specs).map((p) => [p.kind, p.tensor])).toEqual([
    ['wrong-shape', 'w'],
    ['missing', 'num_batches_tracked'],
    ['unexpected', 'extra'],
  ]);
});

it('tells a wrong dtype', () => {
  const dict = new Map([['w', f32(2, 3)], ['num_batches_tracked', f32()]]); // prettier-ignore
  expect(stateDictProblems(dict, specs).map((p) => p.kind)).toEqual(['wrong-dtype']);
});
