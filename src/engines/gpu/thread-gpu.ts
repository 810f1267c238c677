/** The thread's GPU device, shared by all engines; requested again after a loss. */
import type { GpuDevice } from './device.ts';
import { requestGpuDevice } from './device.ts';

let shared: Promise<GpuDevice> | null = null;

/** @throws NoWebGpuError when there is no WebGPU or no adapter. */
export async function threadGpu(onLost?: (message: string) => void): Promise<GpuDevice> {
  const held = await shared?.catch(() => null);
  if (held && !held.failure()) return held;
  shared = requestGpuDevice();
  const gpu = await shared;
  void gpu.lost.then(({ message }) => {
    shared = null;
    onLost?.(message);
  });
  return gpu;
}
