/** What can be done with the configuration's text. */
import { saveFile } from '../parts/save-file.ts';
import type { Action } from './action.ts';

export const saveConfigAction: Action = {
  id: 'config.save',
  group: 'Configuration',
  title: 'Save',
  words: 'configuration file YAML download',
  run: (session) => {
    const { name, text } = session.config.getState();
    saveFile(new Blob([text], { type: 'application/yaml' }), name || 'config.yaml');
  },
};

export const resetConfigAction: Action = {
  id: 'config.reset',
  group: 'Configuration',
  title: 'Reset',
  words: 'configuration as it was preset',
  whyNot: (session) => {
    const { name, text, original } = session.config.getState();
    return text === original ? `${name} is as it was.` : null;
  },
  run: (session) => session.config.getState().reset(),
};

export const configActions: readonly Action[] = [saveConfigAction, resetConfigAction];
