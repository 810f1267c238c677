/** What a run is trained and evaluated on: the options that say so, its form in a recipe, and its files opened. */
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { defaultTeacherConfig } from '../src/data/synthesis/teacher-config.ts';
import type { TeacherConfig } from '../src/data/synthesis/teacher-config.ts';
import { teacherPresets } from '../src/data/synthesis/presets.ts';
import type { RunData, RunFile } from '../src/runs/manifest.ts';
import { NO_FILES } from '../src/runs/streams.ts';
import type { RunFiles } from '../src/runs/streams.ts';
import { CliError, UsageError } from './command.ts';
import type { Options, OptionSpec } from './command.ts';
import { dataFile, filesMatching } from './files.ts';
import type { DataFile } from './files.ts';
import { sha256Of } from './hash.ts';
import type { Progress } from './progress.ts';
import type { RunConfig } from './run-config.ts';
import { sectionFiles } from './section-files.ts';
import { tableFile } from './table.ts';
import { teacherFile } from './teacher-file.ts';

const MODES = ['teacher', 'uniform'] as const;
const PRESETS = teacherPresets.map(({ id }) => id).join('|');

const DATA_OPTION: OptionSpec = {
  name: 'data',
  value: 'FILE',
  help: "TFRecord file, or a pattern in quotes; without it, the configuration's inputs.",
};

/** How examples are drawn: of `generate` too. */
export const DRAW_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'mode',
    value: MODES.join('|'),
    help: "Draw examples: teacher plants a signal that can be learned, uniform is the reference's noise.",
  },
  {
    name: 'teacher',
    value: `${PRESETS}|FILE`,
    help: 'Settings of the teacher, as configs/data/*.yaml; realistic by default. Means --mode teacher.',
  },
  {
    name: 'labels',
    value: 'binary|raw',
    help: "Of --mode uniform: 0 or 1, or the reference's own draw of 0 to 9; binary by default.",
  },
];

/** Where a run's examples come from. */
export const DATA_OPTIONS: readonly OptionSpec[] = [
  DATA_OPTION,
  ...DRAW_OPTIONS,
  {
    name: 'examples',
    value: 'N',
    help: 'Draw N examples, again and again; endless without it. Means --mode uniform where none is given.',
  },
  {
    name: 'shuffle',
    value: 'true|false',
    help: 'Whether to shuffle the records of files; true by default.',
  },
];

/** Names of the options that choose data. */
export const DATA_NAMES = DATA_OPTIONS.map(({ name }) => name);

/** Data as a recipe has it, with its files, and what is to be said of it. */
export interface OpenedData {
  readonly data: RunData;
  readonly files: RunFiles;
  /** For a sentence: "4096 uniform examples". */
  readonly description: string;
  readonly notes: readonly string[];
}

/** Drawn examples, or null where none are asked for. @throws UsageError, CliError at a place in the teacher's file. */
export async function drawnData(
  options: Options,
): Promise<Exclude<RunData, { kind: 'files' | 'table' }> | null> {
  const examples = options.wholeNumber('examples', 1);
  const given = options.has('mode') ? options.oneOf('mode', MODES, 'teacher') : null;
  const mode = given ?? (options.has('teacher') ? 'teacher' : null) ?? (examples !== null ? 'uniform' : null);
  if (mode === null) {
    options.refuse(['labels'], 'it goes with --mode uniform.');
    return null;
  }
  options.refuse(['data'], 'it is for files, and the examples are to be drawn. Give one or the other.');
  if (mode === 'teacher') {
    options.refuse(['labels'], 'it goes with --mode uniform.');
    const { preset, settings } = await readTeacher(options.text('teacher'));
    return { kind: 'teacher', preset, settings, examples };
  }
  options.refuse(['teacher'], 'it goes with --mode teacher.');
  return { kind: 'uniform', labels: options.oneOf('labels', ['binary', 'raw'], 'binary'), examples };
}

