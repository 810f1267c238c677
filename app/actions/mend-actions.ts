/** What mends a run that has stopped: new workers, another try, a step back at half the rate. */
import { lossGoodUntil } from '../../src/training/guidance/findings.ts';
import { wayBack } from '../../src/training/guidance/way-back.ts';
import type { Session } from '../session/session.ts';
import { noticeTexts } from '../texts/notices.ts';
import { actionTexts } from '../texts/actions.ts';
import type { Action } from './action.ts';

/** Once its worker has died. */
export const reviveAction: Action = {
  id: 'run.revive',
  group: 'runs',
  title: () => noticeTexts.bringBack,
  whyNot: ({ run }) => (run.getState().failure?.kind === 'worker' ? null : actionTexts.workersLive),
  run: (session) => session.revive(),
};

/** Where a run could not be made, or has stopped: from its newest state, where something was trained. */
export const prepareAction: Action = {
  id: 'run.prepare',
  group: 'runs',
  title: () => actionTexts.makeAgain,
  whyNot: ({ run }) => {
    const { failure } = run.getState();
    return failure && failure.kind !== 'worker' ? null : actionTexts.nothingFailed;
  },
  run: async (session) => {
    if (session.run.getState().step > 0) await session.revive();
    else await session.prepare();
  },
};

/** Where the graphics device is lost again and again: the run goes on without one, from its newest state. */
export const onProcessorAction: Action = {
  id: 'run.onProcessor',
  group: 'runs',
  title: () => noticeTexts.onProcessor,
  whyNot: ({ run }) => {
    const { failure, readOnly, busy, step, manifest, info } = run.getState();
    const engine = manifest?.ran.at(-1)?.engine ?? info?.engine ?? '';
    const stopped = (failure !== null || readOnly !== null) && !busy && step > 0;
    return stopped && engine.endsWith('webgpu') ? null : actionTexts.deviceThere;
  },
  run: (session) => session.revive('tfjs-wasm'),
};

/** One that another tab had. */
export const reopenAction: Action = {
  id: 'run.reopen',
  group: 'runs',
  title: () => actionTexts.openAgain,
  whyNot: ({ run }) => (run.getState().readOnly === null ? actionTexts.notReadOnly : null),
  run: async (session) => {
    const { manifest } = session.run.getState();
    if (manifest) await session.open(manifest.id);
  },
};

/**
 * The last checkpoint before the loss flew off; null where none is kept, or nothing diverged. Finite weights may have
 * flown off already: those of before are better, where they are kept.
 */
export function goodCheckpoint({ run }: Session): number | null {
  const { divergence, series, manifest } = run.getState();
  if (!divergence) return null;
  const { restorable } = divergence;
  const until = lossGoodUntil(series?.losses ?? []);
  const before = until === null ? [] : restorable.filter((kept) => kept <= until);
  return wayBack(before.length > 0 ? before : restorable, manifest?.recipe.changes ?? []);
}

export const halfRateAction: Action = {
  id: 'run.halfRate',
  group: 'runs',
  title: () => actionTexts.halfRate,
  whyNot: (session) => (goodCheckpoint(session) === null ? actionTexts.notDiverged : null),
  run: async (session) => {
    const step = goodCheckpoint(session);
    if (step === null) return;
    const { backAtHalfRate } = await import('../panels/guidance/half-rate.ts');
    await backAtHalfRate(session, step);
  },
};

export const mendActions: readonly Action[] = [
  reviveAction,
  prepareAction,
  onProcessorAction,
  reopenAction,
  halfRateAction,
];
