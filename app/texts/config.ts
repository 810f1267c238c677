/** Texts of the configuration panel. */
import { texts } from './language.ts';
import { plural } from './plural.ts';

export const configTexts = texts('config', {
  title: 'Configuration',
  open: 'Open',
  openHint: 'Open a YAML file',
  saveHint: 'Save the text as a file',
  resetHint: (name: string) => `Back to ${name} as it was`,
  preset: 'Preset',
  presetOf: (title: string, file: string) => `${title} · ${file}`,
  /** After a preset's or a file's name. */
  edited: ', edited',
  facts: 'Model facts',
  parameters: '{number} parameters',
  parametersAbout: (all: string, backbone: string) =>
    `${all} trained numbers; ${backbone} of them outside the towers.`,
  inputs: '{number} inputs',
  heads: '{number} heads',
  batch: 'batch {number}',
  stepCost: '{number} a step',
  stepCostAbout: 'Floating-point operations of one batch, forward and backward.',
  trainingBytes: '{number} to train',
  trainingBytesAbout:
    "What training holds at least: weights, gradients, Adam's two moments, and the activations of one batch.",
  errorsInForce: (errors: number) =>
    `${plural(errors, { one: '# error', other: '# errors' })}. The last valid configuration stays in force.`,
  errorsToMend: (errors: number) =>
    `${plural(errors, { one: '# error', other: '# errors' })}. Mend it to train.`,
  validWithRemarks: (remarks: number) =>
    `Valid, with ${plural(remarks, { one: '# remark', other: '# remarks' })}`,
  valid: 'Valid',
  status: 'Configuration status',
  problems: 'Problems',
  alsoAt: 'also at {places}',
  alsoAtPlace: (line: number, column: number) => `Also at line ${line}, column ${column}`,
});
