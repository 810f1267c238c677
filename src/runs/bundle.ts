/**
 * A bundle: run folders in one zip, each under its run's id, and the ranking they were looked at with. Out of a home and
 * into another it is the same run, file by file. Nothing is written before all of it was read and checked, and a run is
 * there only once its manifest is, which comes last.
 */
import { blobSource, zipContent, zipEntries, zipPieces } from '../formats/zip-archive.ts';
import type { ZipEntry, ZipFile, ZipSource } from '../formats/zip-archive.ts';
import { ZipError } from '../formats/zip.ts';
import { checkRunFile, textOf } from './bundle-check.ts';
import { BundleError } from './bundle-error.ts';
import { RANKING, readRanking } from './bundle-ranking.ts';
import { PART } from './homes/home.ts';
import type { FileHome } from './homes/home.ts';
import { parseManifest } from './manifest.ts';
import { ManifestError, manifestText, runId } from './new-manifest.ts';
import type { RunManifest } from './manifest.ts';
import { openRecipe } from './recipe.ts';
import { isRunFile, MANIFEST, RunFolder, RunFolderError } from './run-folder.ts';

const PIECE = 1 << 22;
/** Text that packs better than this is no text of ours: metrics come to about a tenth. */
const MAX_RATIO = 200;
const RATIO_FROM = 1 << 24;
/** Of all files of a bundle together. */
const MAX_BYTES = 2 ** 35;
/** In a run's folder while it is being taken in. */
const UNFINISHED = `bundle${PART}`;
/** What other programs put into zips. */
const FOREIGN = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|run\.lock$)/;

/** A run that a bundle held: taken in, taken in under a new id, or there already, the same. */
export interface ImportedRun {
  readonly id: string;
  readonly name: string;
  readonly outcome: 'new' | 'renumbered' | 'there';
}

/**
 * A zip of whole runs, in pieces.
 * @param runs their folders in the home.
 * @param ranking text of a ranking's file (bundle-ranking.ts), which goes with them.
 * @throws RunFolderError when a run is not there, BundleError when a file goes while it is read or all is too large.
 */
export async function* writeBundle(
  home: FileHome,
  runs: readonly string[],
  ranking: string | null = null,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  if (runs.length === 0) throw new BundleError(null, 'No run is chosen: choose one first.');
  const folders: RunFolder[] = [];
  for (const run of new Set(runs)) folders.push(await RunFolder.open(home, run, 'read'));
  try {
    yield* zipPieces(filesOf(home, folders, ranking));
  } catch (error) {
    throw error instanceof ZipError ? new BundleError(null, error.message) : error;
  }
}

