/** What can be done with the configuration's text. */
import { saveFile } from '../parts/save-file.ts';
import { signedYaml } from '../version.ts';
import type { Action } from './action.ts';
import { actionTexts } from '../texts/actions.ts';

export const saveConfigAction: Action = {
  id: 'config.save',
  group: 'config',
  title: () => actionTexts.save,
  run: (session) => {
    const { name, text } = session.config.getState();
    saveFile(new Blob([signedYaml(text)], { type: 'application/yaml' }), name || 'config.yaml');
  },
};

export const resetConfigAction: Action = {
  id: 'config.reset',
  group: 'config',
  title: () => actionTexts.reset,
  whyNot: (session) => {
    const { name, text, original } = session.config.getState();
    return text === original ? actionTexts.asItWas(name) : null;
  },
  run: (session) => session.config.getState().reset(),
};

export const configActions: readonly Action[] = [saveConfigAction, resetConfigAction];
