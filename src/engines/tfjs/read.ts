/** Reading tensors back without blocking, and with the device's failure as the error when that is the cause. */
import type * as tf from '@tensorflow/tfjs-core';
import { guarded } from '../gpu/read-back.ts';
import type { BackendLease } from './backend.ts';

/**
 * The values as an own copy; disposes the tensor.
 * @throws DeviceLostError when the device went away while reading.
 */
export async function readTensor(tensor: tf.Tensor, { gpu }: BackendLease): Promise<Float32Array> {
  try {
    const reading = tensor.data<'float32'>();
    // On the cpu backend `data` is the tensor's own memory.
    return Float32Array.from(await (gpu ? guarded(gpu, reading) : reading));
  } finally {
    tensor.dispose();
  }
}
