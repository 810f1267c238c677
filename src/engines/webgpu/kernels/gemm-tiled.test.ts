/** What a tile's stores to workgroup memory cost, read from the kernel itself. */
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { TILES } from '../variants.ts';
import { partialEpilogue, tiledGemm } from './gemm-tiled.ts';
import type { TiledVariant } from './gemm-tiled.ts';
import { matrix } from './kernel.ts';

/** Lanes whose 16 bytes each fill the 32 banks of workgroup memory once. */
const LANES = 8;

/** Where the blocks of the first lanes are stored, in vec4s, for each operand that is transposed. */
function stores(variant: TiledVariant): number[][] {
  const problem = { form: 'NT', m: 128, n: 128, k: 128, batch: 1, a: matrix(128), b: matrix(128) } as const;
  const { code } = tiledGemm(problem, partialEpilogue(problem), variant);
  return [...code.matchAll(/let to = ([^;]+);/g)].map(([, expression = '']) => {
    const script = expression
      .replaceAll(/(\d)u/g, '$1')
      .replaceAll(/block \/ (\d+)/g, 'Math.floor(block / $1)');
    return Array.from({ length: LANES }, (_, block) =>
      Number(runInNewContext(script, { block, slice: 0, Math })),
    );
  });
}

const name = ({ x, y, rows, columns, depth, slices }: TiledVariant) =>
  `${y * rows} × ${x * columns} × ${depth} in ${slices}`;

describe('a transposed store', () => {
  const wide = TILES.filter(({ x, y, rows, columns }) => Math.min(x * columns, y * rows) >= 4 * LANES);

  it('is tried for tiles of every depth', () => {
    expect(new Set(wide.map(({ depth }) => depth))).toEqual(new Set([8, 16, 32]));
  });

  it.each(wide.map((variant) => [name(variant), variant] as const))(
    'of %s meets no bank twice',
    (_, variant) => {
      const all = stores(variant);
      expect(all.length).toBeGreaterThanOrEqual(2);
      for (const places of all) expect(new Set(places.map((at) => at % LANES)).size).toBe(LANES);
    },
  );
});
