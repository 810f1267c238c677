import { describe, expect, it } from 'vitest';
import { describeAdapter, isSoftwareAdapter, NoWebGpuError, requestGpuDevice } from './device.ts';

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
});

describe('requestGpuDevice', () => {
  it('says what to do without WebGPU', async () => {
    await expect(requestGpuDevice(undefined)).rejects.toBeInstanceOf(NoWebGpuError);
  });
});
