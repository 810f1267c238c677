/** Reading from a device: every mapping of a buffer goes through here. */
import type { GpuDevice } from './device.ts';

/** Time in which a lost device reports itself after a failed promise, in milliseconds. */
const GRACE = 200;

/** Milliseconds between the submits that make a browser look. */
const NUDGE = 2;

/**
 * Whether this browser notices finished work only on a slow timer, or when something is submitted (Firefox, every 100 ms:
 * Mozilla's bug 1870699).
 */
function looksSeldom(): boolean {
  return /\bfirefox\//i.test(globalThis.navigator?.userAgent ?? '');
}

/** How many wait on a device, and the timer that submits nothing meanwhile. */
interface Nudging {
  waiting: number;
  timer: ReturnType<typeof setInterval> | null;
}

const nudging = new WeakMap<GPUDevice, Nudging>();

/** Submits nothing every other millisecond while the promise is open. */
async function nudged<T>({ device }: GpuDevice, promise: Promise<T>): Promise<T> {
  const state = nudging.get(device) ?? { waiting: 0, timer: null };
  nudging.set(device, state);
  state.waiting += 1;
  state.timer ??= setInterval(() => device.queue.submit([]), NUDGE);
  try {
    return await promise;
  } finally {
    state.waiting -= 1;
    if (state.waiting === 0 && state.timer !== null) {
      clearInterval(state.timer);
      state.timer = null;
    }
  }
}

/**
 * Awaits a promise of the device: mapped buffers, work done.
 * @param nudge whether the browser must be made to look; found out when absent.
 * @throws DeviceLostError instead of the rejection when the device is why.
 */
export async function guarded<T>(gpu: GpuDevice, promise: Promise<T>, nudge = looksSeldom()): Promise<T> {
  try {
    return await (nudge ? nudged(gpu, promise) : promise);
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
