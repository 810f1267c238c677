/** What can be done with each of the kept runs, and with those that are chosen among them. */
import type { RunManifest } from '../../src/runs/manifest.ts';
import type { RunEntry } from '../../src/workers/runs-protocol.ts';
import type { Session } from '../session/session.ts';
import { goTo } from '../views/use-view.ts';
import type { Action } from './action.ts';
import { actionTexts } from '../texts/actions.ts';

/** The newest; the others are found by their words. */
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

/** The field for it stands in the run's row. */
function editAction(manifest: RunManifest, what: 'name' | 'note'): Action {
  const title = what === 'name' ? actionTexts.renameRun : actionTexts.noteRun;
  return {
    id: `runs.${what}.${manifest.id}`,
    group: 'runs',
    title: () => title(manifest.name),
    takesFocus: true,
    run: ({ library }) => {
      goTo('runs');
      library.store.getState().set({ editing: { run: manifest.id, what } });
    },
  };
}

export const renameRunAction = (manifest: RunManifest): Action => editAction(manifest, 'name');
export const noteRunAction = (manifest: RunManifest): Action => editAction(manifest, 'note');

export function baselineAction(manifest: RunManifest): Action {
  const isBaseline = ({ library }: Session): boolean => library.store.getState().baseline === manifest.id;
  return {
    id: `runs.baseline.${manifest.id}`,
    group: 'runs',
    title: (session) =>
      (isBaseline(session) ? actionTexts.noBaseline : actionTexts.baselineRun)(manifest.name),
    run: (session) => {
      const baseline = isBaseline(session) ? null : manifest.id;
      session.library.store.getState().set({ baseline });
    },
  };
}

function markAction(manifest: RunManifest): Action {
  const isMarked = ({ library }: Session): boolean => library.store.getState().marked.includes(manifest.id);
  return {
    id: `runs.mark.${manifest.id}`,
    group: 'runs',
    title: (session) => (isMarked(session) ? actionTexts.unmarkRun : actionTexts.markRun)(manifest.name),
    run: (session) => session.library.mark(manifest.id, !isMarked(session)),
  };
}

/** @param runs newest first */
export function keptRunActions(runs: readonly RunEntry[]): Action[] {
  return runs.flatMap(({ manifest }, at) => {
    const all = [
      openRunAction(manifest),
      showRunAction(manifest),
      renameRunAction(manifest),
      noteRunAction(manifest),
      baselineAction(manifest),
      markAction(manifest),
      deleteRunAction(manifest),
    ];
    return at < LISTED ? all : all.map((action) => ({ ...action, unlisted: true }));
  });
}

export const refreshRunsAction: Action = {
  id: 'runs.refresh',
  group: 'runs',
  title: () => actionTexts.readRuns,
  run: ({ library }) => library.refresh(),
};

export const bringBackRunAction: Action = {
  id: 'runs.bringBack',
  group: 'runs',
  title: () => actionTexts.bringBackRun,
  whyNot: ({ library }) => (library.store.getState().removed ? null : actionTexts.noneDeleted),
  run: ({ library }) => library.bringBack(),
};

export const libraryActions: readonly Action[] = [refreshRunsAction, bringBackRunAction];
