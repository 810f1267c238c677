import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeviceLostError } from '../engine.ts';
import { initialState } from '../init.ts';
import { checkAccumulation, checkAgainstOracle, checkNoLeak, equalRates } from '../testing/check-engine.ts';
import { randomBatch, smallGraph } from '../testing/small-model.ts';
import { requestGpuDevice } from '../gpu/device.ts';
import type { BackendLease } from './backend.ts';
import { acquireBackend } from './backend.ts';
import { createTfjsEngine } from './engine.ts';

const MLP = 'MLP backbone, BatchNorm without LayerNorm';
const TIMEOUT = 600_000;

describe('tfjs-webgpu', () => {
  const make = (options: Parameters<typeof createTfjsEngine>[0]) => createTfjsEngine(options, 'webgpu');

  describe('on one device', () => {
    // A backend that nobody uses forgets its shaders.
    let lease: BackendLease;
    beforeAll(async () => {
      lease = await acquireBackend('webgpu');
    });
    afterAll(() => lease.release());

    it(
      'agrees with the oracle',
      () => checkAgainstOracle(make, 'serial with mlp, share_partial, clipped logarithm', 2),
      TIMEOUT,
    );
    it('accumulates gradients', () => checkAccumulation(make), TIMEOUT);

    // Two rounds and one of each kind here, of thousands of dispatches each: what leaks does so in every one. Twenty are taken
    // in Node.
    it('holds no more after 5 rounds than after the first', () => checkNoLeak(make, MLP, 5), TIMEOUT);
  });

  it(
    'uses the device that it is given and reports its loss',
    async () => {
      const gpu = await requestGpuDevice();
      expect(gpu.software).toBe(true);
      expect(gpu.description).toContain('swiftshader');
      expect(gpu.device.limits.maxStorageBuffersPerShaderStage).toBeGreaterThanOrEqual(8);
      const graph = smallGraph(MLP);
      const options = { graph, adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, seed: 1, batchSize: 6 };
      const [engine, other] = await Promise.all([
        createTfjsEngine(options, 'webgpu', { gpu }),
        createTfjsEngine(options, 'webgpu', { gpu }),
      ]);
      expect(engine.info).toMatchObject({ name: 'tfjs-webgpu', software: true });
      const batch = randomBatch(graph, 6, 1);
      const rates = equalRates(graph.groups, 1e-3);
      const { loss } = await engine.step(batch, rates);
      expect((await other.step(batch, rates)).loss).toBe(loss);
      other.dispose();
      const pending = engine.step(batch, rates);
      gpu.device.destroy();
      await expect(pending).rejects.toBeInstanceOf(DeviceLostError);
      await expect(engine.step(batch, rates)).rejects.toBeInstanceOf(DeviceLostError);
      // The run goes on with a new engine on a new device, whenever the old one is disposed.
      const next = await createTfjsEngine(options, 'webgpu');
      engine.dispose();
      expect((await next.step(batch, rates)).loss).toBe(loss);
      next.dispose();
    },
    TIMEOUT,
  );

  it('initialises to the same bytes as Node', () => {
    const weight = initialState(smallGraph('parallel, BatchNorm towers, dropout'), 1).get(
      '_backbone._dense_layers.layers.0.weight',
    );
    expect(Array.from(weight?.data.slice(0, 4) ?? [], Number)).toEqual([
      -0.06098039820790291, 0.3890340328216553, 0.22089660167694092, 0.18243582546710968,
    ]);
  });
});
