/**
 * Every tile that a graphics card may get, in every form, at the step's own number of rows and with production's widths cut
 * short: aligned, where nothing is masked; ragged, with masks in all three directions; rows that start anywhere. A software
 * adapter compiles such a tile for a quarter of a second, so this is one half of a sample, and test/wgpu/tiles.ts is the other; of which
 * axes meet, hardware-cases.test.ts keeps count. test/wgpu/all-tiles.ts is the whole of it.
 */
import { describe, expect, it } from 'vitest';
import { requestGpuDevice } from '../../gpu/device.ts';
import { Gpu } from '../gpu.ts';
import { checkGemm } from '../testing/check-gemm.ts';
import { FORMS, HARDWARE_TILES, hardwareCases, sampledCases, tileName } from '../testing/hardware-cases.ts';
import { BIG_GPU, candidates, QUADS } from '../variants.ts';
import { matrix } from './kernel.ts';

const device = requestGpuDevice();
const tiles = HARDWARE_TILES.map((variant, at) => [tileName(variant), at] as const);

describe.each(tiles)('%s', (_, at) => {
  it('is right in every form', async () => {
    const gpu = new Gpu(await device);
    // At once: compiling is most of it, and each compiler has a core of its own.
    await Promise.all(
      sampledCases(at, 0).map(({ variant, shape, epilogue, seed }) =>
        checkGemm(gpu, variant, { ...shape, seed }, epilogue),
      ),
    );
  });
});

// Where the device has no subgroup operations, nothing offers these.
describe.each(QUADS.map((variant) => [tileName(variant), variant] as const))('%s', (_, variant) => {
  it('is right in every form and shape, or is never a candidate', async () => {
    const gpu = new Gpu(await device);
    const subgroups = gpu.device.features.has('subgroups');
    const shape = { m: 128, n: 128, k: 128, batch: 1 };
    const m = matrix(128, 0, 128 * 128);
    const list = candidates({ form: 'NT', ...shape, a: m, b: m }, 'forward', { ...BIG_GPU, subgroups });
    expect(list.includes(variant)).toBe(subgroups);
    if (!subgroups) return;
    const cases = FORMS.flatMap((form) => hardwareCases(variant, form));
    await Promise.all(cases.map((one, seed) => checkGemm(gpu, one.variant, { ...one.shape, seed }, seed)));
  });
});
