/**
 * Every tile that a graphics card may get, in every form, at the step's own number of rows and with production's widths cut
 * short. A software adapter takes two seconds to compile such a tile, so each tile takes its turn through shapes (aligned,
 * where nothing is masked; ragged, with masks in all three directions; rows that start anywhere), splits and epilogues;
 * test/wgpu/all-tiles.ts is the whole of it.
 */
import { describe, it } from 'vitest';
import { requestGpuDevice } from '../../gpu/device.ts';
import { Gpu } from '../gpu.ts';
import { checkGemm } from '../testing/check-gemm.ts';
import { hardwareCases, tileName } from '../testing/hardware-cases.ts';
import { DIRECT_FOR_SMALL, TILES } from '../variants.ts';

const device = requestGpuDevice();
const tiles = [...TILES, ...DIRECT_FOR_SMALL].map((variant, at) => [tileName(variant), variant, at] as const);

describe.each(tiles)('%s', (_, variant, at) => {
  it('is right in every form', async () => {
    const gpu = new Gpu(await device);
    const forms = ['NT', 'NN', 'TN'] as const;
    // At once: compiling is most of it, and each compiler has a core of its own.
    await Promise.all(
      forms.map(async (form) => {
        const cases = hardwareCases(variant, form);
        // Coprime strides: neighbours in the list differ in shape, split and epilogue.
        const one = cases[(at * 3) % cases.length];
        if (one) await checkGemm(gpu, one.variant, { ...one.shape, seed: at }, at);
      }),
    );
  });
});
