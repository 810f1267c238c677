/**
 * Counts what a program asks of WebGPU by wrapping the API's own methods, so that every engine is counted alike and none
 * by its own opinion. Install before the first device is made.
 */

export interface GpuCounts {
  readonly dispatches: number;
  readonly submits: number;
  readonly bindGroups: number;
  readonly buffersCreated: number;
  /** Bytes of buffers created and not destroyed. */
  readonly bytesHeld: number;
  /**
   * Static count of bytes moved: for each dispatch the bound ranges of its storage buffers, twice where the shader both
   * loads and stores; plus queue writes and buffer copies (read and write). Caches are not modelled.
   */
  readonly bytesMoved: number;
}

interface Binding {
  readonly binding: number;
  readonly bytes: number;
}

/** Passes over memory by binding number, read off the shader's text: 1, or 2 for a binding loaded and stored. */
type Traffic = ReadonlyMap<string, number>;

function trafficOf(code: string): Traffic {
  const traffic = new Map<string, number>();
  const declaration =
    /@group\((\d+)\)\s*@binding\((\d+)\)\s*var<\s*storage\s*(?:,\s*(read_write|read)\s*)?>\s*(\w+)/g;
  for (const [, group, binding, access, name] of code.matchAll(declaration)) {
    if (access !== 'read_write') {
      traffic.set(`${group}.${binding}`, 1);
      continue;
    }
    const uses = [...code.matchAll(new RegExp(`\\b${name}\\b(?!\\s*:)[^;\\n]*?(=(?!=))?`, 'g'))].length - 1;
    const stores = [
      ...code.matchAll(new RegExp(`\\b${name}(?:\\.\\w+)?\\[[^;]*?\\](?:\\.\\w+)?\\s*=(?!=)`, 'g')),
    ].length;
    traffic.set(`${group}.${binding}`, uses > stores && stores > 0 ? 2 : 1);
  }
  return traffic;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Replaces a method by one that calls it and then tells `seen` its receiver, arguments and result. */
function observe<T extends object>(
  target: T,
  name: keyof T & string,
  seen: (self: T, args: readonly unknown[], result: unknown) => void,
): void {
  const original = Reflect.get(target, name) as Method;
  const wrapped: Method = function (...args) {
    const result = Reflect.apply(original, this, args);
    seen(this as T, args, result);
    return result;
  };
  Reflect.set(target, name, wrapped);
}

function boundBytes(resource: GPUBindingResource): number | null {
  if (resource instanceof GPUBuffer) return resource.size;
  if (!('buffer' in resource)) return null;
  return resource.size ?? resource.buffer.size - (resource.offset ?? 0);
}

/** Wraps the global WebGPU classes; returns a function that reads the counts so far. */
export function installGpuCounters(): () => GpuCounts {
  const counts = {
    dispatches: 0,
    submits: 0,
    bindGroups: 0,
    buffersCreated: 0,
    bytesHeld: 0,
    bytesMoved: 0,
  };
  const noTraffic: Traffic = new Map();
  const shaders = new WeakMap<object, Traffic>();
  const pipelines = new WeakMap<object, Traffic>();
  const groups = new WeakMap<object, readonly Binding[]>();
  const live = new WeakSet<GPUBuffer>();
  const passes = new WeakMap<object, { traffic: Traffic; groups: Map<number, object> }>();

  const device = GPUDevice.prototype;
  observe(device, 'createBuffer', (_self, _args, result) => {
    const buffer = result as GPUBuffer;
    counts.buffersCreated++;
    counts.bytesHeld += buffer.size;
    live.add(buffer);
  });
  observe(GPUBuffer.prototype, 'destroy', (buffer) => {
    if (live.delete(buffer)) counts.bytesHeld -= buffer.size;
  });
  observe(device, 'createBindGroup', (_self, args, result) => {
    counts.bindGroups++;
    const { entries } = args[0] as GPUBindGroupDescriptor;
    const bindings: Binding[] = [];
    for (const { binding, resource } of entries) {
      const bytes = boundBytes(resource);
      if (bytes !== null) bindings.push({ binding, bytes });
    }
    groups.set(result as object, bindings);
  });
  observe(device, 'createShaderModule', (_self, args, result) => {
    shaders.set(result as object, trafficOf((args[0] as GPUShaderModuleDescriptor).code));
  });
  const made = (descriptor: unknown, pipeline: object): void => {
    const { compute } = descriptor as GPUComputePipelineDescriptor;
    pipelines.set(pipeline, shaders.get(compute.module) ?? noTraffic);
  };
  observe(device, 'createComputePipeline', (_self, args, result) => made(args[0], result as object));
  observe(device, 'createComputePipelineAsync', (_self, args, result) => {
    void (result as Promise<GPUComputePipeline>).then((pipeline) => made(args[0], pipeline));
  });

  const pass = GPUComputePassEncoder.prototype;
  const stateOf = (encoder: object) => {
    const state = passes.get(encoder) ?? { traffic: noTraffic, groups: new Map<number, object>() };
    passes.set(encoder, state);
    return state;
  };
  observe(pass, 'setPipeline', (encoder, args) => {
    stateOf(encoder).traffic = pipelines.get(args[0] as object) ?? noTraffic;
  });
  observe(pass, 'setBindGroup', (encoder, args) => {
    if (args[1]) stateOf(encoder).groups.set(Number(args[0]), args[1] as object);
  });
  const dispatched = (encoder: object): void => {
    counts.dispatches++;
    const { traffic, groups: current } = stateOf(encoder);
    for (const [index, group] of current) {
      for (const { binding, bytes } of groups.get(group) ?? []) {
        counts.bytesMoved += bytes * (traffic.get(`${index}.${binding}`) ?? 0);
      }
    }
  };
  observe(pass, 'dispatchWorkgroups', dispatched);
  observe(pass, 'dispatchWorkgroupsIndirect', dispatched);

  observe(GPUQueue.prototype, 'submit', () => {
    counts.submits++;
  });
  observe(GPUQueue.prototype, 'writeBuffer', (_self, args) => {
    const data = args[2] as ArrayBufferView | ArrayBuffer;
    const unit = 'BYTES_PER_ELEMENT' in data ? Number(data.BYTES_PER_ELEMENT) : 1;
    counts.bytesMoved += typeof args[4] === 'number' ? args[4] * unit : data.byteLength;
  });
  observe(GPUCommandEncoder.prototype, 'copyBufferToBuffer', (_self, args) => {
    const size = args.at(-1);
    if (typeof size === 'number') counts.bytesMoved += 2 * size;
  });

  return () => ({ ...counts });
}
