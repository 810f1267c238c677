import { describe, expect, it } from 'vitest';
import { keptChoice, KernelNotes, parseVariant, variantText } from './kept-kernels.ts';
import { matrix } from './kernels/kernel.ts';
import type { GemmProblem } from './kernels/gemm.ts';
import { BIG_GPU, candidates, DIRECT_FOR_SMALL, QUADS, SOFTWARE, SPLITS, TILES } from './variants.ts';

const problem = (n: number): GemmProblem => ({
  form: 'NT',
  m: 128,
  n,
  k: 1024,
  batch: 1,
  a: matrix(1024),
  b: matrix(1024),
});

describe('kept kernels', () => {
  it('read back as every variant that any device may choose', () => {
    const software = [problem(4), problem(64), problem(4096)].flatMap((one) =>
      candidates(one, 'forward', SOFTWARE),
    );
    const tiles = TILES.flatMap((tile) => SPLITS.map((split) => ({ ...tile, split })));
    for (const variant of [...tiles, ...DIRECT_FOR_SMALL, ...QUADS, ...software]) {
      expect(parseVariant(variantText(variant))).toEqual(variant);
    }
  });

  it.each([
    '',
    'tiled',
    'direct 4 4 4',
    'direct 4 4 4 4 4',
    'direct 64 64 4 4',
    'direct 3 4 4 4',
    'tiled 16 16 8 8 16 2 1',
    'tiled 8 8 8 8 16 1 1000000',
    'woven 8 8 8 8 16 1 1',
    'tiled 8 8 8 8 x 1 1',
  ])('makes nothing of %j', (text) => {
    expect(parseVariant(text)).toBeNull();
  });

  it('are taken whatever is chosen today, and other products are chosen', () => {
    const [guess, other] = candidates(problem(4096), 'forward', BIG_GPU);
    const notes = new KernelNotes();
    notes.noting(() => other ?? guess)(problem(4096), 'forward');
    const choose = keptChoice(notes.chosen, () => guess);
    expect(choose(problem(4096), 'forward')).toEqual(other);
    expect(choose(problem(2048), 'forward')).toEqual(guess);
    expect(choose(problem(4096), 'input_gradient')).toEqual(guess);
  });
});
