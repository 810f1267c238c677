/**
 * tfjs backends: loads the one that is asked for, counts who uses it, and makes it current. tfjs's registry is global
 * to a thread, so several engines of a thread share one instance of each backend.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { GpuDevice } from '../gpu/device.ts';
import { requestGpuDevice } from '../gpu/device.ts';
import type { WasmPaths } from './wasm-paths.ts';
import { wasmPaths } from './wasm-paths.ts';

export type TfjsBackend = 'webgpu' | 'wasm' | 'cpu';

/** The use of a backend by one engine. */
export interface BackendLease {
  readonly name: TfjsBackend;
  /** Null but on webgpu. */
  readonly gpu: GpuDevice | null;
  /** Makes the backend current; every synchronous piece of tfjs work must start with it. */
  activate(): void;
  /** The last engine to release a backend frees its memory. */
  release(): void;
}

interface Shared {
  users: number;
  readonly gpu: GpuDevice | null;
  /** True when the device was requested here, so that it is destroyed with the backend. */
  readonly owned: boolean;
}

/** What is registered with tfjs now: a mirror of tfjs's own global registry. */
const registered = new Map<TfjsBackend, Shared>();

/** Settles when the last call of acquireBackend has: they run one after the other. */
let acquiring: Promise<unknown> = Promise.resolve();

export interface BackendOptions {
  /** The device to register the webgpu backend on; one is requested when absent. */
  readonly gpu?: GpuDevice;
  /** Where the wasm binaries are, when not where wasmPaths says. */
  readonly wasmPath?: WasmPaths;
}

/**
 * @throws NoWebGpuError when 'webgpu' is asked for and there is none.
 * @throws Error when engines on another device are still alive: tfjs can hold one GPU device per thread.
 */
export function acquireBackend(name: TfjsBackend, options: BackendOptions = {}): Promise<BackendLease> {
  const lease = acquiring.then(() => acquire(name, options));
  acquiring = lease.catch(() => null);
  return lease;
}

async function acquire(name: TfjsBackend, options: BackendOptions): Promise<BackendLease> {
  // Quiet in Node, and no NaN checks that read back every tensor.
  tf.env().set('PROD', true);
  const existing = registered.get(name);
  const usable =
    existing && !existing.gpu?.failure() && (!options.gpu || options.gpu.device === existing.gpu?.device);
  if (existing && !usable) {
    if (existing.users > 0 && !existing.gpu?.failure())
      throw new Error('tfjs holds one GPU device per thread: dispose the engines on the other device first');
    unregister(name, existing);
  }
  const own = existing && usable ? existing : await load(name, options);
  registered.set(name, own);
  own.users++;
  let released = false;
  return {
    name,
    gpu: own.gpu,
    activate: () => {
      // Once initialised, setBackend does its work before its first await.
      if (tf.getBackend() !== name) void tf.setBackend(name);
    },
    release: () => {
      if (released) return;
      released = true;
      own.users--;
      if (own.users === 0) unregister(name, own);
    },
  };
}

async function load(name: TfjsBackend, { gpu: given, wasmPath }: BackendOptions): Promise<Shared> {
  switch (name) {
    case 'webgpu': {
      const gpu = given ?? (await requestGpuDevice());
      const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
      if (tf.findBackendFactory(name)) tf.removeBackend(name);
      tf.registerBackend(name, () => new WebGPUBackend(gpu.device, gpu.info));
      await select(name);
      return { users: 0, gpu, owned: !given };
    }
    case 'wasm': {
      const { setWasmPaths, BackendWasm } = await import('@tensorflow/tfjs-backend-wasm');
      const paths = wasmPath ?? (await wasmPaths());
      setWasmPaths(typeof paths === 'string' ? paths : { ...paths });
      if (!BackendWasm) throw new Error('the wasm backend did not load');
      await select(name);
      return { users: 0, gpu: null, owned: false };
    }
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu');
      await select(name);
      return { users: 0, gpu: null, owned: false };
  }
}

async function select(name: TfjsBackend): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`the tfjs backend "${name}" could not start`);
}

/** Frees the backend's memory: webgpu's buffer pool never shrinks by itself, nor does the wasm heap. */
function unregister(name: TfjsBackend, shared: Shared): void {
  // After a lost device, the last engine on it may go when another device is registered already.
  if (registered.get(name) !== shared) return;
  registered.delete(name);
  if (name === 'cpu') return;
  const factory = tf.findBackendFactory(name);
  if (!factory) return;
  tf.removeBackend(name);
  if (name === 'wasm') tf.registerBackend(name, factory);
  if (shared.owned) shared.gpu?.device.destroy();
}
