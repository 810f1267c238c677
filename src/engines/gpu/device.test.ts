import { describe, expect, it, vi } from 'vitest';
import { DeviceLostError } from '../engine.ts';
import type { GpuDevice } from './device.ts';
import { describeAdapter, isSoftwareAdapter, NoWebGpuError, requestGpuDevice } from './device.ts';
import type { DeviceNeeds } from './limits.ts';
import { guarded } from './read-back.ts';
import { SharedGpu } from './thread-gpu.ts';

describe('isSoftwareAdapter', () => {
  it.each([
    { vendor: 'google', architecture: 'swiftshader' },
    { vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' },
    { vendor: 'microsoft', description: 'Microsoft Basic Render Driver' },
    { vendor: 'microsoft', architecture: 'warp' },
    { vendor: 'intel', isFallbackAdapter: true },
  ])('knows %o', (info) => expect(isSoftwareAdapter(info)).toBe(true));

  it.each([
    { vendor: 'nvidia', architecture: 'hopper', description: 'NVIDIA H200' },
    { vendor: 'apple', architecture: 'common-3' },
    { vendor: 'amd', architecture: 'rdna-3', description: 'Radeon RX 7900 warped' },
  ])('lets %o pass', (info) => expect(isSoftwareAdapter(info)).toBe(false));
});

it('describes adapters without repetition', () => {
  expect(describeAdapter({ vendor: 'nvidia', architecture: 'hopper', description: '', device: '' })).toBe(
    'nvidia hopper',
  );
  expect(describeAdapter({ vendor: 'apple', architecture: 'apple' })).toBe('apple');
  expect(describeAdapter({})).toBe('unnamed adapter');
  const card = (mebibytes: number) =>
    describeAdapter(
      { vendor: '' },
      { maxBufferSize: mebibytes * 2 ** 20, maxComputeWorkgroupStorageSize: 49_152 },
    );
  expect(card(1024)).toBe('unnamed adapter (1024 MiB buffers, 48 KiB workgroup memory)');
  expect(card(2048)).not.toBe(card(1024));
});

/** A GPU whose driver refuses what `refuses` says; it keeps what it was asked. */
function driver(refuses: (asked: GPUDeviceDescriptor) => boolean) {
  const asked: GPUDeviceDescriptor[] = [];
  const requestDevice = async (descriptor: GPUDeviceDescriptor) => {
    asked.push(descriptor);
    if (refuses(descriptor)) throw new DOMException('not today', 'OperationError');
    return { lost: new Promise(() => {}), addEventListener: () => {} };
  };
  const adapter = {
    features: new Set(['timestamp-query', 'shader-f16']),
    limits: { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 28 },
    info: { vendor: 'acme' },
    requestDevice,
  };
  const gpu = { requestAdapter: async () => adapter } as unknown as GPU;
  return { gpu, asked };
}

describe('requestGpuDevice', () => {
  it('says what to do without WebGPU', async () => {
    await expect(requestGpuDevice(undefined)).rejects.toBeInstanceOf(NoWebGpuError);
  });

  it('asks for nothing that the model does not need', async () => {
    const { gpu, asked } = driver(() => false);
    await requestGpuDevice(gpu, { bufferBytes: 2 ** 20, bindingBytes: 2 ** 20 });
    await requestGpuDevice(gpu, { bufferBytes: 2 ** 29, bindingBytes: 2 ** 30 });
    expect(asked).toEqual([
      { requiredFeatures: ['timestamp-query'], requiredLimits: {} },
      {
        requiredFeatures: ['timestamp-query'],
        // No more than the adapter has: what does not fit is said before allocating.
        requiredLimits: { maxBufferSize: 2 ** 29, maxStorageBufferBindingSize: 2 ** 28 },
      },
    ]);
  });

  it('tries again with less, and takes a refusal of everything for no WebGPU', async () => {
    const timid = driver(({ requiredFeatures }) => [...(requiredFeatures ?? [])].length > 0);
    await requestGpuDevice(timid.gpu, { bufferBytes: 2 ** 29, bindingBytes: 0 });
    expect(timid.asked).toHaveLength(2);
    const limited = driver(({ requiredLimits }) => Object.keys(requiredLimits ?? {}).length > 0);
    await requestGpuDevice(limited.gpu, { bufferBytes: 2 ** 29, bindingBytes: 0 });
    expect(limited.asked).toHaveLength(3);
    const never = driver(() => true);
    const refused = requestGpuDevice(never.gpu);
    await expect(refused).rejects.toBeInstanceOf(NoWebGpuError);
    await expect(refused).rejects.toThrow(/not today.*wasm/);
  });
});

/** A device without a GPU, to be lost by hand. */
function fakeDevice() {
  let lose: (error: DeviceLostError) => void = () => {};
  let failure: DeviceLostError | null = null;
  const submits: unknown[] = [];
  const lost = new Promise<DeviceLostError>((resolve) => (lose = resolve));
  const gpu = {
    device: { queue: { submit: (lists: unknown) => submits.push(lists) } },
    failure: () => failure,
    lost,
  } as unknown as GpuDevice;
  return {
    gpu,
    submits,
    lose: (message: string) => {
      failure = new DeviceLostError(message);
      lose(failure);
    },
  };
}

describe('SharedGpu', () => {
  const small: DeviceNeeds = { bufferBytes: 1, bindingBytes: 1 };
  const large: DeviceNeeds = { bufferBytes: 2 ** 29, bindingBytes: 1 };

  it('gives two callers one device, and one that needs larger limits another', async () => {
    const asked: DeviceNeeds[] = [];
    const shared = new SharedGpu(async (needs) => {
      asked.push(needs);
      return fakeDevice().gpu;
    });
    const [first, second] = await Promise.all([shared.get(undefined, small), shared.get(undefined, small)]);
    expect(second).toBe(first);
    const bigger = await shared.get(undefined, large);
    expect(bigger).not.toBe(first);
    expect(await shared.get(undefined, small)).toBe(bigger);
    expect(asked).toEqual([small, large]);
  });

  it('makes a new one after a loss, tells the last listener once, and keeps it when the old reports late', async () => {
    const made = [fakeDevice(), fakeDevice()];
    let next = 0;
    const shared = new SharedGpu(async () => made[next++]!.gpu);
    const told: string[] = [];
    await shared.get((message) => told.push(`first ${message}`));
    await shared.get((message) => told.push(`second ${message}`));
    // Who asks without a listener leaves the one that is there.
    await shared.get();
    made[0]!.lose('unplugged');
    const renewed = await shared.get();
    expect(renewed).toBe(made[1]!.gpu);
    await vi.waitFor(() => expect(told).toEqual(['second unplugged']));
    expect(await shared.get()).toBe(renewed);
    expect(next).toBe(2);
  });

  it('asks again after a refusal', async () => {
    let refusals = 1;
    const shared = new SharedGpu(async () => {
      if (refusals-- > 0) throw new NoWebGpuError('no');
      return fakeDevice().gpu;
    });
    await expect(shared.get()).rejects.toBeInstanceOf(NoWebGpuError);
    await expect(shared.get()).resolves.toBeDefined();
  });
});

describe('guarded', () => {
  it('submits nothing again and again while something is awaited, where a browser looks seldom', async () => {
    vi.useFakeTimers();
    try {
      const { gpu, submits } = fakeDevice();
      let done: (value: number) => void = () => {};
      const slow = guarded(gpu, new Promise<number>((resolve) => (done = resolve)), true);
      const other = guarded(gpu, Promise.resolve(1), true);
      await vi.advanceTimersByTimeAsync(20);
      expect(await other).toBe(1);
      expect(submits).toEqual(Array.from({ length: 10 }, () => []));
      done(7);
      expect(await slow).toBe(7);
      await vi.advanceTimersByTimeAsync(20);
      expect(submits).toHaveLength(10);
      await guarded(gpu, Promise.resolve(2), false);
      expect(submits).toHaveLength(10);
    } finally {
      vi.useRealTimers();
    }
  });

  it('turns a rejection into the loss that caused it', async () => {
    const { gpu, lose } = fakeDevice();
    const rejected = guarded(gpu, Promise.reject(new DOMException('unmapped', 'AbortError')), false);
    lose('gone');
    await expect(rejected).rejects.toThrow('gone');
  });
});
