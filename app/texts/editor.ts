/** Texts of every editor of longer texts. */
import { texts } from './language.ts';

export const editorTexts = texts('editor', {
  leave: 'Tab leaves the editor.',
});
