/** Who computes in the terminal, on simulated graphics cards. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { GpuDevice } from '../src/engines/gpu/device.ts';
import { adopt } from '../src/engines/gpu/device.ts';
import { smallGraph } from '../src/engines/testing/small-model.ts';
import { makeEngine } from './engine.ts';

beforeEach(() => {
  vi.stubGlobal('GPUBufferUsage', { STORAGE: 1, MAP_READ: 2, COPY_DST: 4, COPY_SRC: 8, QUERY_RESOLVE: 16 });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const options = {
  graph: smallGraph('one block without mlp, plain logarithm'),
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  seed: 1,
  batchSize: 6,
};

/** A card whose driver gives a device and then no memory. */
function card(): GpuDevice {
  const device = {
    features: new Set<string>(),
    limits: { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 },
    lost: new Promise(() => {}),
    addEventListener: () => {},
    pushErrorScope: () => {},
    popErrorScope: () => Promise.resolve(null),
    createBuffer: () => {
      throw new Error('no memory today');
    },
  };
  return adopt(device as unknown as GPUDevice, { vendor: 'acme' } as GPUAdapterInfo);
}

it('auto goes on on the processor where a graphics card fails, and says why', async () => {
  const { engine, reason } = await makeEngine('auto', options, {
    dawn: () => Promise.reject(new Error('not asked')),
    hardware: () => Promise.resolve(card()),
  });
  expect(engine.info.name).toBe('tfjs-cpu');
  expect(reason).toBe('webgpu was given up: no memory today.');
  engine.dispose();
});

it('who names webgpu is told what is wrong with it', async () => {
  const made = makeEngine('webgpu', options, {
    dawn: () => Promise.resolve(card()),
    hardware: () => Promise.resolve(null),
  });
  await expect(made).rejects.toThrow('no memory today');
});
