/** Real devices with one fault put in, as drivers have them. */
import type { GpuDevice } from '../../gpu/device.ts';

export interface Fault {
  /** Rewrites a shader before the device sees it. */
  readonly shader?: (label: string, code: string) => string;
  /** Called with the number of every submit, from 0. */
  readonly submit?: (count: number, device: GPUDevice) => void;
}

/** What was compiled on a device, by shader: one fault spoils one kernel, and the others need no compiling for each. */
const compiledOn = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>();
const codes = new WeakMap<GPUShaderModule, string>();

function compiled(device: GPUDevice, descriptor: GPUComputePipelineDescriptor): Promise<GPUComputePipeline> {
  const known = compiledOn.get(device) ?? new Map<string, Promise<GPUComputePipeline>>();
  compiledOn.set(device, known);
  const code = codes.get(descriptor.compute.module) ?? '';
  const pipeline = known.get(code) ?? device.createComputePipelineAsync(descriptor);
  known.set(code, pipeline);
  pipeline.catch(() => known.delete(code));
  return pipeline;
}

/** The same device, called a graphics card, with a fault. */
export function faulty(gpu: GpuDevice, fault: Fault): GpuDevice {
  let submits = 0;
  const queue = new Proxy(gpu.device.queue, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...rest: unknown[]): unknown => {
        if (name === 'submit') fault.submit?.(submits++, gpu.device);
        return Reflect.apply(value, target, rest);
      };
    },
  });
  const device = new Proxy(gpu.device, {
    get(target, name) {
      if (name === 'queue') return queue;
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...rest: unknown[]): unknown => {
        const [first] = rest;
        if (name === 'createShaderModule') {
          const { label = '', code: given } = first as GPUShaderModuleDescriptor;
          const code = fault.shader?.(label, given) ?? given;
          const module = target.createShaderModule({ label, code });
          codes.set(module, code);
          return module;
        }
        if (name === 'createComputePipelineAsync')
          return compiled(target, first as GPUComputePipelineDescriptor);
        return Reflect.apply(value, target, rest);
      };
    },
  });
  return { ...gpu, device, software: false };
}
