import fc from 'fast-check';
import { expect, it } from 'vitest';

it('is the same for all properties that name none', () => {
  const drawn = () => fc.sample(fc.nat(), 3);
  expect(fc.readConfigureGlobal().seed).toBe(20_230_405);
  expect(drawn()).toEqual(drawn());
});
