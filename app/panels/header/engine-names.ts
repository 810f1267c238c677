/** What the page calls the engines. */
import type { EngineName } from '../../../src/engines/engine.ts';

export const engineNames: Readonly<Record<EngineName, string>> = {
  webgpu: 'WebGPU',
  'tfjs-webgpu': 'tfjs on WebGPU',
  'tfjs-wasm': 'tfjs on WebAssembly',
  'tfjs-cpu': 'tfjs in JavaScript',
};
