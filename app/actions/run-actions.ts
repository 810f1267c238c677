/** What can be done with the run there is. */
import { plural } from '../format.ts';
import type { Session } from '../session/session.ts';
import type { Action } from './action.ts';

/** Why nothing can be trained now. */
function cannotTrain(session: Session): string | null {
  const { phase, readOnly, starting } = session.run.getState();
  if (phase === 'preparing') return 'The model is being built.';
  if (starting) return 'The run begins.';
  if (session.config.getState().valid === null) return 'The configuration has errors: correct them first.';
  if (readOnly !== null) return `This run is open to look at only. ${readOnly}`;
  return null;
}

const isRunning = (session: Session): boolean => session.run.getState().phase === 'running';

/** Changes that a restart would take up, where there is a run to restart. */
export function staleChanges(session: Session): readonly string[] {
  const { step, manifest } = session.run.getState();
  const imported = (manifest?.recipe.warmStart ?? null) !== null;
  return step > 0 || imported ? session.draft.getState().changes : [];
}

export const trainAction: Action = {
  id: 'run.train',
  group: 'Run',
  title: (session) => {
    const { phase, step } = session.run.getState();
    if (phase === 'running') return 'Pause';
    if (phase === 'finished' || phase === 'diverged' || phase === 'failed') return 'Train again';
    return step > 0 ? 'Continue' : 'Train';
  },
  words: 'start stop resume play',
  keys: 'Mod+Enter',
  whileTyping: true,
  whyNot: cannotTrain,
  run: (session) => (isRunning(session) ? session.pause() : session.train()),
};

export const stepAction: Action = {
  id: 'run.step',
  group: 'Run',
  title: 'Step',
  words: 'one update batch',
  keys: 'Mod+.',
  whyNot: (session) =>
    cannotTrain(session) ?? (isRunning(session) ? 'The run trains: pause it first.' : null),
  run: (session) => session.step(),
};

export const extendAction: Action = {
  id: 'run.extend',
  group: 'Run',
  title: (session) => `Train ${plural(stepsInAll(session), 'step')} more`,
  words: 'extend longer',
  whyNot: (session) =>
    session.run.getState().phase === 'finished' ? null : 'Only a run that has finished is made longer.',
  run: (session) => session.extendAndTrain(stepsInAll(session)),
};

const stepsInAll = (session: Session): number => session.run.getState().config?.training.num_train_steps ?? 0;

export const restartAction: Action = {
  id: 'run.restart',
  group: 'Run',
  title: (session) => {
    const changes = staleChanges(session);
    return changes.length > 0 ? `Restart · ${plural(changes.length, 'change')}` : 'Restart';
  },
  words: 'new run initial weights again reset',
  keys: 'Mod+Shift+Enter',
  whileTyping: true,
  whyNot: (session) => {
    const { step, phase, manifest } = session.run.getState();
    const imported = (manifest?.recipe.warmStart ?? null) !== null;
    const begun = step > 0 || phase === 'running' || imported;
    return cannotTrain(session) ?? (begun ? null : 'Nothing is trained yet: press Train.');
  },
  run: (session) => session.restart(),
};

export const evaluateAction: Action = {
  id: 'run.evaluate',
  group: 'Run',
  title: 'Evaluate now',
  words: 'metrics validation',
  whyNot: (session) => {
    const { info, phase } = session.run.getState();
    const still = phase === 'paused' || phase === 'finished';
    return (
      cannotTrain(session) ?? (info && still ? null : 'Only a run that is paused or finished is evaluated.')
    );
  },
  run: (session) => session.evaluate(),
};

export const runActions: readonly Action[] = [
  trainAction,
  stepAction,
  restartAction,
  extendAction,
  evaluateAction,
];
