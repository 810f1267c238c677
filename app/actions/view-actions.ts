/** Places to go, and how the page looks. */
import { THEMES } from '../stores/settings.ts';
import { goTo } from '../views/use-view.ts';
import { views } from '../views/views.ts';
import type { Action } from './action.ts';

const goActions = views.map(({ id, title, key }): Action => ({
  id: `go.${id}`,
  group: 'Views',
  title: `Go to ${title}`,
  keys: key,
  run: () => goTo(id),
}));

const themeActions = THEMES.map((theme): Action => ({
  id: `theme.${theme}`,
  group: 'Page',
  title: `Theme: ${theme === 'system' ? "the system's" : theme}`,
  words: 'dark light colours appearance',
  run: (session) => session.settings.getState().set({ theme }),
}));

export const viewActions: readonly Action[] = [...goActions, ...themeActions];
