/**
 * The buffers that all plans of an engine share: the parameter arena, its two moments, small gradients, untrained numbers,
 * the words of the current step; where asked for, weights in half precision; and, from the first gradient accumulation
 * on, stored weight gradients.
 */
import { hyperLength } from './kernels/kernel.ts';
import type { CompiledModel } from './plan/compiled-model.ts';
import type { SharedBuffer } from './plan/plan.ts';
import type { Gpu } from './gpu.ts';
import { GpuError } from './gpu.ts';

/** writeBuffer copies through a staging area of the same size, so big uploads go in pieces. */
const CHUNK = 4 * 2 ** 20;

export class SharedMemory {
  readonly #buffers = new Map<SharedBuffer, GPUBuffer>();

  constructor(
    private readonly gpu: Gpu,
    private readonly model: CompiledModel,
  ) {}

  /** Words of a shared buffer. */
  length(name: SharedBuffer): number {
    const { layout, graph } = this.model;
    switch (name) {
      case 'params':
      case 'expAvg':
      case 'expAvgSq':
        return layout.arenaLength;
      case 'halves':
        return Math.max(4, layout.smallOffset / 2);
      case 'grads':
        return Math.max(4, layout.smallOffset);
      case 'smallGrads':
      case 'smallGroups':
        return layout.smallLength;
      case 'running':
        return layout.runningLength;
      case 'hyper':
        return hyperLength(graph.groups.length);
    }
  }

  /** The buffer, made on first use. */
  get(name: SharedBuffer): GPUBuffer {
    const known = this.#buffers.get(name);
    if (known) return known;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    const buffer = this.gpu.buffer(name, Math.ceil(this.length(name) / 4) * 16, usage);
    this.#buffers.set(name, buffer);
    return buffer;
  }

  write(name: SharedBuffer, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): void {
    const buffer = this.get(name);
    for (let begin = 0; begin < data.length; begin += CHUNK)
      this.gpu.device.queue.writeBuffer(buffer, begin * 4, data, begin, Math.min(CHUNK, data.length - begin));
  }

  clear(name: SharedBuffer): void {
    const encoder = this.gpu.device.createCommandEncoder({ label: `clear ${name}` });
    encoder.clearBuffer(this.get(name));
    this.gpu.device.queue.submit([encoder.finish()]);
  }

  /** Reads a buffer back in pieces through one staging buffer. */
  async read(name: SharedBuffer): Promise<Float32Array<ArrayBuffer>> {
    const { gpu } = this;
    const buffer = this.get(name);
    const length = this.length(name);
    const result = new Float32Array(length);
    const staging = gpu.buffer(
      'read back',
      Math.min(CHUNK, Math.ceil(length / 4) * 4) * 4,
      GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    );
    try {
      for (let begin = 0; begin < length; begin += CHUNK) {
        const floats = Math.min(CHUNK, length - begin);
        const encoder = gpu.device.createCommandEncoder({ label: `read ${name}` });
        encoder.copyBufferToBuffer(buffer, begin * 4, staging, 0, floats * 4);
        gpu.device.queue.submit([encoder.finish()]);
        result.set(await gpu.read(staging, floats * 4), begin);
      }
    } finally {
      gpu.release(staging);
    }
    return result;
  }

  /**
   * Copies whole buffers aside on the device, behind the work submitted so far: what is submitted later does not change
   * them, and need not wait.
   * @returns a function that reads and frees the copies; null where the device has no room for them.
   */
  async snapshot(
    names: readonly SharedBuffer[],
  ): Promise<((name: SharedBuffer) => Promise<Float32Array<ArrayBuffer>>) | null> {
    const { gpu } = this;
    const copies = new Map<SharedBuffer, GPUBuffer>();
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    try {
      await gpu.validated('a copy of the parameters', () => {
        for (const name of names)
          copies.set(name, gpu.buffer(`copy of ${name}`, Math.ceil(this.length(name) / 4) * 16, usage));
      });
    } catch (error) {
      for (const copy of copies.values()) gpu.release(copy);
      if (error instanceof GpuError) return null;
      throw error;
    }
    const encoder = gpu.device.createCommandEncoder({ label: 'copy the parameters' });
    for (const [name, copy] of copies) encoder.copyBufferToBuffer(this.get(name), 0, copy, 0, copy.size);
    gpu.device.queue.submit([encoder.finish()]);
    return async (name) => {
      const copy = copies.get(name);
      if (!copy) throw new Error(`${name} was not copied`);
      try {
        return await gpu.read(copy, this.length(name) * 4);
      } finally {
        gpu.release(copy);
      }
    };
  }

  dispose(): void {
    for (const buffer of this.#buffers.values()) this.gpu.release(buffer);
    this.#buffers.clear();
  }
}
