/** Switches and ways back of data and engine. */
import type { Session } from '../session/session.ts';
import type { Settings } from '../stores/settings.ts';
import { actionTexts } from '../texts/actions.ts';
import type { Action } from './action.ts';

export const resetTeacherAction: Action = {
  id: 'data.teacher.reset',
  group: 'data',
  title: () => actionTexts.resetTeacher,
  whyNot: ({ data }) => {
    const { kind, teacherText, teacherOriginal } = data.getState();
    if (kind !== 'teacher') return actionTexts.noTeacher;
    return teacherText === teacherOriginal.text ? actionTexts.teacherAsItWas : null;
  },
  run: ({ data }) => data.getState().setTeacherText(data.getState().teacherOriginal.text),
};

export const columnsAction: Action = {
  id: 'data.columns',
  group: 'data',
  title: () => actionTexts.chooseColumns,
  whyNot: ({ data }) => (data.getState().tableFile ? null : actionTexts.noTableFile),
  run: ({ data, page }) => page.getState().lookAt(data.getState().tableFile),
};

const rawLabelsAction: Action = {
  id: 'data.rawLabels',
  group: 'data',
  title: ({ data }) => (data.getState().rawLabels ? actionTexts.preparedLabels : actionTexts.rawLabels),
  run: ({ data }) => data.getState().choose({ rawLabels: !data.getState().rawLabels }),
};

const cancelReadingAction: Action = {
  id: 'data.cancelReading',
  group: 'data',
  title: () => actionTexts.cancelReading,
  whyNot: ({ data }) => (data.getState().reading ? null : actionTexts.nothingRead),
  run: ({ dataActions }) => dataActions.cancelReading(),
};

const cancelExportAction: Action = {
  id: 'data.cancelExport',
  group: 'data',
  title: () => actionTexts.cancelExport,
  whyNot: ({ data }) => (data.getState().exporting ? null : actionTexts.nothingExported),
  run: ({ dataActions }) => dataActions.cancelExport(),
};

function engineSwitch(key: 'halfWeights' | 'noisyShifts', on: () => string, off: () => string): Action {
  const value = ({ settings }: Session): boolean => settings.getState()[key];
  return {
    id: `config.${key}`,
    group: 'config',
    title: (session) => (value(session) ? off : on)(),
    run: (session) => session.settings.getState().set({ [key]: !value(session) } satisfies Partial<Settings>),
  };
}

export const dataEditActions: readonly Action[] = [
  resetTeacherAction,
  columnsAction,
  rawLabelsAction,
  cancelReadingAction,
  cancelExportAction,
  engineSwitch(
    'halfWeights',
    () => actionTexts.halfWeights,
    () => actionTexts.wholeWeights,
  ),
  engineSwitch(
    'noisyShifts',
    () => actionTexts.noisyShifts,
    () => actionTexts.quietShifts,
  ),
];
