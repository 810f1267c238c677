/** Where the examples come from, and what is known of them. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { makeDataSchema } from '../../src/data/make-data-schema.ts';
import type { DataSchema } from '../../src/data/data-schema.ts';
import type { MaskFiles } from '../../src/data/mask-files.ts';
import type { TableColumns } from '../../src/data/tables/columns-file.ts';
import type { RunFile } from '../../src/runs/manifest.ts';
import type { TeacherConfig } from '../../src/data/synthesis/teacher-config.ts';
import type { DataPreview, DataStatistics, Progress } from '../../src/workers/protocol.ts';
import { MAX_SEED } from './settings.ts';
import { readTeacher, withSetting } from './teacher-settings.ts';
import type { SettingField, TeacherSettings, TeacherText } from './teacher-settings.ts';
import { oneOf, persist, restore, wholeNumber } from './persistence.ts';
import type { KeyValue } from './persistence.ts';

export const SOURCE_KINDS = ['teacher', 'uniform', 'files', 'table'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** What a person chose; with the configuration it gives the stream of examples. */
export interface DataChoice {
  readonly kind: SourceKind;
  /** Id of the teacher preset that the settings began as. */
  readonly teacher: string;
  readonly seed: number;
  /** Labels 0…9 as the reference's generator writes them, instead of 0/1. */
  readonly rawLabels: boolean;
  /** Examples to train on; null for no end. Own files end where they end. */
  readonly examples: number | null;
}

export interface NamedSchema {
  readonly name: string;
  readonly schema: DataSchema;
}

/** A table of the person's own, and what was made of it. It stays when a reload forgets the file. */
export interface OwnTable {
  readonly name: string;
  readonly size: number;
  /** A complete columns.json. */
  readonly columns: TableColumns;
  readonly schema: NamedSchema;
  /** Rows by what becomes of them; null of a table that only a manifest has told of. */
  readonly counts: { readonly train: number; readonly heldOut: number; readonly dropped: number } | null;
}

/** Which histogram is looked at. */
export interface HistogramChoice {
  /** Full name of a feature of the catalogue. */
  readonly feature: string;
  /** The label that splits it; empty for the model's first task. */
  readonly task: string;
}

interface Findings {
  /** Files as the manifest opened last tells of them: those at hand that it names must have the content it says. */
  readonly wanted: readonly RunFile[];
  /** A schema file of the person's own, used before the built-in ones. */
  readonly ownSchema: NamedSchema | null;
  /** Masks of the person's own, by file name: columns that truncate_and_slice keeps where it names the file. */
  readonly ownMasks: MaskFiles;
  readonly preview: DataPreview | null;
  /** 0-based page of the preview. */
  readonly page: number;
  readonly statistics: DataStatistics | null;
  readonly histogramChoice: HistogramChoice;
  readonly busy: boolean;
  readonly problem: string | null;
  /** How far the reading of own files is; null when nothing is read. */
  readonly reading: Progress | null;
  readonly exporting: Progress | null;
  /** How far a table is read, in a dialog or to predict it; null when none is. */
  readonly tableReading: Progress | null;
  /** Records left out while training, because the configuration says ignore_data_errors. */
  readonly skipped: { readonly total: number; readonly last: string } | null;
  /** What training has to say of the files' records that it read without an error. */
  readonly notes: readonly string[];
}

export interface DataState extends DataChoice, TeacherSettings, Findings {
  /** The preset that the settings began as: what reset goes back to. */
  readonly teacherOriginal: { readonly text: string; readonly config: TeacherConfig };
  /** The person's own TFRecord files; a reload forgets them, as browsers keep no access to files. */
  readonly files: readonly File[];
  readonly table: OwnTable | null;
  /** The table's file; a reload forgets it. */
  readonly tableFile: File | null;
  /** A change of `teacher` takes that preset's settings. */
  readonly choose: (change: Partial<DataChoice>) => void;
  readonly setFiles: (files: readonly File[]) => void;
  /** Takes a table to train on, as soon as its file is there. */
  readonly setTable: (table: OwnTable, file: File | null) => void;
  /** Replaces the settings' text, as typing does. */
  readonly setTeacherText: (text: string) => void;
  /** Changes one value in the text. @throws RangeError where the text is no readable YAML. */
  readonly setTeacherValue: (path: SettingField['path'], value: number) => void;
  readonly set: (change: Partial<Findings>) => void;
}

