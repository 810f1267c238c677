/** Texts of the borders between columns. */
import { texts } from './language.ts';

export const columnsTexts = texts('columns', {
  width: (name: string) => `Width of ${name}`,
  hint: 'Drag, or press the arrow keys, to make the columns wider or narrower; double click, or press Enter, for the widths they came with',
  configuration: 'configuration and data',
  training: 'training',
  timeline: 'the timeline',
});
