/** Texts of the engine's popover. */
import { texts } from './language.ts';

export const engineTexts = texts('engine', {
  engine: 'Engine',
  adapter: 'Adapter',
  imitated: (adapter: string) => `${adapter} (a graphics card imitated on the processor)`,
  why: 'Why',
  computeWith: 'Compute with',
  automatic: 'Automatic',
  about: {
    auto: 'The fastest one for this model on this device.',
    webgpu: "The playground's own kernels on the graphics card.",
    'tfjs-webgpu': 'TensorFlow.js on the graphics card.',
    'tfjs-wasm': 'TensorFlow.js on the processor. Needs no graphics card.',
    'tfjs-cpu': 'The plain reference: slow, to compare with.',
  },
  halfPrecision: 'Read weights in half precision',
  halfPrecisionAbout:
    'WebGPU only. Less memory traffic, about three digits; what is trained and exported stays full.',
  noisyShifts: 'Train shifts on rounding noise',
  noisyShiftsAbout:
    'As the reference does: a shift that only a BatchNorm reads has no gradient, and otherwise stays where it starts.',
  note: 'Another engine gives the same numbers within rounding. Changes take effect at the next start.',
});
