/**
 * Counts what any code asks of WebGPU, by wrapping the prototypes of GPUDevice, GPUQueue and their kin: the counts are the
 * browser's view, not an engine's own opinion. For tests and benchmarks; install before the engine is made.
 */

export interface GpuCounts {
  dispatches: number;
  submits: number;
  passes: number;
  bindGroups: number;
  buffersCreated: number;
  pipelines: number;
  uploads: number;
  uploadedBytes: number;
  copies: number;
}

export interface GpuCounter {
  /** Counts since the last reset. */
  readonly counts: GpuCounts;
  /** Buffers that were created under this counter and not destroyed, and their bytes. */
  alive(): { buffers: number; bytes: number };
  reset(): void;
  /** Puts the prototypes back. */
  restore(): void;
}

const zero = (): GpuCounts => ({
  dispatches: 0,
  submits: 0,
  passes: 0,
  bindGroups: 0,
  buffersCreated: 0,
  pipelines: 0,
  uploads: 0,
  uploadedBytes: 0,
  copies: 0,
});

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Starts counting on this thread. */
export function countGpu(): GpuCounter {
  const counts = zero();
  const alive = new Map<unknown, number>();
  const undo: (() => void)[] = [];
  const wrap = (
    prototype: object,
    name: string,
    after: (args: unknown[], result: unknown, self: unknown) => void,
  ) => {
    const original: unknown = Reflect.get(prototype, name);
    if (typeof original !== 'function') return;
    const call = original as Method;
    const wrapped: Method = function (...args) {
      const result = call.apply(this, args);
      after(args, result, this);
      return result;
    };
    Reflect.set(prototype, name, wrapped);
    undo.push(() => Reflect.set(prototype, name, original));
  };
  const bump = (key: keyof GpuCounts) => () => {
    counts[key] += 1;
  };
  wrap(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', bump('dispatches'));
  wrap(GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect', bump('dispatches'));
  wrap(GPUCommandEncoder.prototype, 'beginComputePass', bump('passes'));
  wrap(GPUCommandEncoder.prototype, 'copyBufferToBuffer', bump('copies'));
  wrap(GPUQueue.prototype, 'submit', bump('submits'));
  wrap(GPUQueue.prototype, 'writeBuffer', ([, , data, , size]) => {
    counts.uploads += 1;
    const bytes = ArrayBuffer.isView(data)
      ? data.byteLength
      : data instanceof ArrayBuffer
        ? data.byteLength
        : 0;
    const unit = ArrayBuffer.isView(data) && 'BYTES_PER_ELEMENT' in data ? Number(data.BYTES_PER_ELEMENT) : 1;
    counts.uploadedBytes += typeof size === 'number' ? size * unit : bytes;
  });
  wrap(GPUDevice.prototype, 'createBindGroup', bump('bindGroups'));
  wrap(GPUDevice.prototype, 'createComputePipeline', bump('pipelines'));
  wrap(GPUDevice.prototype, 'createComputePipelineAsync', bump('pipelines'));
  wrap(GPUDevice.prototype, 'createBuffer', (_, buffer) => {
    counts.buffersCreated += 1;
    if (buffer instanceof GPUBuffer) alive.set(buffer, buffer.size);
  });
  wrap(GPUBuffer.prototype, 'destroy', (_, __, buffer) => alive.delete(buffer));
  return {
    counts,
    alive: () => ({
      buffers: alive.size,
      bytes: [...alive.values()].reduce((sum, bytes) => sum + bytes, 0),
    }),
    reset: () => Object.assign(counts, zero()),
    restore: () => undo.forEach((each) => each()),
  };
}
