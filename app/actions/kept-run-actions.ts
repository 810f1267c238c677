/** What can be done with each of the kept runs, and with those that are chosen among them. */
import type { RunManifest } from '../../src/runs/manifest.ts';
import type { RunEntry } from '../../src/workers/runs-protocol.ts';
import type { Session } from '../session/session.ts';
import { goTo } from '../views/use-view.ts';
import type { Action } from './action.ts';
import { actionTexts } from '../texts/actions.ts';

/** The newest; the Runs view has all of them. */
const LISTED = 8;

const isOpen = (session: Session, { id }: RunManifest): boolean => session.run.getState().manifest?.id === id;

export function openRunAction(manifest: RunManifest): Action {
  return {
    id: `runs.open.${manifest.id}`,
    group: 'runs',
    title: () => actionTexts.openRun(manifest.name),
    whyNot: (session) => (isOpen(session, manifest) ? actionTexts.isOpen : null),
    run: async (session) => {
      goTo('train');
      await session.open(manifest.id);
    },
  };
}

export function showRunAction(manifest: RunManifest): Action {
  const shown = ({ comparison }: Session): boolean =>
    comparison.store.getState().chosen.includes(manifest.id);
  return {
    id: `runs.show.${manifest.id}`,
    group: 'runs',
    title: (session) => (shown(session) ? actionTexts.hideRun : actionTexts.showRun)(manifest.name),
    run: ({ comparison }) => comparison.toggle(manifest.id),
  };
}

export function deleteRunAction(manifest: RunManifest): Action {
  return {
    id: `runs.delete.${manifest.id}`,
    group: 'runs',
    title: () => actionTexts.deleteRun(manifest.name),
    whyNot: (session) => (isOpen(session, manifest) ? actionTexts.openFirst : null),
    run: ({ library }) => library.remove(manifest),
  };
}

/** @param runs newest first */
export function keptRunActions(runs: readonly RunEntry[]): Action[] {
  return runs
    .slice(0, LISTED)
    .flatMap(({ manifest }) => [openRunAction(manifest), showRunAction(manifest), deleteRunAction(manifest)]);
}
