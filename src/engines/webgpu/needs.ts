/** What a model takes of a device, known before anything is allocated. */
import type { EngineOptions } from '../engine.ts';
import type { DeviceNeeds } from '../gpu/limits.ts';
import { GpuError } from './gpu.ts';
import type { CompiledModel } from './plan/compiled-model.ts';
import { compileModel } from './plan/compiled-model.ts';

export interface MemoryNeeds extends DeviceNeeds {
  /** Parameters, moments and stored gradients, and the values of one batch. */
  readonly totalBytes: number;
}

/** @param rows of the largest plan. */
export function memoryNeeds(model: CompiledModel, rows: number, halfWeights: boolean): MemoryNeeds {
  const { layout, placement } = model;
  const values = placement.roots.map(({ ld }) => 4 * rows * ld);
  const widest = Math.max(0, ...values);
  const arena = 4 * layout.arenaLength;
  const blocks = layout.blocks.map((block) => 4 * block.rows * block.ld);
  return {
    bufferBytes: Math.max(arena, widest),
    bindingBytes: Math.max(4 * layout.smallLength, 4 * layout.runningLength, widest, ...blocks),
    totalBytes:
      arena * (halfWeights ? 3.5 : 3) +
      4 * (2 * layout.smallLength + layout.runningLength) +
      values.reduce((sum, bytes) => sum + bytes, 0),
  };
}

/** What to ask of an adapter for these options. */
export function deviceNeeds({ graph, batchSize, halfWeights }: EngineOptions): DeviceNeeds {
  return memoryNeeds(compileModel(graph), batchSize, halfWeights === true);
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;

/**
 * @param limits of the device.
 * @throws GpuError with what is needed, what there is, and the size that would fit.
 */
export function checkFits(
  needs: MemoryNeeds,
  limits: Pick<GPUSupportedLimits, 'maxBufferSize' | 'maxStorageBufferBindingSize'>,
): void {
  const over = Math.max(
    needs.bufferBytes / limits.maxBufferSize,
    needs.bindingBytes / limits.maxStorageBufferBindingSize,
  );
  if (over <= 1) return;
  const inBuffer =
    needs.bufferBytes / limits.maxBufferSize >= needs.bindingBytes / limits.maxStorageBufferBindingSize;
  // Weights grow with the square of a model's width.
  const divisor = Math.ceil(Math.sqrt(over) - 1e-9);
  throw new GpuError(
    `This model needs ${megabytes(needs.totalBytes)} on the graphics device, ${megabytes(inBuffer ? needs.bufferBytes : needs.bindingBytes)} of it in one ${inBuffer ? 'buffer' : 'binding'}, ` +
      `but this adapter gives ${megabytes(inBuffer ? limits.maxBufferSize : limits.maxStorageBufferBindingSize)}. ` +
      `With layers 1/${Math.max(2, divisor)} as wide it fits; or train on wasm.`,
  );
}
