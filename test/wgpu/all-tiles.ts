/** Every tile in every form, shape and split with every epilogue. Not a part of `npm test`: compiling it all takes many minutes. */
import { describe, it } from 'vitest';
import { requestGpuDevice } from '../../src/engines/gpu/device.ts';
import { Gpu } from '../../src/engines/webgpu/gpu.ts';
import { checkGemm } from '../../src/engines/webgpu/testing/check-gemm.ts';
import { hardwareCases, tileName } from '../../src/engines/webgpu/testing/hardware-cases.ts';
import { DIRECT_FOR_SMALL, TILES } from '../../src/engines/webgpu/variants.ts';

const device = requestGpuDevice();
const tiles = [...TILES, ...DIRECT_FOR_SMALL].map((variant) => [tileName(variant), variant] as const);

describe.each(tiles)('%s', (_, variant) => {
  it.each(['NT', 'NN', 'TN'] as const)('%s', async (form) => {
    const gpu = new Gpu(await device);
    for (const [seed, one] of hardwareCases(variant, form).entries())
      await checkGemm(gpu, one.variant, { ...one.shape, seed });
  });
});
