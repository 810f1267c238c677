import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Random } from './random.ts';
import { RandomJump } from './random-jump.ts';

const jump = new RandomJump();

it('goes where as many draws go', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 3000 }), (seed, draws) => {
      const random = new Random(seed);
      const before = random.getState();
      random.skipFloats(draws);
      expect(jump.from(before, draws)).toEqual(random.getState());
    }),
    { numRuns: 40, seed: 9 },
  );
});

it('adds up over jumps that nobody could draw', () => {
  const state = new Random(5).getState();
  expect(jump.from(jump.from(state, 2 ** 40 + 3), 2 ** 41 + 9)).toEqual(
    jump.from(state, 2 ** 40 + 2 ** 41 + 12),
  );
  expect(() => jump.from(state, -1)).toThrow(RangeError);
});
