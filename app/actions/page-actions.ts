/** Ways to find the other actions. */
import type { Action } from './action.ts';

export const paletteAction: Action = {
  id: 'page.palette',
  group: 'Page',
  title: 'Find an action',
  words: 'command palette search',
  keys: 'Mod+K',
  whileTyping: true,
  run: (session) => session.page.getState().show('palette'),
};

export const shortcutsAction: Action = {
  id: 'page.shortcuts',
  group: 'Page',
  title: 'Keyboard shortcuts',
  words: 'keys help',
  keys: '?',
  run: (session) => session.page.getState().show('shortcuts'),
};

export const galleryAction: Action = {
  id: 'page.gallery',
  group: 'Page',
  title: 'Examples in pictures',
  words: 'gallery presets configurations data timelines',
  run: (session) => session.page.getState().show('gallery'),
};

export const pageActions: readonly Action[] = [paletteAction, shortcutsAction, galleryAction];
