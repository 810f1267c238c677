/** Reading tensors back without blocking, and with the device's failure as the error when that is the cause. */
import type * as tf from '@tensorflow/tfjs-core';
import type { BackendLease } from './backend.ts';

/** Time in which a lost device reports itself after a failed read, in milliseconds. */
const GRACE = 200;

/**
 * The values as an own copy; disposes the tensor.
 * @throws DeviceLostError when the device went away while reading.
 */
export async function readTensor(tensor: tf.Tensor, { gpu }: BackendLease): Promise<Float32Array> {
  try {
    const data = await tensor.data<'float32'>();
    // On the cpu backend `data` is the tensor's own memory.
    return Float32Array.from(data);
  } catch (error) {
    if (!gpu) throw error;
    const timeout = new Promise<null>((resolve) => setTimeout(resolve, GRACE, null));
    throw (await Promise.race([gpu.lost, timeout])) ?? gpu.failure() ?? error;
  } finally {
    tensor.dispose();
  }
}
