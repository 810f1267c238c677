/**
 * The GPU device that all WebGPU work of a thread shares: tfjs's backend and our own engine.
 */
import { DeviceLostError } from '../engine.ts';
import type { DeviceNeeds } from './limits.ts';
import { neededLimits, NO_NEEDS } from './limits.ts';

/** Optional features: kernels are timed with the one, and some of the candidates need the other. */
const WANTED: readonly GPUFeatureName[] = ['timestamp-query', 'subgroups'];

export interface GpuDevice {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
  /** Vendor, architecture and description, e.g. "google swiftshader SwiftShader Device (Subzero)". */
  readonly description: string;
  /** True when the adapter computes on the CPU. */
  readonly software: boolean;
  /** Why the device can't be used any more, or null while it can: it was lost, or an operation on it failed. */
  failure(): Error | null;
  /** Resolves when the device is lost, also by `device.destroy()`. */
  readonly lost: Promise<DeviceLostError>;
}

/** No WebGPU in this browser or on this machine; the message says which, and what to do. */
export class NoWebGpuError extends Error {
  override readonly name = 'NoWebGpuError';
}

/** SwiftShader, llvmpipe (Mesa's lavapipe) and WARP ("Microsoft Basic Render Driver"). */
export function isSoftwareAdapter(info: {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly description?: string;
  readonly device?: string;
  readonly isFallbackAdapter?: boolean;
}): boolean {
  if (info.isFallbackAdapter) return true;
  const text = [info.vendor, info.architecture, info.device, info.description].join(' ').toLowerCase();
  return /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/.test(text);
}

/**
 * Vendor, architecture and description, without empty or repeated parts. What is measured on an adapter is kept under this
 * name: one without a name, as browsers against fingerprinting give it, gets what of its limits tells cards apart.
 */
export function describeAdapter(
  info: {
    readonly vendor?: string;
    readonly architecture?: string;
    readonly description?: string;
    readonly device?: string;
  },
  limits?: Pick<GPUSupportedLimits, 'maxBufferSize' | 'maxComputeWorkgroupStorageSize'>,
): string {
  const parts = [info.vendor, info.architecture, info.description || info.device].filter((part) => part);
  if (parts.length > 0) return [...new Set(parts)].join(' ');
  if (!limits) return 'unnamed adapter';
  const { maxBufferSize, maxComputeWorkgroupStorageSize } = limits;
  return `unnamed adapter (${Math.round(maxBufferSize / 2 ** 20)} MiB buffers, ${maxComputeWorkgroupStorageSize / 1024} KiB workgroup memory)`;
}

/**
 * Requests the fastest adapter and a device on it: first with what kernels can be timed with and the limits that the model
 * needs, then with less, because drivers refuse what they have named.
 * @param gpu where to ask; navigator.gpu unless a Node binding is used.
 * @throws NoWebGpuError when there is no WebGPU, no adapter, or every request is refused.
 */
export async function requestGpuDevice(
  gpu: GPU | undefined = globalThis.navigator?.gpu,
  needs: DeviceNeeds = NO_NEEDS,
): Promise<GpuDevice> {
  if (!gpu)
    throw new NoWebGpuError(
      'This browser has no WebGPU here. Use a current Chrome, Edge, Safari or Firefox over https or localhost, or train on wasm.',
    );
  let refusal: Error | null = null;
  for (const attempt of ['all', 'limits', 'nothing'] as const) {
    // An adapter may be good for one request only.
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
    if (!adapter) break;
    const requiredFeatures =
      attempt === 'all' ? WANTED.filter((feature) => adapter.features.has(feature)) : [];
    const requiredLimits = attempt === 'nothing' ? {} : neededLimits(adapter.limits, needs);
    try {
      const device = await adapter.requestDevice({ requiredFeatures, requiredLimits });
      return adopt(device, adapter.info, adapter.limits);
    } catch (error) {
      refusal = error instanceof Error ? error : new Error('it gave no reason', { cause: error });
    }
  }
  if (refusal !== null)
    throw new NoWebGpuError(
      `The graphics driver refused a WebGPU device (${refusal.message}). Restart the browser or update the driver, or train on wasm.`,
      { cause: refusal },
    );
  throw new NoWebGpuError(
    'WebGPU found no adapter: the graphics driver is blocked or missing. Enable hardware acceleration, or train on wasm.',
  );
}

/** Wraps a device that the caller made, and watches it. @param limits of its adapter. */
export function adopt(device: GPUDevice, info: GPUAdapterInfo, limits?: GPUSupportedLimits): GpuDevice {
  let failure: Error | null = null;
  const lost = device.lost.then(({ reason, message }) => {
    const error = new DeviceLostError(
      reason === 'destroyed'
        ? 'The GPU device was given back.'
        : `The GPU device was lost: ${message.replace(/[.\s]+$/, '') || 'the driver gave no reason'}.`,
    );
    failure = error;
    return error;
  });
  device.addEventListener('uncapturederror', (event) => {
    // The first error is the cause; what follows is its consequence.
    failure ??= new Error(`The GPU reported: ${event.error.message}`, { cause: event.error });
  });
  return {
    device,
    info,
    description: describeAdapter(info, limits),
    software: isSoftwareAdapter(info),
    failure: () => failure,
    lost,
  };
}
