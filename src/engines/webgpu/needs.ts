/** What a model takes of a device, known before anything is allocated. */
import { count } from '../../config/number-text.ts';
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

const megabytes = (bytes: number) => `${count(Math.ceil(bytes / 1e6))} MB`;

/** What would fit is looked for among these, the widest first. */
const DIVISORS = [2, 3, 4, 6, 8, 12, 16, 24, 32];

/**
 * @param rows of the largest plan. @param limits of the device.
 * @throws GpuError with what is needed, what there is, and the sizes that would fit.
 */
export function checkFits(
  model: CompiledModel,
  rows: number,
  { halfWeights = false, narrower }: Pick<EngineOptions, 'halfWeights' | 'narrower'>,
  limits: Pick<GPUSupportedLimits, 'maxBufferSize' | 'maxStorageBufferBindingSize'>,
): void {
  const over = (needs: MemoryNeeds) => ({
    buffer: needs.bufferBytes / limits.maxBufferSize,
    binding: needs.bindingBytes / limits.maxStorageBufferBindingSize,
  });
  const fits = (of: CompiledModel, examples: number): boolean => {
    const { buffer, binding } = over(memoryNeeds(of, examples, halfWeights));
    return Math.max(buffer, binding) <= 1;
  };
  if (fits(model, rows)) return;
  const needs = memoryNeeds(model, rows, halfWeights);
  const { buffer, binding } = over(needs);
  const inBuffer = buffer >= binding;
  const divisor = DIVISORS.find((each) => {
    const narrow = narrower?.(each);
    return narrow ? fits(compileModel(narrow), rows) : false;
  });
  const batch = halvesOf(rows).find((examples) => fits(model, examples));
  const ways = [
    ...(batch === undefined ? [] : [`global_batch_size ${batch}`]),
    ...(divisor === undefined ? [] : [`layers 1/${divisor} as wide`]),
  ];
  throw new GpuError(
    `This model needs ${megabytes(needs.totalBytes)} on the graphics device, ${megabytes(inBuffer ? needs.bufferBytes : needs.bindingBytes)} of it in one ${inBuffer ? 'buffer' : 'binding'}, ` +
      `but this adapter gives ${megabytes(inBuffer ? limits.maxBufferSize : limits.maxStorageBufferBindingSize)}. ` +
      (ways.length === 0
        ? 'No smaller batch mends that: take narrower layers, or train on wasm.'
        : `With ${ways.join(' or ')} it fits; or train on wasm.`),
  );
}

/** 1000 → 500, 250, 125, … 2. */
function halvesOf(rows: number): number[] {
  const halves: number[] = [];
  for (let half = rows >> 1; half >= 2; half >>= 1) halves.push(half);
  return halves;
}
