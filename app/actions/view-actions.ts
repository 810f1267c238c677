/** Places to go, and how the page looks. */
import { THEMES } from '../stores/settings.ts';
import { goTo } from '../views/use-view.ts';
import { views } from '../views/views.ts';
import type { Action } from './action.ts';
import { actionTexts, actionWords } from '../texts/actions.ts';
import { pageTexts } from '../texts/page.ts';

const goActions = views.map(({ id, key }): Action => ({
  id: `go.${id}`,
  group: 'views',
  title: () => actionTexts.goTo(pageTexts.viewTitles[id]),
  keys: key,
  run: () => goTo(id),
}));

const themeActions = THEMES.map((theme): Action => ({
  id: `theme.${theme}`,
  group: 'page',
  title: () => actionTexts.theme(actionTexts.themes[theme]),
  words: () => actionWords['theme'] ?? '',
  run: (session) => session.settings.getState().set({ theme }),
}));

export const viewActions: readonly Action[] = [...goActions, ...themeActions];