/** A preset by its id, else a file. */
async function readTeacher(
  given: string | null,
): Promise<{ preset: string | null; settings: TeacherConfig }> {
  if (given === null) return { preset: 'realistic', settings: defaultTeacherConfig };
  const preset = teacherPresets.find(({ id }) => id === given);
  if (preset) return { preset: preset.id, settings: preset.config };
  if (!/[./\\]/.test(given)) {
    throw new UsageError(`--teacher must be ${PRESETS.replaceAll('|', ' or ')} or a file, not "${given}".`);
  }
  return { preset: null, settings: await teacherFile(given) };
}

/**
 * The data of a new run: drawn examples, --data, or the files that the configuration's `inputs` name. Partitions of
 * validation_data have files of their own where their inputs match some.
 * @throws UsageError when two are asked for, CliError when no file matches.
 */
export async function chosenData(options: Options, run: RunConfig, progress: Progress): Promise<OpenedData> {
  const drawn = await drawnData(options);
  if (drawn) {
    options.refuse(['shuffle'], 'it is for files.');
    const count = drawn.examples === null ? 'endless' : String(drawn.examples);
    const kind =
      drawn.kind === 'teacher'
        ? `examples of the teacher ${drawn.preset ?? 'in a file'}`
        : 'uniform examples';
    return { data: drawn, files: NO_FILES, description: `${count} ${kind}`, notes: [] };
  }
  const shuffle = options.oneOf('shuffle', ['true', 'false'], 'true') === 'true';
  const { num_files_to_keep: keep } = run.config.train_data;
  const given = options.text('data');
  const train = given === null ? await configuredFiles(run) : { files: await givenFiles(given), notes: [] };
  const kept = train.files.slice(0, keep ?? undefined);
  const found = await ownFiles(run);
  const { validation } = found.files;
  const notes = [...train.notes, ...found.notes];
  const describe = async (files: readonly DataFile[]): Promise<RunFile[]> => {
    const found: RunFile[] = [];
    for (const file of files) found.push(await describeFile(file, progress));
    return found;
  };
  const data: RunData = {
    kind: 'files',
    files: await describe(kept),
    shuffle,
    heldOut: false,
    validation: Object.fromEntries(
      await Promise.all(
        Object.entries(validation).map(async ([name, own]) => [name, await describe(own)] as const),
      ),
    ),
  };
  const [first] = kept;
  const description = kept.length === 1 && first ? first.name : `${kept.length} files`;
  return { data, files: { train: kept, validation }, description, notes };
}

/** The files of the partitions of validation_data, with no data to train on. */
export async function partitionFiles(run: RunConfig): Promise<Pick<OpenedData, 'data' | 'files' | 'notes'>> {
  const { files, notes } = await ownFiles(run);
  return { data: { kind: 'files', files: [], shuffle: false, heldOut: false, validation: {} }, files, notes };
}

interface OwnFiles {
  readonly files: {
    readonly train: readonly DataFile[];
    readonly validation: Readonly<Record<string, readonly DataFile[]>>;
  };
  readonly notes: readonly string[];
}

/** Files that partitions name, and notes on those that have none. */
async function ownFiles(run: RunConfig): Promise<OwnFiles> {
  const validation: Record<string, DataFile[]> = {};
  const notes: string[] = [];
  for (const [name, section] of Object.entries(run.config.validation_data)) {
    const found = await sectionFiles(run, section, ['validation_data', name]);
    notes.push(...found.notes);
    if (found.problem === null) {
      const kept = found.paths.slice(0, section.num_files_to_keep ?? undefined);
      validation[name] = await Promise.all(kept.map(dataFile));
    } else notes.push(`validation_data.${name} is not evaluated: ${found.problem}.`);
  }
  return { files: { train: [], validation }, notes };
}

async function describeFile(file: DataFile, progress: Progress): Promise<RunFile> {
  const path = resolve(file.name);
  return { name: basename(path), size: file.size, sha256: await sha256Of(file, progress), path };
}

