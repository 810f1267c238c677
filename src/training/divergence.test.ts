import { expect, it } from 'vitest';
import type { StateDict } from '../formats/state-dict.ts';
import { firstNonFinite, stateAdvice } from './divergence.ts';
import { graph } from './testing/fake-engine.ts';

const tensors = (...values: number[]): StateDict =>
  new Map([['w', { dtype: 'F32', shape: [values.length], data: Float32Array.from(values) }]]);
const state = (model: StateDict, expAvg = tensors(0), expAvgSq = tensors(0)) => ({
  model,
  optimizer: { step: 3, expAvg, expAvgSq },
});

it('finds what no engine would take again: in weights, and in moments that overflowed while the weights did not', () => {
  expect(firstNonFinite(state(tensors(1, -2, -0, 3e38)))).toBeNull();
  expect(firstNonFinite(state(tensors(1, Number.NaN)))).toEqual({ name: 'w', of: 'weights' });
  expect(firstNonFinite(state(tensors(1), tensors(0, -Infinity)))).toEqual({ name: 'w', of: 'moments' });
  const squared = firstNonFinite(state(tensors(1), tensors(1e20), tensors(1e20 ** 2)));
  expect(squared).toEqual({ name: 'w', of: 'moments' });
  expect(squared && stateAdvice(3, squared, graph, { a: 0.5, backbone: 1 })).toMatch(
    /After step 3 Adam’s moments of a \(w first\) are not finite numbers: .* learning rate 0\.5 of a, .* half of it, 0\.25/,
  );
});
