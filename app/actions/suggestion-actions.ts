/** "You could try": each change by its words, and the way back. */
import { suggestions, takeBack, tryOut } from '../session/suggestions.ts';
import { stillStands } from '../session/tried.ts';
import type { Suggestion, Tried } from '../session/tried.ts';
import type { Session } from '../session/session.ts';
import { actionTexts } from '../texts/actions.ts';
import { suggestionTexts } from '../texts/suggestions.ts';
import type { Action } from './action.ts';
import '../stores/readers.ts';

/** The suggestion that was taken and still stands. */
export function triedNow(session: Session): Tried | null {
  const { tried } = session.page.getState();
  return tried && stillStands(tried, session) ? tried : null;
}

export const tryAction = (suggestion: Suggestion): Action => ({
  id: `config.try.${suggestion.id}`,
  group: 'config',
  title: () => actionTexts.tryOut(suggestionTexts[suggestion.id].words),
  words: () => suggestionTexts[suggestion.id].about,
  whyNot: (session) => {
    if (triedNow(session)?.id === suggestion.id) return actionTexts.isTried;
    return suggestion.attempt(session) ? null : actionTexts.nothingToTry;
  },
  run: (session) => {
    const { setTried } = session.page.getState();
    setTried(tryOut(suggestion, triedNow(session), session));
  },
});

export const suggestionActions: readonly Action[] = suggestions.map(tryAction);

export const takeBackAction: Action = {
  id: 'config.takeBack',
  group: 'config',
  title: () => actionTexts.takeBack,
  whyNot: (session) => (triedNow(session) ? null : actionTexts.nothingTried),
  run: (session) => {
    const tried = triedNow(session);
    if (!tried) return;
    takeBack(tried, session);
    session.page.getState().setTried(null);
  },
};
