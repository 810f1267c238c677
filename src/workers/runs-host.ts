/** What the runs worker does: lists, reads, names and removes kept runs. Knows no worker, so it also runs in-thread. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { chunksOf } from '../formats/gzip.ts';
import { BACKBONE_GROUP } from '../graph/graph.ts';
import {
  isUnfinished,
  readBundle,
  readBundleRanking,
  removeUnfinished,
  writeBundle,
} from '../runs/bundle.ts';
import type { FileHome } from '../runs/homes/home.ts';
import type { RunManifest } from '../runs/manifest.ts';
import { metricsFile } from '../runs/metrics-export.ts';
import type { SeriesNames } from '../runs/metrics-lines.ts';
import { openRecipe } from '../runs/recipe.ts';
import { keptCheckpoints } from '../runs/run-checkpoints.ts';
import { RunFolder, RunFolderError } from '../runs/run-folder.ts';
import { JUDGED_PARTITION, runSummary } from '../runs/run-summary.ts';
import { RunSeries } from '../runs/run-series.ts';
import type { Handlers } from './rpc.ts';
import { Transfer } from './rpc.ts';
import type { BrokenRun, RunEntry, RunsProtocol } from './runs-protocol.ts';
import { weightsFile } from './weights-file.ts';

/** Beside the runs: ids of those that are put aside. */
const REMOVED = 'removed.json';

/** @param home asked for at the first request. */
export function runsHandlers(home: () => Promise<FileHome>): Handlers<RunsProtocol> {
  /** Rejects where a run is put aside, as if it were gone. */
  const open = async (run: string): Promise<RunFolder> => {
    const here = await home();
    if ((await removedIds(here)).includes(run)) throw new RunFolderError(`${run}: this run was deleted.`);
    return RunFolder.open(here, run, 'read');
  };

  return {
    async list() {
      const here = await home();
      const removed = await removedIds(here);
      const runs: RunEntry[] = [];
      const broken: BrokenRun[] = [];
      for (const { name: id, folder: isFolder } of await here.list('')) {
        if (!isFolder || removed.includes(id)) continue;
        try {
          runs.push(await entryOf(await RunFolder.open(here, id, 'read')));
        } catch (error) {
          if (await isUnfinished(here, id)) continue;
          broken.push({ id, problem: error instanceof Error ? error.message : String(error), bytes: 0 });
        }
      }
      const newest = (a: RunEntry, b: RunEntry): number =>
        b.manifest.times.created.localeCompare(a.manifest.times.created);
      return { runs: runs.toSorted(newest), broken };
    },

    async read({ run }) {
      const folder = await open(run);
      const names = namesOf(folder.manifest);
      const series = new RunSeries(names.tasks, names.groups);
      for await (const events of folder.steps(names)) for (const event of events) series.append(event);
      const columns = series.toColumns();
      const evaluations = await folder.evaluations();
      return new Transfer(
        { ...(await entryOf(folder)), series: columns, evaluations },
        columns.columns.map(({ buffer }) => buffer as ArrayBuffer),
      );
    },

    async label({ run, name, note }) {
      await open(run);
      return writing(await home(), run, async (folder) => {
        const manifest = { ...folder.manifest, name, note };
        await folder.saveManifest(manifest);
        return manifest;
      });
    },

    async remove({ run }) {
      const here = await home();
      await open(run);
      await writing(here, run, () => Promise.resolve());
      await saveRemoved(here, [...(await removedIds(here)), run]);
      return null;
    },

    async bringBack({ run }) {
      const here = await home();
      const removed = await removedIds(here);
      await saveRemoved(
        here,
        removed.filter((id) => id !== run),
      );
      return null;
    },

    async purge() {
      const here = await home();
      const removed = await removedIds(here);
      for (const id of removed) await here.remove(id);
      if (removed.length > 0) await saveRemoved(here, []);
      await removeUnfinished(here);
      return null;
    },

    async tweets({ run, ...asked }) {
      const { predictRunTweets } = await import('./run-tweets.ts');
      return predictRunTweets(await open(run), asked);
    },

    async metrics({ run, format }) {
      const folder = await open(run);
      const pieces: BlobPart[] = [];
      for await (const piece of metricsFile(folder, namesOf(folder.manifest), format)) pieces.push(piece);
      return new Blob(pieces, { type: format === 'csv' ? 'text/csv' : 'application/jsonl' });
    },

    async exportModel(params) {
      const { exportModel } = await import('./model-export.ts');
      return exportModel(params);
    },

    async bundle({ runs, ranking = null }) {
      for (const run of runs) await open(run);
      const pieces: BlobPart[] = [];
      // Blobs of pieces: the browser may keep them on its disk.
      for await (const piece of writeBundle(await home(), runs, ranking)) pieces.push(new Blob([piece]));
      return new Blob(pieces, { type: 'application/zip' });
    },

    bundledRanking({ file }) {
      return readBundleRanking(file);
    },

    async unbundle({ file }) {
      const here = await home();
      const taken = await readBundle(here, file);
      const removed = await removedIds(here);
      // What was put aside and is taken in again is wanted.
      const back = removed.filter((id) => !taken.some((run) => run.id === id));
      if (back.length < removed.length) await saveRemoved(here, back);
      return taken;
    },

    async storage() {
      const { usage, quota } = (await globalThis.navigator?.storage?.estimate?.()) ?? {};
      return { used: usage ?? null, quota: quota ?? null };
    },

    async hash({ file }) {
      const hash = sha256.create();
      for await (const chunk of chunksOf(file.stream())) hash.update(chunk);
      return bytesToHex(hash.digest());
    },

    async inspectWeights({ file, recipe }) {
      const found = await weightsFile(file, recipe);
      return new Transfer(found, [found.bytes]);
    },
  };
}

async function entryOf(folder: RunFolder): Promise<RunEntry> {
  return {
    manifest: folder.manifest,
    status: await folder.status(),
    bytes: await folder.bytes(),
    checkpoints: await keptCheckpoints(folder),
    summary: runSummary(await folder.newestEvaluations([JUDGED_PARTITION])),
  };
}

/** The order of a run's numbers: its tasks, and the backbone before them. */
function namesOf({ recipe }: RunManifest): SeriesNames {
  const { tasks } = openRecipe(recipe);
  return { tasks, groups: [BACKBONE_GROUP, ...tasks] };
}

async function writing<T>(home: FileHome, run: string, work: (folder: RunFolder) => Promise<T>): Promise<T> {
  const folder = await RunFolder.open(home, run, 'write');
  if (!folder.writable) throw new RunFolderError('This run is open in another tab: close it there first.');
  try {
    return await work(folder);
  } finally {
    folder.close();
  }
}

async function removedIds(home: FileHome): Promise<string[]> {
  const bytes = await home.read(REMOVED);
  if (!bytes) return [];
  try {
    const ids: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

function saveRemoved(home: FileHome, ids: readonly string[]): Promise<void> {
  return home.replace(REMOVED, new TextEncoder().encode(JSON.stringify(ids)));
}
