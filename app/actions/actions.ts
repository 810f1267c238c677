/** Every action, each once: what the palette, the sheet of shortcuts and the keys know. Loaded when the page stands. */
import { chooseActions } from './choose-actions.ts';
import type { Action } from './action.ts';
import { configActions } from './config-actions.ts';
import { editActions } from './edit-actions.ts';
import { pageActions } from './page-actions.ts';
import { runActions } from './run-actions.ts';
import { shareActions } from './share-actions.ts';
import { viewActions } from './view-actions.ts';

export const actions: readonly Action[] = [
  ...runActions,
  ...editActions,
  ...configActions,
  ...chooseActions,
  ...shareActions,
  ...viewActions,
  ...pageActions,
];
