/** Who computes on simulated graphics cards: from the adapter to the reason that the page shows and the manifest keeps. */
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { adopt } from './gpu/device.ts';
import { threadGpu } from './gpu/thread-gpu.ts';
import { selectEngine } from './select.ts';
import { equalRates } from './testing/check-engine.ts';
import { randomBatch, smallGraph } from './testing/small-model.ts';
import type { Fault } from './webgpu/testing/faulty-gpu.ts';
import { faulty } from './webgpu/testing/faulty-gpu.ts';

const graph = smallGraph('one block without mlp, plain logarithm');
const options = { graph, adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, seed: 1, batchSize: 6 };
const info = { vendor: 'acme', architecture: '', device: '', description: 'Acme 1' } as GPUAdapterInfo;

/**
 * Makes the adapter here pass for a graphics card with a fault; null where its driver gives no device at all.
 * @param has features that its driver gives a device, of those that it names.
 */
async function card(fault: Fault | null, has = (_feature: string) => true): Promise<void> {
  const real = await navigator.gpu.requestAdapter();
  if (!real) throw new Error('this test needs an adapter');
  const requestDevice = async (descriptor?: GPUDeviceDescriptor) => {
    if (!fault || [...(descriptor?.requiredFeatures ?? [])].some((feature) => !has(feature)))
      throw new DOMException('not today', 'OperationError');
    const device = await real.requestDevice(descriptor);
    return faulty(adopt(device, info), fault).device;
  };
  const adapter = { info, features: real.features, limits: real.limits, requestDevice };
  vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(adapter as unknown as GPUAdapter);
}

/** Gives back the thread's device, which another file of this page may hold too. */
async function giveBack(): Promise<void> {
  const held = await threadGpu().catch(() => null);
  vi.restoreAllMocks();
  held?.device.destroy();
  await held?.lost;
}
beforeAll(giveBack);
afterEach(giveBack);

async function trained() {
  const { engine, reason } = await selectEngine('auto', options);
  const { loss } = await engine.step(randomBatch(graph, 6, 0), equalRates(graph.groups, 1e-3));
  expect(loss).toBeGreaterThan(0);
  engine.dispose();
  return { name: engine.info.name, reason };
}

it('ours on a card that computes right, though it refuses the clock that it names', async () => {
  await card({}, (feature) => feature !== 'timestamp-query');
  expect(await trained()).toEqual({ name: 'webgpu', reason: 'WebGPU works here, on acme Acme 1.' });
  expect((await threadGpu()).device.features.has('timestamp-query')).toBe(false);
});

it('the next engine on a card of which one kernel gives wrong numbers', async () => {
  await card({
    shader: (label, code) =>
      label.includes('batch norm backward') ? code.replace('* inverse;', '* inverse * 1.2;') : code,
  });
  const { name, reason } = await trained();
  expect(name).toBe('tfjs-webgpu');
  expect(reason).toMatch(/^webgpu was given up: The gradient of a test step differs .*%.*\.$/);
});

it('the next engine on a card that refuses every product', async () => {
  await card({ shader: (label, code) => (label.includes('gemm') ? `${code}\nfn broken( {` : code) });
  const { name, reason } = await trained();
  expect(name).toBe('tfjs-webgpu');
  expect(reason).toMatch(/^webgpu was given up: .*\.$/);
});

it('wasm where the driver gives no device', async () => {
  await card(null);
  const { name, reason } = await trained();
  expect(name).toBe('tfjs-wasm');
  expect(reason).toMatch(/refused a WebGPU device \(not today\).*Computing on the processor meanwhile\.$/);
});
