import { describe, expect, it } from 'vitest';
import { runExperiment } from './experiment-runner.ts';
import { storesOnly } from './testing.ts';

describe('an experiment', () => {
  it('that cannot be run puts back all that was in the editor and chosen as data', async () => {
    const session = storesOnly();
    const { config, data, settings } = session;
    config.getState().setText(`# mine\n${config.getState().text}`);
    data.getState().choose({ teacher: 'realistic', seed: 7, examples: 1000 });
    data.getState().setTeacherValue(['noise'], 0.25);
    settings.getState().set({ plannedChanges: [{ step: 3, key: 'learning_rate', value: 2 }] });
    const shown = () => {
      const { kind, teacher, teacherText, seed, examples } = data.getState();
      const { text, name, original } = config.getState();
      const { plannedChanges } = settings.getState();
      return { kind, teacher, teacherText, seed, examples, text, name, original, plannedChanges };
    };
    const before = shown();
    await expect(runExperiment(session, 'noise', () => {})).rejects.toThrow('This test has no workers.');
    expect(shown()).toEqual(before);
  });
});