export type DataStore = StoreApi<DataState>;

export const EXAMPLE_COUNTS = [null, 1000, 10_000, 100_000, 1_000_000] as const;

const FIRST_FEATURE = 'recap.earlybird.fav_count_v2';

/** @param teachers at least one; the first is the default. */
export function createDataStore(teachers: readonly TeacherText[], storage: KeyValue | null): DataStore {
  const kept = restore(storage, 'data');
  const kind = oneOf(kept['kind'], SOURCE_KINDS, 'teacher');
  const examples = EXAMPLE_COUNTS.find((count) => count === kept['examples']);
  const ids = teachers.map(({ id }) => id);
  const teacher = oneOf(kept['teacher'], ids, ids[0] ?? '');
  const presetOf = (id: string): DataState['teacherOriginal'] => {
    const text = teachers.find((preset) => preset.id === id)?.text ?? '';
    return { text, config: readTeacher(text, null).teacherConfig };
  };
  const original = presetOf(teacher);
  const keptText = kept['teacherText'];
  const table = keptTable(kept['table']);
  const store = createStore<DataState>()((set, get) => ({
    kind: kind === 'files' || (kind === 'table' && !table) ? 'teacher' : kind,
    teacher,
    seed: wholeNumber(kept['seed'], 0, MAX_SEED, 1),
    rawLabels: kept['rawLabels'] === true,
    examples: examples === undefined ? null : examples,
    teacherOriginal: original,
    ...readTeacher(typeof keptText === 'string' ? keptText : original.text, original.config),
    files: [],
    table,
    tableFile: null,
    wanted: table ? keptFiles(kept['wanted']) : [],
    ownSchema: null,
    ownMasks: new Map(),
    preview: null,
    page: 0,
    statistics: null,
    histogramChoice: { feature: FIRST_FEATURE, task: '' },
    busy: false,
    problem: null,
    reading: null,
    exporting: null,
    tableReading: null,
    skipped: null,
    notes: [],
    choose(change) {
      if (change.teacher === undefined) set({ ...change, page: 0 });
      else {
        const preset = presetOf(change.teacher);
        set({ ...change, teacherOriginal: preset, ...readTeacher(preset.text, preset.config), page: 0 });
      }
    },
    setFiles: (files) => set({ files, kind: 'files', page: 0, skipped: null, notes: [] }),
    setTable: (table, tableFile) => set({ table, tableFile, kind: 'table', page: 0, problem: null }),
    setTeacherText(next) {
      if (next !== get().teacherText) set({ ...readTeacher(next, get().teacherConfig), page: 0 });
    },
    setTeacherValue(path, value) {
      get().setTeacherText(withSetting(get().teacherText, path, value));
    },
    set,
  }));
  persist(store, storage, 'data', (state) => ({
    kind: state.kind,
    teacher: state.teacher,
    seed: state.seed,
    rawLabels: state.rawLabels,
    examples: state.examples,
    ...(state.table ? { table: state.table, wanted: state.wanted } : {}),
    ...(state.teacherText === state.teacherOriginal.text ? {} : { teacherText: state.teacherText }),
  }));
  return store;
}

function keptFiles(value: unknown): RunFile[] {
  const isFile = (file: RunFile | null): boolean =>
    typeof file?.name === 'string' && typeof file.size === 'number' && typeof file.sha256 === 'string';
  return Array.isArray(value) ? value.filter(isFile) : [];
}

/** What was kept of a table; of its columns only that they are there, because whoever opens the table checks them. */
function keptTable(value: unknown): OwnTable | null {
  const table = value as OwnTable | undefined;
  if (!Array.isArray(table?.columns?.heads) || !Array.isArray(table.columns.columns)) return null;
  if (typeof table.name !== 'string' || typeof table.size !== 'number') return null;
  try {
    return {
      ...table,
      schema: { name: table.schema.name, schema: makeDataSchema(table.schema.schema.features) },
    };
  } catch {
    return null;
  }
}
