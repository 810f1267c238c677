/**
 * A state dict: named tensors under the reference's PyTorch key names. The one form in which weights travel between
 * engines, checkpoints, safetensors files and the page.
 */

/** Element types that occur in the reference's state dict (BatchNorm's num_batches_tracked is I64). */
export type StateTensor =
  | { readonly dtype: 'F32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'I64'; readonly shape: readonly number[]; readonly data: BigInt64Array };

/** Tensors by name, in the order in which the model declares them. */
export type StateDict = ReadonlyMap<string, StateTensor>;

/** Number of elements of a shape; 1 for a scalar's `[]`. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
