/** The other half of the sample of gemm-hardware.browser.test.ts, and tiles on products of production's own size. */
import { describe, it } from 'vitest';
import { requestGpuDevice } from '../../src/engines/gpu/device.ts';
import { Gpu } from '../../src/engines/webgpu/gpu.ts';
import { checkGemm } from '../../src/engines/webgpu/testing/check-gemm.ts';
import { HARDWARE_TILES, sampledCases, tileName } from '../../src/engines/webgpu/testing/hardware-cases.ts';
import { productionProducts } from '../../src/engines/webgpu/testing/production-products.ts';

const device = requestGpuDevice();

describe('every form', () => {
  it.each(HARDWARE_TILES.map((variant, at) => [tileName(variant), at] as const))('%s', async (_, at) => {
    const gpu = new Gpu(await device);
    for (const { variant, shape, epilogue, seed } of sampledCases(at, 1))
      await checkGemm(gpu, variant, { ...shape, seed }, epilogue);
  });
});

/** Multiply-adds from which plain loops take a second and more. */
const SLOW = 1e9;
const MEDIUM = 1e8;

describe('production', () => {
  const all = productionProducts();
  const size = ({ shape: { m, n, k, batch } }: (typeof all)[number]) => m * n * k * batch;
  // Towers, and the widest layer that all of them have in common.
  const quick = all.filter((one) => size(one) < MEDIUM || (one.shape.form === 'NT' && size(one) < SLOW));
  it.each(quick.map((one) => [one.name, one] as const))('%s', async (_, { shape, variants: [guess] }) => {
    if (guess) await checkGemm(new Gpu(await device), guess, { ...shape, seed: 1 }, 0);
  });
});
