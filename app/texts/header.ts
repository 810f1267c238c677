/** Texts of the page's head. */
import { texts } from './language.ts';

export const headerTexts = texts('header', {
  title: 'Heavy Ranker Playground',
  seed: 'Seed',
  undo: 'Undo',
  redo: 'Redo',
  findAction: 'Find an action',
  themes: { system: "the system's theme", light: 'light theme', dark: 'dark theme' },
  themeHint: (now: string, next: string) => `Now ${now}; switch to ${next}.`,
  themeName: (now: string, next: string) => `Theme: ${now}. Switch to ${next}`,
  starting: 'Starting…',
  noEngine: 'No engine',
  choosingKernels: (done: number, total: number) => `choosing kernels, ${done} of ${total}`,
  onProcessor: 'on the processor',
  engine: (name: string) => `Engine: ${name}`,
  engineOn: (name: string, place: string) => `Engine: ${name}, ${place}`,
  engineNames: {
    webgpu: 'WebGPU',
    'tfjs-webgpu': 'tfjs on WebGPU',
    'tfjs-wasm': 'tfjs on WebAssembly',
    'tfjs-cpu': 'tfjs in JavaScript',
  },
});