/** A file, or those that a pattern matches. @throws CliError when there is none. */
export async function givenFiles(given: string): Promise<DataFile[]> {
  const isThere = await stat(given).then(
    () => true,
    () => false,
  );
  if (isThere || !/[*?[]/.test(given)) return [await dataFile(given)];
  const paths = await filesMatching(given, '.');
  if (paths.length === 0) throw new CliError(`There is no data: no file matches --data "${given}".`);
  return Promise.all(paths.map(dataFile));
}

async function configuredFiles(run: RunConfig): Promise<{ files: DataFile[]; notes: readonly string[] }> {
  const { paths, at, problem, notes } = await sectionFiles(run, run.config.train_data, ['train_data']);
  if (problem === null) return { files: await Promise.all(paths.map(dataFile)), notes };
  const place = at === null ? '' : `${at}: `;
  throw new CliError(`${place}There is no data: ${problem}; give --data FILE or --mode teacher.`);
}

/**
 * The files of a recipe, opened and checked by size and content: found where the manifest says, or by their names among
 * those of --data, a file, a pattern or a folder.
 * @param share whether only those to evaluate on are wanted.
 * @throws CliError naming the file that is missing or another.
 */
export async function recipeFiles(
  data: RunData,
  given: string | null,
  progress: Progress,
  share: 'all' | 'validation' = 'all',
): Promise<RunFiles> {
  if (data.kind === 'table') {
    const path = given === null ? null : ((await byName(given)).get(data.file.name) ?? given);
    const { name } = await checked(data.file, path ?? data.file.path ?? null, progress);
    return { ...NO_FILES, table: await tableFile(name) };
  }
  if (data.kind !== 'files') {
    if (given !== null) throw new UsageError("--data can't be given here: the run's examples are drawn.");
    return NO_FILES;
  }
  const among = given === null ? new Map<string, string>() : await byName(given);
  const open = async (files: readonly RunFile[]): Promise<DataFile[]> => {
    const found: DataFile[] = [];
    for (const file of files)
      found.push(await checked(file, among.get(file.name) ?? file.path ?? null, progress));
    return found;
  };
  const validation: Record<string, DataFile[]> = {};
  for (const [name, files] of Object.entries(data.validation)) validation[name] = await open(files);
  return { train: share === 'all' ? await open(data.files) : [], validation };
}

/** The data of a run that is begun anew, with where its files are on this disk, and their content where nobody had counted it. */
export async function locatedData(data: RunData, files: RunFiles, progress: Progress): Promise<RunData> {
  const located = async (known: RunFile, found: DataFile | undefined): Promise<RunFile> => {
    if (!found) return known;
    const sha256 = known.sha256 ?? (await sha256Of(found, progress));
    return { ...known, path: resolve(found.name), sha256 };
  };
  const all = async (known: readonly RunFile[], found: RunFiles['train']): Promise<RunFile[]> => {
    const done: RunFile[] = [];
    for (const [i, file] of known.entries()) done.push(await located(file, found[i]));
    return done;
  };
  if (data.kind === 'table') return { ...data, file: await located(data.file, files.table) };
  if (data.kind !== 'files') return data;
  const validation: Record<string, RunFile[]> = {};
  for (const [name, known] of Object.entries(data.validation))
    validation[name] = await all(known, files.validation[name] ?? []);
  return { ...data, files: await all(data.files, files.train), validation };
}

async function byName(given: string): Promise<Map<string, string>> {
  const isFolder = await stat(given).then(
    (info) => info.isDirectory(),
    () => false,
  );
  const paths = isFolder
    ? await filesMatching(join(given, '*'), '.')
    : (await givenFiles(given)).map(({ name }) => name);
  return new Map(paths.map((path) => [basename(path), path]));
}

async function checked(wanted: RunFile, path: string | null, progress: Progress): Promise<DataFile> {
  const mend = 'name where it is with --data.';
  if (path === null)
    throw new CliError(`The run was made from ${wanted.name} (${wanted.size} bytes): ${mend}`);
  const file = await dataFile(path).catch((error: unknown) => {
    throw error instanceof CliError
      ? new CliError(`${error.message} The run was made from it: ${mend}`)
      : error;
  });
  if (file.size !== wanted.size) {
    throw new CliError(
      `${path}: it has ${file.size} bytes, and the file that the run was made from ${wanted.size}: ${mend}`,
    );
  }
  if (wanted.sha256 !== null && (await sha256Of(file, progress)) !== wanted.sha256) {
    throw new CliError(`${path}: its content is not that of the file that the run was made from: ${mend}`);
  }
  return file;
}
