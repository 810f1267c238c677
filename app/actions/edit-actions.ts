/** Undo and redo of whatever was edited last. */
import type { Action } from './action.ts';
import { actionTexts } from '../texts/actions.ts';

export const undoAction: Action = {
  id: 'edit.undo',
  group: 'edit',
  title: (session) => {
    const what = session.history.undoable();
    return what === null ? actionTexts.undo : actionTexts.undoOf(what);
  },
  keys: 'Mod+Z',
  whyNot: (session) => (session.history.undoable() === null ? actionTexts.nothingEdited : null),
  run: async (session) => {
    await session.history.undo();
  },
};

export const redoAction: Action = {
  id: 'edit.redo',
  group: 'edit',
  title: (session) => {
    const what = session.history.redoable();
    return what === null ? actionTexts.redo : actionTexts.redoOf(what);
  },
  keys: 'Mod+Shift+Z',
  otherKeys: ['Mod+Y'],
  whyNot: (session) => (session.history.redoable() === null ? actionTexts.nothingUndone : null),
  run: async (session) => {
    await session.history.redo();
  },
};

export const editActions: readonly Action[] = [undoAction, redoAction];
