/** What leaves the page and comes into it: links, commands, bundles, files. */
import { newManifest } from '../../src/runs/new-manifest.ts';
import { count } from '../format.ts';
import { pickFiles } from '../parts/pick-files.ts';
import { saveFile } from '../parts/save-file.ts';
import type { Session } from '../session/session.ts';
import { viewOf } from '../views/views.ts';
import type { Action } from './action.ts';
import { take } from './take.ts';
import { actionTexts } from '../texts/actions.ts';

/** Why what is shown can't be shared. */
function cannotShare(session: Session): string | null {
  const { recipe, missing } = session.draft.getState();
  const { valid, text } = session.config.getState();
  if (valid?.text !== text) return actionTexts.configBroken;
  return recipe ? null : (missing ?? actionTexts.noConfig);
}

/** On the clipboard, or where the browser keeps it closed, on the page to be copied by hand. */
async function copy(text: string, session: Session, title: string, about: string): Promise<void> {
  const { say } = session.page.getState();
  try {
    await navigator.clipboard.writeText(text);
    say({ tone: 'info', title, text: about });
  } catch {
    say({ tone: 'warning', title: actionTexts.noClipboard, text });
  }
}

export const copyLinkAction: Action = {
  id: 'share.link',
  group: 'share',
  title: () => actionTexts.copyLink,
  keys: 'Mod+Shift+L',
  whyNot: cannotShare,
  run: async (session) => {
    const { linkTo } = await import('../session/share.ts');
    const link = `${location.href.replace(/#.*$/, '')}${linkTo(session, viewOf(location.hash))}`;
    const about = actionTexts.linkAbout(count(link.length));
    await copy(link, session, actionTexts.linkCopied, about);
  },
};

export const copyCommandAction: Action = {
  id: 'share.command',
  group: 'share',
  title: () => actionTexts.copyCommand,
  whyNot: cannotShare,
  run: async (session) => {
    const { recipe } = session.draft.getState();
    if (!recipe) return;
    const { terminalCommand } = await import('../session/terminal-command.ts');
    const { name, presets } = session.config.getState();
    const manifest = newManifest({ recipe, name: name.replace(/\.ya?ml$/, '') || 'run', app: session.app });
    await copy(
      terminalCommand(manifest, presets),
      session,
      actionTexts.commandCopied,
      actionTexts.commandAbout,
    );
  },
};

/** Runs as one zip, and the ranking as it is looked at, to keep elsewhere or to open in another browser. */
async function exportRuns(session: Session, runs: readonly string[], name: string): Promise<void> {
  const { rankingForBundle } = await import('../session/bundle-ranking.ts');
  const ranking = rankingForBundle(session, session.app);
  saveFile(await session.runs.call('bundle', { runs, ranking }), `${name.replaceAll(/[^\w.-]+/g, '-')}.zip`);
}

export const exportRunAction: Action = {
  id: 'share.run',
  group: 'share',
  title: () => actionTexts.exportRun,
  whyNot: (session) => {
    const { manifest, step, phase } = session.run.getState();
    if (!manifest || step === 0) return actionTexts.noStepYet;
    return phase === 'preparing' ? actionTexts.modelBuilding : null;
  },
  run: async (session) => {
    const { manifest } = session.run.getState();
    if (manifest) await exportRuns(session, [manifest.id], manifest.name);
  },
};

export const exportAllAction: Action = {
  id: 'share.all',
  group: 'share',
  title: () => actionTexts.exportAll,
  run: async (session) => {
    await session.library.refresh();
    const runs = session.library.store.getState().runs ?? [];
    if (runs.length === 0) throw new Error(actionTexts.noRunKept);
    await exportRuns(
      session,
      runs.map(({ manifest }) => manifest.id),
      actionTexts.runs(runs.length),
    );
  },
};

export const exportChosenAction: Action = {
  id: 'share.chosen',
  group: 'share',
  title: ({ library }) => actionTexts.exportChosen(library.store.getState().marked.length),
  whyNot: ({ library }) => (library.store.getState().marked.length > 0 ? null : actionTexts.chooseRuns),
  run: async (session) => {
    const { marked, runs } = session.library.store.getState();
    const only = marked.length === 1 && runs?.find(({ manifest }) => manifest.id === marked[0]);
    await exportRuns(session, marked, only ? only.manifest.name : actionTexts.runs(marked.length));
  },
};

export const openFilesAction: Action = {
  id: 'share.open',
  group: 'share',
  title: () => actionTexts.openFiles,
  keys: 'Mod+O',
  run: (session) => {
    pickFiles((files) => void take(session, files));
  },
};

export const shareActions: readonly Action[] = [
  copyLinkAction,
  copyCommandAction,
  exportRunAction,
  exportAllAction,
  exportChosenAction,
  openFilesAction,
];
