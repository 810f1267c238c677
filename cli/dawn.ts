/**
 * WebGPU in Node: Dawn, from the npm package `webgpu`. It is 130 MB of binaries, so it is not installed with the rest;
 * `npm install --no-save webgpu@0.6.2` adds it.
 */
import type { EngineOptions } from '../src/engines/engine.ts';
import type { GpuDevice } from '../src/engines/gpu/device.ts';
import { CliError } from './command.ts';

export const ADD_DAWN = 'npm install --no-save webgpu@0.6.2';

interface Dawn {
  readonly globals: object;
  create(options: readonly string[]): GPU;
}

let gpu: GPU | null = null;

/** Whether Dawn was loaded: its threads keep the process alive, so whoever ends it must do so by exit. */
export function isDawnLoaded(): boolean {
  return gpu !== null;
}

/** Null where the package is not installed or has no binary for this machine. */
async function loadDawn(): Promise<GPU | null> {
  if (gpu) return gpu;
  // Not known at build time: the package is optional.
  const name = 'webgpu';
  const dawn = (await import(name).catch(() => null)) as Dawn | null;
  if (!dawn) return null;
  Object.assign(globalThis, dawn.globals);
  gpu = dawn.create([]);
  return gpu;
}

/** A device with the limits that the model needs. */
async function request(found: GPU, options: EngineOptions): Promise<GpuDevice> {
  const { requestGpuDevice } = await import('../src/engines/gpu/device.ts');
  const { deviceNeeds } = await import('../src/engines/webgpu/needs.ts');
  return requestGpuDevice(found, deviceNeeds(options));
}

/** @throws CliError saying what is missing: the package, or an adapter. */
export async function dawnDevice(options: EngineOptions): Promise<GpuDevice> {
  const found = await loadDawn();
  if (!found) throw new CliError(`--engine webgpu needs Dawn: ${ADD_DAWN}, or take --engine wasm.`);
  const { NoWebGpuError } = await import('../src/engines/gpu/device.ts');
  try {
    return await request(found, options);
  } catch (error) {
    if (!(error instanceof NoWebGpuError)) throw error;
    throw new CliError(
      'Dawn finds no graphics adapter: install its Vulkan driver (VK_ICD_FILENAMES may name one), or take --engine wasm.',
    );
  }
}

/** The device of a real graphics adapter, null where there is none or Dawn is not installed. */
export async function hardwareDevice(options: EngineOptions): Promise<GpuDevice | null> {
  const found = await loadDawn();
  if (!found) return null;
  const device = await request(found, options).catch(() => null);
  if (device && !device.software) return device;
  device?.device.destroy();
  return null;
}
