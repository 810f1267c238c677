/** GEMM in all forms and epilogues on random shapes, in small variants that software adapters compile quickly. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { requestGpuDevice } from '../../gpu/device.ts';
import { Gpu } from '../gpu.ts';
import { checkGemm } from '../testing/check-gemm.ts';
import type { GemmVariant } from './gemm.ts';

const device = requestGpuDevice();
const variants: Readonly<Record<string, GemmVariant>> = {
  'direct 1×4': { kind: 'direct', rows: 1, columns: 4, x: 4, y: 2 },
  'direct 8×4': { kind: 'direct', rows: 8, columns: 4, x: 4, y: 4 },
  'direct 8×8': { kind: 'direct', rows: 8, columns: 8, x: 4, y: 4 },
  'tiled 8×4 of 4×4': { kind: 'tiled', x: 4, y: 2, rows: 4, columns: 4, depth: 8, slices: 1, split: 1 },
  'tiled, split in 3': { kind: 'tiled', x: 4, y: 4, rows: 4, columns: 8, depth: 8, slices: 1, split: 3 },
};

const shapes = fc.record({
  form: fc.constantFrom('NT', 'NN', 'TN'),
  m: fc.integer({ min: 1, max: 37 }),
  n: fc.integer({ min: 1, max: 37 }),
  k: fc.integer({ min: 1, max: 37 }),
  batch: fc.integer({ min: 1, max: 3 }),
  padded: fc.boolean(),
  slices: fc.boolean(),
  halves: fc.boolean(),
  seed: fc.nat(1000),
});

/** Big register tiles take software adapters several times as long to compile. */
const slow = ({ rows, columns }: GemmVariant) => rows === 8 && columns === 8;

describe.each(Object.entries(variants))('%s', (_, variant) => {
  it('multiplies any shape in any form with any epilogue', async () => {
    const gpu = new Gpu(await device);
    await fc.assert(
      fc.asyncProperty(shapes, (shape) => checkGemm(gpu, variant, shape)),
      { numRuns: slow(variant) ? 4 : 10, seed: 3, endOnFailure: true },
    );
  });
});
