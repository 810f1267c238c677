/** Real devices with one fault put in, as drivers have them. */
import type { GpuDevice } from '../../gpu/device.ts';

export interface Fault {
  /** Rewrites a shader before the device sees it. */
  readonly shader?: (label: string, code: string) => string;
  /** Called with the number of every submit, from 0. */
  readonly submit?: (count: number, device: GPUDevice) => void;
}

/** The same device, called a graphics card, with a fault, if any: without one it has what was compiled for it. */
export function faulty(gpu: GpuDevice, fault: Fault): GpuDevice {
  if (!fault.shader && !fault.submit) return { ...gpu, software: false };
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
        if (name === 'createShaderModule' && fault.shader && typeof first === 'object' && first !== null) {
          const { label = '', code } = first as GPUShaderModuleDescriptor;
          return target.createShaderModule({ label, code: fault.shader(label, code) });
        }
        return Reflect.apply(value, target, rest);
      };
    },
  });
  return { ...gpu, device, software: false };
}
