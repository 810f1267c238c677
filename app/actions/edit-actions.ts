/** Undo and redo of whatever was edited last. */
import type { Action } from './action.ts';

export const undoAction: Action = {
  id: 'edit.undo',
  group: 'Edit',
  title: (session) => {
    const what = session.history.undoable();
    return what === null ? 'Undo' : `Undo: ${what}`;
  },
  words: 'take back',
  keys: 'Mod+Z',
  whyNot: (session) => (session.history.undoable() === null ? 'Nothing was edited yet.' : null),
  run: async (session) => {
    await session.history.undo();
  },
};

export const redoAction: Action = {
  id: 'edit.redo',
  group: 'Edit',
  title: (session) => {
    const what = session.history.redoable();
    return what === null ? 'Redo' : `Redo: ${what}`;
  },
  words: 'again',
  keys: 'Mod+Shift+Z',
  otherKeys: ['Mod+Y'],
  whyNot: (session) => (session.history.redoable() === null ? 'Nothing was undone.' : null),
  run: async (session) => {
    await session.history.redo();
  },
};

export const editActions: readonly Action[] = [undoAction, redoAction];
