/** Reading from a device: every mapping of a buffer goes through here. */
import type { GpuDevice } from './device.ts';

/** Time in which a lost device reports itself after a failed promise, in milliseconds. */
const GRACE = 200;

/** Awaits a promise of the device. @throws DeviceLostError instead of the rejection when the device is why. */
export async function guarded<T>(gpu: GpuDevice, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    const timeout = new Promise<null>((resolve) => setTimeout(resolve, GRACE, null));
    throw (await Promise.race([gpu.lost, timeout])) ?? gpu.failure() ?? error;
  }
}

/**
 * The first `bytes` of a MAP_READ buffer as an own copy; the buffer is unmapped again.
 * @throws DeviceLostError when the device went away meanwhile.
 */
export async function readBack(
  gpu: GpuDevice,
  buffer: GPUBuffer,
  bytes: number,
): Promise<Float32Array<ArrayBuffer>> {
  await guarded(gpu, buffer.mapAsync(GPUMapMode.READ, 0, bytes));
  const values = new Float32Array(buffer.getMappedRange(0, bytes).slice(0));
  buffer.unmap();
  return values;
}
