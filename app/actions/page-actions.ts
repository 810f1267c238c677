/** Ways to find the other actions. */
import type { Action } from './action.ts';
import { actionTexts } from '../texts/actions.ts';

export const paletteAction: Action = {
  id: 'page.palette',
  group: 'page',
  title: () => actionTexts.find,
  keys: 'Mod+K',
  whileTyping: true,
  run: (session) => session.page.getState().show('palette'),
};

export const shortcutsAction: Action = {
  id: 'page.shortcuts',
  group: 'page',
  title: () => actionTexts.shortcuts,
  keys: '?',
  run: (session) => session.page.getState().show('shortcuts'),
};

export const galleryAction: Action = {
  id: 'page.gallery',
  group: 'page',
  title: () => actionTexts.gallery,
  run: (session) => session.page.getState().show('gallery'),
};

export const pageActions: readonly Action[] = [paletteAction, shortcutsAction, galleryAction];
