/** What leaves the page and comes into it: links, commands, bundles, files. */
import { newManifest } from '../../src/runs/manifest.ts';
import { count, plural } from '../format.ts';
import { pickFiles } from '../parts/pick-files.ts';
import { saveFile } from '../parts/save-file.ts';
import type { Session } from '../session/session.ts';
import { viewOf } from '../views/views.ts';
import type { Action } from './action.ts';
import { take } from './take.ts';

/** Why what is shown can't be shared. */
function cannotShare(session: Session): string | null {
  const { recipe, missing } = session.draft.getState();
  const { valid, text } = session.config.getState();
  if (valid?.text !== text) return 'The configuration has errors: correct them first.';
  return recipe ? null : (missing ?? 'There is no configuration.');
}

/** On the clipboard, or where the browser keeps it closed, on the page to be copied by hand. */
async function copy(text: string, session: Session, title: string, about: string): Promise<void> {
  const { say } = session.page.getState();
  try {
    await navigator.clipboard.writeText(text);
    say({ tone: 'info', title, text: about });
  } catch {
    say({ tone: 'warning', title: 'The browser gives no clipboard. Copy this:', text });
  }
}

export const copyLinkAction: Action = {
  id: 'share.link',
  group: 'Share',
  title: 'Copy link',
  words: 'share address URL',
  keys: 'Mod+Shift+L',
  whyNot: cannotShare,
  run: async (session) => {
    const { linkTo } = await import('../session/share.ts');
    const link = `${location.href.replace(/#.*$/, '')}${linkTo(session, viewOf(location.hash))}`;
    const about = `${count(link.length)} characters: configuration, data, seeds, weights, steps after the score and changed tweets. Trained weights go by bundle.`;
    await copy(link, session, 'Link copied.', about);
  },
};

export const copyCommandAction: Action = {
  id: 'share.command',
  group: 'Share',
  title: 'Copy as terminal command',
  words: 'cli train shell',
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
      'Command copied.',
      "It makes the run that Train would begin, in a terminal in the program's own folder.",
    );
  },
};

/** Runs as one zip, to keep elsewhere or to open in another browser. */
async function exportRuns(session: Session, runs: readonly string[], name: string): Promise<void> {
  saveFile(await session.runs.call('bundle', { runs }), `${name.replaceAll(/[^\w.-]+/g, '-')}.zip`);
}

export const exportRunAction: Action = {
  id: 'share.run',
  group: 'Share',
  title: 'Export this run as a bundle',
  words: 'zip checkpoints download save',
  whyNot: (session) => {
    const { manifest, step, phase } = session.run.getState();
    if (!manifest || step === 0) return 'The run has no step yet: a run is kept from its first step on.';
    return phase === 'preparing' ? 'The model is being built.' : null;
  },
  run: async (session) => {
    const { manifest } = session.run.getState();
    if (manifest) await exportRuns(session, [manifest.id], manifest.name);
  },
};

export const exportAllAction: Action = {
  id: 'share.all',
  group: 'Share',
  title: 'Export all runs as a bundle',
  words: 'zip backup',
  run: async (session) => {
    await session.library.refresh();
    const runs = session.library.store.getState().runs ?? [];
    if (runs.length === 0) throw new Error('No run is kept yet: train one first.');
    await exportRuns(
      session,
      runs.map(({ manifest }) => manifest.id),
      plural(runs.length, 'run'),
    );
  },
};

export const openFilesAction: Action = {
  id: 'share.open',
  group: 'Share',
  title: 'Open files',
  words:
    'import bundle zip weights checkpoint safetensors yaml manifest tweets table CSV parquet TFRecord drop',
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
  openFilesAction,
];
