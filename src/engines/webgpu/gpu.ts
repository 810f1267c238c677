/**
 * A device as the engine uses it: buffers counted, pipelines compiled once per shader, errors turned into exceptions that
 * name the kernel. It does not own the device; tfjs's backend may use the same one.
 */
import type { GpuDevice } from '../gpu/device.ts';
import { guarded, readBack } from '../gpu/read-back.ts';
import type { Kernel } from './kernels/kernel.ts';
import { declare } from './kernels/kernel.ts';
import type { GpuTarget } from './variants.ts';
import { targetOf } from './variants.ts';

/** The device refused a shader or a buffer: a bug of ours or a limit of the adapter, never silent. */
export class GpuError extends Error {
  override readonly name = 'GpuError';
}

/** What was compiled for a device; a restarted run finds its pipelines ready. */
interface Compiled {
  readonly pipelines: Map<string, Promise<GPUComputePipeline>>;
  readonly layouts: Map<string, GPUBindGroupLayout>;
}

const compiledFor = new WeakMap<GPUDevice, Compiled>();

export class Gpu {
  readonly device: GPUDevice;
  readonly software: boolean;
  /** What the guesses of kernel variants go by. */
  readonly target: GpuTarget;
  /** The adapter, in words. */
  readonly description: string;
  #bytes = 0;
  #buffers = 0;
  readonly #source: GpuDevice;
  readonly #compiled: Compiled;

  constructor(source: GpuDevice) {
    this.#source = source;
    this.device = source.device;
    this.software = source.software;
    this.description = source.description;
    this.target = targetOf(source.software, source.description, source.device.features.has('subgroups'));
    this.#compiled = compiledFor.get(source.device) ?? { pipelines: new Map(), layouts: new Map() };
    compiledFor.set(source.device, this.#compiled);
  }

  get bytes(): number {
    return this.#bytes;
  }

  get buffers(): number {
    return this.#buffers;
  }

  /** @throws DeviceLostError once the device is gone, or the first error that the device reported on its own. */
  check(): void {
    const failure = this.#source.failure();
    if (failure) throw failure;
  }

  /** Awaits a promise of the device and turns its rejection into DeviceLostError when the device is why. */
  guard<T>(promise: Promise<T>): Promise<T> {
    return guarded(this.#source, promise);
  }

  /** The first `bytes` of a MAP_READ buffer. @throws DeviceLostError when the device went away meanwhile. */
  read(buffer: GPUBuffer, bytes: number): Promise<Float32Array<ArrayBuffer>> {
    return readBack(this.#source, buffer, bytes);
  }

  /** A buffer that counts until `release`. */
  buffer(label: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    this.check();
    const { maxBufferSize } = this.device.limits;
    if (bytes > maxBufferSize)
      throw new GpuError(
        `${label} needs ${bytes} bytes in one buffer, but this adapter allows ${maxBufferSize}; use a smaller model`,
      );
    const buffer = this.device.createBuffer({ label, size: bytes, usage });
    this.#bytes += bytes;
    this.#buffers += 1;
    return buffer;
  }

  release(buffer: GPUBuffer): void {
    this.#bytes -= buffer.size;
    this.#buffers -= 1;
    buffer.destroy();
  }

  /** Layout of a kernel's only bind group: kernels with the same accesses share it. */
  layout(kernel: Kernel): GPUBindGroupLayout {
    const key = kernel.bindings.map(({ access }) => (access === 'read' ? 'read' : 'write')).join(' ');
    const known = this.#compiled.layouts.get(key);
    if (known) return known;
    const layout = this.device.createBindGroupLayout({
      label: key,
      entries: kernel.bindings.map(({ access }, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
      })),
    });
    this.#compiled.layouts.set(key, layout);
    return layout;
  }

  /** Whether a kernel's pipeline is there, or on its way. */
  knows(kernel: Kernel): boolean {
    return this.#compiled.pipelines.has(kernel.code);
  }

  /** Compiles off the main path; the same shader text is compiled once. */
  pipeline(kernel: Kernel): Promise<GPUComputePipeline> {
    const known = this.#compiled.pipelines.get(kernel.code);
    if (known) return known;
    const pipeline = this.#compile(kernel);
    this.#compiled.pipelines.set(kernel.code, pipeline);
    pipeline.catch(() => this.#compiled.pipelines.delete(kernel.code));
    return pipeline;
  }

  async #compile(kernel: Kernel): Promise<GPUComputePipeline> {
    const { device } = this;
    // What the device says of a shader is told with the kernel's name, and is no failure of the device.
    const { result, error } = this.#scoped(() => {
      const module = device.createShaderModule({ label: kernel.label, code: kernel.code });
      return {
        module,
        layout: device.createPipelineLayout({ bindGroupLayouts: [this.layout(kernel)] }),
      };
    });
    const refused = (message: string) =>
      new GpuError(`${kernel.label} does not compile: ${message}; bindings: ${declare(kernel.bindings)}`);
    const [pipeline, invalid] = await Promise.allSettled([
      device.createComputePipelineAsync({
        label: kernel.label,
        layout: result.layout,
        compute: { module: result.module, entryPoint: 'main' },
      }),
      error,
    ]);
    if (pipeline.status === 'fulfilled' && !(invalid.status === 'fulfilled' && invalid.value))
      return pipeline.value;
    this.check();
    const { messages } = await result.module.getCompilationInfo();
    const details = messages.map(({ lineNum, message }) => `line ${lineNum}: ${message}`).join('; ');
    const said = invalid.status === 'fulfilled' ? invalid.value?.message : undefined;
    const reason: unknown = pipeline.status === 'rejected' ? pipeline.reason : null;
    throw refused(details || said || (reason instanceof Error ? reason.message : String(reason)));
  }

  /** Runs a function that creates device objects and throws what the device objects to. */
  async validated<T>(what: string, create: () => T): Promise<T> {
    const { result, error } = this.#scoped(create);
    // A device that goes away meanwhile may take its scopes with it.
    const found = await guarded(this.#source, error, false);
    this.check();
    if (found) throw new GpuError(`${what}: ${found.message}`);
    return result;
  }

  /** Error scopes around a function; they are gone afterwards even when it throws, else the device would be mute for good. */
  #scoped<T>(create: () => T): { readonly result: T; readonly error: Promise<GPUError | null> } {
    const { device } = this;
    device.pushErrorScope('out-of-memory');
    device.pushErrorScope('validation');
    const pop = async () => {
      const [validation, memory] = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
      return validation ?? memory;
    };
    try {
      const result = create();
      return { result, error: pop() };
    } catch (error) {
      // What the device says besides is a consequence.
      pop().catch(() => undefined);
      throw error;
    }
  }
}
