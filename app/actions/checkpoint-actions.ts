/** The checkpoints that the run keeps, each to go back to or to begin another run from. */
import { count } from '../format.ts';
import type { Session } from '../session/session.ts';
import { weightsPanelTexts } from '../texts/weights.ts';
import type { Action } from './action.ts';
import { actionTexts } from '../texts/actions.ts';

/** The newest are listed; older ones are found by their words. */
export const CHECKPOINTS_SHOWN = 8;

function busy(session: Session): string | null {
  const { phase, readOnly } = session.run.getState();
  if (phase === 'preparing') return actionTexts.modelBuilding;
  return readOnly === null ? null : actionTexts.readOnly(readOnly);
}

export function goBackAction(step: number): Action {
  return {
    id: `run.back.${step}`,
    group: 'run',
    title: () => weightsPanelTexts.goBackTo(count(step)),
    words: () => weightsPanelTexts.checkpoints,
    whyNot: busy,
    run: (session) => session.restore(step),
  };
}

export function branchAction(step: number): Action {
  return {
    id: `run.branch.${step}`,
    group: 'run',
    title: () => weightsPanelTexts.branchFrom(count(step)),
    words: () => weightsPanelTexts.checkpoints,
    whyNot: (session) => busy(session) ?? (session.draft.getState().recipe ? null : actionTexts.configBroken),
    run: (session) => session.branch(step),
  };
}

export function checkpointActions(session: Session): Action[] {
  return session.run
    .getState()
    .checkpoints.toReversed()
    .flatMap(({ step }, at) => {
      const all = [goBackAction(step), branchAction(step)];
      return at < CHECKPOINTS_SHOWN ? all : all.map((action) => ({ ...action, unlisted: true }));
    });
}
