/** Texts of the dialog for a link that was opened. */
import { texts } from './language.ts';
import { plural } from './plural.ts';

export const linkTexts = texts('link', {
  broken: "This link can't be opened",
  nothingChanged: 'Nothing was changed.',
  close: 'Close',
  open: 'Open this link?',
  same: 'It shows what this page shows already.',
  sameInView: (view: string) => `It shows what this page shows already, in ${view}.`,
  changes: (changes: number) =>
    `It changes ${plural(changes, { one: '# thing', other: '# things' })} here. Your runs stay, and one Undo takes all of it back.`,
  changesList: 'What the link changes',
  andMore: (changes: string) => `and ${changes} more`,
  goThere: 'Go there',
  openIt: 'Open it',
  keepMine: 'Keep mine',
});
