import { expect, it } from 'vitest';
import { reasonAgain } from './engine-reason.ts';

it('keeps why an engine was chosen and what it gave up, however often a run is gone on with', () => {
  const chosen = 'WebGPU works here, on an adapter. A kernel was wrong and is given up.';
  const once = reasonAgain(chosen, ['A kernel was wrong and is given up.']);
  expect(once).toBe(`It ran this run before. ${chosen}`);
  expect(reasonAgain(once, [])).toBe(once);
  expect(reasonAgain(once, ['Another was refused.'])).toBe(`${once} Another was refused.`);
  expect(reasonAgain('', [])).toBe('It ran this run before.');
});