async function* filesOf(
  home: FileHome,
  folders: readonly RunFolder[],
  ranking: string | null,
): AsyncGenerator<ZipFile> {
  if (ranking !== null) yield { path: RANKING, content: onePiece(new TextEncoder().encode(ranking)) };
  for (const folder of folders) {
    for (const name of await runFiles(folder)) {
      const path = `${folder.manifest.id}/${name}`;
      yield { path, content: contentOf(home, folder.file(name), path) };
    }
  }
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** Checkpoints before steps: of a run that goes on meanwhile, nothing lacks up to the newest checkpoint. */
async function runFiles(folder: RunFolder): Promise<string[]> {
  const all = await folder.home.list(folder.path);
  const checkpoints = await folder.home.list(folder.file('checkpoints'));
  const names = [
    ...checkpoints.map(({ name }) => `checkpoints/${name}`),
    ...all.filter((entry) => !entry.folder).map(({ name }) => name),
  ];
  return names.filter(isRunFile);
}

/** As long as it is now: what is added meanwhile belongs to another bundle. */
async function* contentOf(home: FileHome, file: string, path: string): AsyncGenerator<Uint8Array> {
  const size = await home.size(file);
  const gone = () => new BundleError(path, 'it went while the bundle was made. Pause the run and try again.');
  if (size === null) throw gone();
  for (let at = 0; at < size; at += PIECE) {
    const piece = await home.read(file, at, Math.min(size, at + PIECE));
    if (!piece || piece.length === 0) throw gone();
    yield piece;
  }
}

/** A run of a bundle that was read and checked. */
interface FoundRun {
  readonly manifest: RunManifest;
  readonly files: ReadonlyMap<string, ZipEntry>;
}

/**
 * Takes the runs of a bundle in. One whose id is there already is left where it is the same (its name and note aside),
 * and gets a new id where it is another; children in the bundle follow.
 * @throws BundleError naming the file and the mend; nothing was written then. HomeError when there is no room; what was
 * written is removed then.
 */
export async function readBundle(home: FileHome, bundle: Blob): Promise<ImportedRun[]> {
  const source = blobSource(bundle);
  try {
    const found = await checkedRuns(source);
    return await takeIn(home, source, found);
  } catch (error) {
    throw error instanceof ZipError ? new BundleError(null, error.message) : error;
  }
}

async function takeIn(home: FileHome, source: ZipSource, found: readonly FoundRun[]): Promise<ImportedRun[]> {
  const done: ImportedRun[] = [];
  const ids = new Map<string, string>();
  for (const run of found) {
    const { id } = run.manifest;
    const free = (await home.list(id)).length === 0;
    ids.set(id, free || (await isSame(home, source, run)) ? id : runId(new Date()));
  }
  try {
    for (const run of found) {
      const { id: before, name, parent } = run.manifest;
      const id = ids.get(before) ?? before;
      if ((await home.size(`${id}/${MANIFEST}`)) !== null) {
        done.push({ id, name, outcome: 'there' });
        continue;
      }
      const ancestor = parent && { ...parent, run: ids.get(parent.run) ?? parent.run };
      done.push({ id, name, outcome: id === before ? 'new' : 'renumbered' });
      await takeRun(home, source, run, { ...run.manifest, id, parent: ancestor });
    }
  } catch (error) {
    for (const { id, outcome } of done) if (outcome !== 'there') await home.remove(id);
    throw error;
  }
  return done;
}

async function takeRun(
  home: FileHome,
  source: ZipSource,
  { files }: FoundRun,
  manifest: RunManifest,
): Promise<void> {
  const { id } = manifest;
  const lock = await home.lock(id);
  if (!lock) throw new RunFolderError(`${id}: somebody else is writing this run.`);
  try {
    await home.replace(`${id}/${UNFINISHED}`, new Uint8Array(0));
    for (const [name, entry] of files) {
      if (name === MANIFEST) continue;
      for await (const piece of gathered(zipContent(source, entry)))
        await home.append(`${id}/${name}`, piece);
    }
    await home.replace(`${id}/${MANIFEST}`, new TextEncoder().encode(manifestText(manifest)));
    await home.remove(`${id}/${UNFINISHED}`);
  } finally {
    lock.release();
  }
}

/** Removes runs that were being taken in when their page or process ended. */
export async function removeUnfinished(home: FileHome): Promise<void> {
  for (const { name, folder } of await home.list('')) {
    if (!folder || !(await isUnfinished(home, name))) continue;
    const lock = await home.lock(name);
    if (!lock) continue;
    try {
      await home.remove(name);
    } finally {
      lock.release();
    }
  }
}

/** Whether a folder is a run that is being taken in. */
export async function isUnfinished(home: FileHome, run: string): Promise<boolean> {
  return (
    (await home.size(`${run}/${UNFINISHED}`)) !== null && (await home.size(`${run}/${MANIFEST}`)) === null
  );
}

/** A ranking's file as it stands in a bundle. */
export interface FoundRanking {
  readonly path: string;
  readonly text: string;
}

/**
 * The ranking that a bundle holds; null where it holds none.
 * @throws BundleError naming the file and the place in it.
 */
export async function readBundleRanking(bundle: Blob): Promise<FoundRanking | null> {
  const source = blobSource(bundle);
  try {
    return await rankingIn(source, await zipEntries(source));
  } catch (error) {
    throw error instanceof ZipError ? new BundleError(null, error.message) : error;
  }
}

const isRanking = ({ path }: ZipEntry): boolean =>
  !FOREIGN.test(path) && path.slice(path.lastIndexOf('/') + 1) === RANKING;

async function rankingIn(source: ZipSource, entries: readonly ZipEntry[]): Promise<FoundRanking | null> {
  const [entry, other] = entries.filter(isRanking);
  if (!entry) return null;
  if (other) throw new BundleError(other.path, 'the zip holds a ranking twice. Take one of them out.');
  const { path } = entry;
  const text = await textOf(path, zipContent(source, entry));
  readRanking(text, path);
  return { path, text };
}

/** Reads and checks everything. */
async function checkedRuns(source: ZipSource): Promise<FoundRun[]> {
  const groups = new Map<string, Map<string, ZipEntry>>();
  let total = 0;
  const entries = await zipEntries(source);
  for (const entry of entries) {
    if (FOREIGN.test(entry.path)) continue;
    const cut = entry.path.replace(/(^|\/)checkpoints\/[^/]*$/, '$1').lastIndexOf('/') + 1;
    const name = entry.path.slice(cut);
    if (!isRunFile(name) && !isRanking(entry)) {
      throw new BundleError(
        entry.path,
        'no run has such a file. Take it out of the zip, or export the run again.',
      );
    }
    if (entry.size > RATIO_FROM && entry.size > entry.packed * MAX_RATIO) {
      throw new BundleError(
        entry.path,
        `it would unpack to ${entry.size} bytes from ${entry.packed}. Export the run again.`,
      );
    }
    total += entry.size;
    if (isRanking(entry)) continue;
    const folder = entry.path.slice(0, cut);
    groups.set(folder, (groups.get(folder) ?? new Map<string, ZipEntry>()).set(name, entry));
  }
  if (total > MAX_BYTES)
    throw new BundleError(null, `The zip would unpack to ${total} bytes: that is too much.`);
  if (groups.size === 0)
    throw new BundleError(null, 'There is no run in this zip. Give a bundle that was exported here.');
  await rankingIn(source, entries);
  const runs: FoundRun[] = [];
  for (const [folder, files] of groups) runs.push(await checkedRun(source, folder, files));
  const ids = runs.map(({ manifest }) => manifest.id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined)
    throw new BundleError(null, `The run ${twice} is in the zip twice. Take one of them out.`);
  return runs;
}

async function checkedRun(
  source: ZipSource,
  folder: string,
  files: ReadonlyMap<string, ZipEntry>,
): Promise<FoundRun> {
  const entry = files.get(MANIFEST);
  if (!entry)
    throw new BundleError(`${folder}${MANIFEST}`, 'it is missing from the zip. Export the run again.');
  try {
    const manifest = parseManifest(await textOf(MANIFEST, zipContent(source, entry)));
    openRecipe(manifest.recipe);
    for (const [name, file] of files) {
      if (name !== MANIFEST) await checkRunFile(name, file.size, zipContent(source, file), manifest);
    }
    return { manifest, files };
  } catch (error) {
    if (error instanceof ManifestError) throw new BundleError(entry.path, error.message);
    throw error instanceof BundleError
      ? new BundleError(`${folder}${error.file}`, error.message.replace(`${error.file}: `, ''))
      : error;
  }
}

/** Whether the run of this id is the same, its name and note aside. */
async function isSame(home: FileHome, source: ZipSource, { manifest, files }: FoundRun): Promise<boolean> {
  let kept: RunFolder;
  try {
    kept = await RunFolder.open(home, manifest.id, 'read');
  } catch (error) {
    if (error instanceof RunFolderError || error instanceof ManifestError) return false;
    throw error;
  }
  const text = (of: RunManifest) => manifestText({ ...of, name: '-', note: '' });
  const names = await runFiles(kept);
  if (text(kept.manifest) !== text(manifest) || names.length !== files.size) return false;
  for (const name of names) {
    const entry = files.get(name);
    if (!entry) return false;
    if (name === MANIFEST) continue;
    if ((await home.size(kept.file(name))) !== entry.size) return false;
    let at = 0;
    for await (const piece of zipContent(source, entry)) {
      const there = await home.read(kept.file(name), at, at + piece.length);
      if (!there || there.length !== piece.length || piece.some((byte, i) => byte !== there[i])) return false;
      at += piece.length;
    }
  }
  return true;
}

/** Small pieces as large ones: each is a write. An empty file is one piece as well. */
async function* gathered(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  let any = false;
  const joined = (): Uint8Array => {
    const whole = new Uint8Array(size);
    let at = 0;
    for (const piece of waiting) {
      whole.set(piece, at);
      at += piece.length;
    }
    waiting = [];
    size = 0;
    any = true;
    return whole;
  };
  for await (const piece of pieces) {
    waiting.push(piece);
    size += piece.length;
    if (size >= PIECE) yield joined();
  }
  if (size > 0 || !any) yield joined();
}
