/** Every product of production's step at its own size with every candidate. Not a part of `npm test`: plain loops take long. */
import { describe, it } from 'vitest';
import { requestGpuDevice } from '../../src/engines/gpu/device.ts';
import { Gpu } from '../../src/engines/webgpu/gpu.ts';
import { checkGemm } from '../../src/engines/webgpu/testing/check-gemm.ts';
import { EPILOGUES, tileName } from '../../src/engines/webgpu/testing/hardware-cases.ts';
import { productionProducts } from '../../src/engines/webgpu/testing/production-products.ts';

const device = requestGpuDevice();
/** Weights from which Adam in plain loops takes longer than the product; the gradient is stored there. */
const WIDE = 1 << 20;

describe.each(productionProducts().map((one) => [one.name, one] as const))('%s', (_, { shape, variants }) => {
  const wide = shape.form === 'TN' && shape.m * shape.n * shape.batch > WIDE;
  const rows = variants.map((variant, at) => {
    const split = variant.kind === 'tiled' && variant.split > 1 ? ` split in ${variant.split}` : '';
    return [`${tileName(variant)}${split}`, variant, wide ? 1 : at % EPILOGUES] as const;
  });
  it.each(rows)('%s', async (_name, variant, epilogue) => {
    await checkGemm(new Gpu(await device), variant, { ...shape, seed: 1 }, epilogue);
  });
});
