/** Texts of the YAML editor and of what is suggested under it. */
import { texts } from './language.ts';

export const configEditorTexts = texts('configEditor', {
  editor: 'Configuration in YAML',
  default: (value: string) => `Default: ${value}`,
  youCouldTry: 'You could try {changes} {gallery}',
  changesEnd: '.',
  tried: (change: string) => `Tried: ${change}`,
  watch: 'Watch:',
  watchFor: '{watch} {what}',
  trainBeside: 'Train it beside the run there is',
  takeBack: 'Take it back',
});
