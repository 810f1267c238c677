/** The tensors of a safetensors file, for tests. */
import { readSafetensors } from '../../formats/safetensors.ts';
import type { StateDict, StateTensor } from '../../formats/state-dict.ts';

export type RawTensor = StateTensor;

/** F32 and I64 tensors by name, in file order. */
export function readTensors(bytes: Uint8Array): StateDict {
  return readSafetensors(bytes).tensors;
}
