/** What can be done with the run there is. */
import type { Session } from '../session/session.ts';
import type { Action } from './action.ts';
import { actionTexts } from '../texts/actions.ts';

/** Why nothing can be trained now. */
function cannotTrain(session: Session): string | null {
  const { phase, readOnly, starting } = session.run.getState();
  if (phase === 'preparing') return actionTexts.modelBuilding;
  if (starting) return actionTexts.runBegins;
  if (session.config.getState().valid === null) return actionTexts.configBroken;
  if (readOnly !== null) return actionTexts.readOnly(readOnly);
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
  group: 'run',
  title: (session) => {
    const { phase, step } = session.run.getState();
    if (phase === 'running') return actionTexts.pause;
    if (phase === 'finished' || phase === 'diverged' || phase === 'failed') return actionTexts.trainAgain;
    return step > 0 ? actionTexts.continue : actionTexts.train;
  },
  keys: 'Mod+Enter',
  whileTyping: true,
  whyNot: cannotTrain,
  run: (session) => (isRunning(session) ? session.pause() : session.train()),
};

export const stepAction: Action = {
  id: 'run.step',
  group: 'run',
  title: () => actionTexts.step,
  keys: 'Mod+.',
  whyNot: (session) => cannotTrain(session) ?? (isRunning(session) ? actionTexts.pauseFirst : null),
  run: (session) => session.step(),
};

export const extendAction: Action = {
  id: 'run.extend',
  group: 'run',
  title: (session) => actionTexts.trainMore(stepsInAll(session)),
  whyNot: (session) => (session.run.getState().phase === 'finished' ? null : actionTexts.notFinished),
  run: (session) => session.extendAndTrain(stepsInAll(session)),
};

const stepsInAll = (session: Session): number => session.run.getState().config?.training.num_train_steps ?? 0;

export const restartAction: Action = {
  id: 'run.restart',
  group: 'run',
  title: (session) => {
    const changes = staleChanges(session);
    return changes.length > 0 ? actionTexts.restartWith(changes.length) : actionTexts.restart;
  },
  keys: 'Mod+Shift+Enter',
  whileTyping: true,
  whyNot: (session) => {
    const { step, phase, manifest } = session.run.getState();
    const imported = (manifest?.recipe.warmStart ?? null) !== null;
    const begun = step > 0 || phase === 'running' || imported;
    return cannotTrain(session) ?? (begun ? null : actionTexts.nothingTrained);
  },
  run: (session) => session.restart(),
};

export const evaluateAction: Action = {
  id: 'run.evaluate',
  group: 'run',
  title: () => actionTexts.evaluate,
  whyNot: (session) => {
    const { info, phase } = session.run.getState();
    const still = phase === 'paused' || phase === 'finished';
    return cannotTrain(session) ?? (info && still ? null : actionTexts.notStill);
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
