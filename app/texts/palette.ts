/** Texts of the palette and of the sheet of shortcuts. */
import { texts } from './language.ts';

export const paletteTexts = texts('palette', {
  find: 'Find an action',
  question: 'What do you want to do?',
  nothing: 'No action has these words.',
  shortcuts: 'Keyboard shortcuts',
  note: 'Every other action has its place in the palette. In the editors Tab moves on, Mod + [ and Mod + ] indent.',
});
