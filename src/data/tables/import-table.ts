/** From a table and a few choices to its columns.json: profiles, kinds, heads, and what is held out. */
import { MISSING_TEXTS, missingTest, parseDate, parseNumber, type DateOrder } from './cells.ts';
import type { ColumnSettings, HeldOut, ListTensor, MissingRule, TableColumns } from './columns-file.ts';
import { LIST_TENSORS } from './columns-file.ts';
import { completeColumn, guessColumn, type TableContext } from './guess-column.ts';
import { makeHeads, noColumn, type LabelChoice } from './heads.ts';
import { profileTable, type ColumnProfile, type ProfileOptions, type TableProfile } from './profile.ts';
import type { Table } from './table.ts';
import { TableError } from './table-error.ts';

/** What a person chooses; the rest is guessed, or comes with `given`. */
export interface ImportChoices {
  readonly labels: readonly LabelChoice[];
  /** How rows are held out, without what the table tells. */
  readonly heldOut: HeldOut | null;
  /** For all columns that do not say it themselves. */
  readonly missing: MissingRule | null;
}

export interface ImportedTable {
  readonly columns: TableColumns;
  readonly profile: TableProfile;
  /** What is left out, or was ambiguous, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads the table once (twice to hold out by time) and decides what becomes of its columns.
 * @param given a columns.json whose settings win; what it leaves open is filled in from the table.
 * @throws TableError for a table that cannot be read, and for choices that do not fit it.
 */
export async function importTable(
  table: Table,
  choices: ImportChoices,
  given: TableColumns | null = null,
  options: Omit<ProfileOptions, 'missingTexts'> = {},
): Promise<ImportedTable> {
  const { file, names } = table;
  const missingTexts = given?.table.missing_values ?? MISSING_TEXTS;
  for (const column of given?.columns ?? []) {
    if (!names.includes(column.name)) throw noColumn(file.name, column.name, names);
  }
  const profile = await profileTable(table, { ...options, missingTexts });
  return decideColumns(table, profile, choices, given, options.signal);
}

/** What an import takes of a columns.json: any part of it. */
export type GivenColumns = Pick<TableColumns, 'table' | 'columns' | 'heads'> &
  Partial<Pick<TableColumns, 'reference_time' | 'held_out'>>;

/**
 * What becomes of the columns of a table whose profile is known; reads the table only to hold out by time.
 * @param given as in `importTable`; its missing_values must be those that the profile was made with.
 * @throws TableError for choices that do not fit the table.
 */
export async function decideColumns(
  table: Table,
  profile: TableProfile,
  choices: ImportChoices,
  given: GivenColumns | null = null,
  signal?: AbortSignal,
): Promise<ImportedTable> {
  const { file, names } = table;
  const missingTexts = given?.table.missing_values ?? MISSING_TEXTS;
  const notes = [...table.notes];
  const heads =
    given && choices.labels.length === 0 ? given.heads : makeHeads(choices.labels, profile, file.name);
  for (const { column } of heads) if (!names.includes(column)) throw noColumn(file.name, column, names);
  const labels = new Set(heads.map(({ column }) => column));
  const heldOut = choices.heldOut ?? given?.held_out ?? { by: 'row', share: 0.2 };
  const settings = profile.columns.map((column) => {
    if (labels.has(column.name)) return { name: column.name, as: 'label' } as const;
    const known = given?.columns.find(({ name }) => name === column.name);
    if (known && known.as !== 'label') return known;
    if (heldOut.by !== 'row' && heldOut.column === column.name) {
      return { name: column.name, as: 'ignored', why: 'it decides what is held out' } as const;
    }
    const guess = guessColumn(column);
    if (guess.note !== null) notes.push(guess.note);
    return guess.settings;
  });
  const reference = given?.reference_time ? Date.parse(given.reference_time) : latest(settings, profile);
  const columns = completeAll(settings, profile, { missing: choices.missing, reference }, file.name);
  if (columns.every(({ as }) => as === 'label' || as === 'ignored')) {
    throw new TableError(
      file.name,
      { row: null, column: null },
      `No column is left to predict from. ${notes.join(' ')}`,
    );
  }
  notes.push(...heads.map(({ name, title, positive }) => headNote(name, title, positive)));
  return {
    columns: {
      version: 1,
      table: {
        ...table.csv,
        ...(table.csv ? { decimal: table.decimal } : {}),
        missing_values: [...missingTexts],
      },
      reference_time: reference === null ? null : new Date(reference).toISOString(),
      columns,
      heads: [...heads],
      held_out: await completeHeldOut(table, profile, heldOut, missingTexts, signal),
    },
    profile,
    notes,
  };
}

function headNote(name: string, title: string, positive: readonly string[]): string {
  return `Head ${name}: the probability that ${title === name ? `${title} is ${positive.join(' or ')}` : title}.`;
}

/** The latest date of all columns that are read as dates, in milliseconds. */
function latest(settings: readonly ColumnSettings[], profile: TableProfile): number | null {
  const times = settings.flatMap((column, i) => {
    if (column.as !== 'date') return [];
    const found = profile.columns[i]!.dates.find(({ order }) => order === (column.order ?? order));
    return found ? [found.moments.max] : [];
  });
  return times.length > 0 ? Math.max(...times) : null;
}

function completeAll(
  settings: readonly ColumnSettings[],
  profile: TableProfile,
  context: Omit<TableContext, 'tensors'>,
  file: string,
): ColumnSettings[] {
  const taken = new Set(
    settings.flatMap((column) => (column.as === 'list' && column.into ? [column.into] : [])),
  );
  const tensors: ListTensor[] = LIST_TENSORS.filter(
    (tensor) => tensor !== 'continuous' && !taken.has(tensor),
  );
  return settings.map((column, i) => {
    const [complete, problem] = completeColumn(column, profile.columns[i]!, { ...context, tensors });
    if (complete) return complete;
    const place = { row: null, column: column.name };
    throw new TableError(file, place, `It can't be read as ${column.as}: ${problem}.`);
  });
}

async function completeHeldOut(
  table: Table,
  profile: TableProfile,
  heldOut: HeldOut,
  missingTexts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<HeldOut> {
  if (heldOut.by === 'row') return heldOut;
  const index = table.names.indexOf(heldOut.column);
  const column = profile.columns[index];
  if (!column) throw noColumn(table.file.name, heldOut.column, table.names);
  if (heldOut.by === 'group') {
    if (column.values.length >= 2) return heldOut;
    throw new TableError(
      table.file.name,
      { row: null, column: heldOut.column },
      'All rows have the same group, so none can be held out by it. Choose another column.',
    );
  }
  if (heldOut.from !== undefined) return heldOut;
  const order = timeOrder(column, heldOut.order);
  if (order === null) {
    throw new TableError(
      table.file.name,
      { row: null, column: heldOut.column },
      'Not all its cells are numbers, or dates of one order, so it tells no time. Choose another column.',
    );
  }
  const isMissing = missingTest(missingTexts);
  const times: number[] = [];
  for await (const { columns, size } of table.chunks(signal)) {
    const cells = columns[index]!;
    for (let row = 0; row < size; row++) {
      const time = isMissing(cells[row]) ? null : timeOf(cells[row], order, table.decimal);
      if (time !== null) times.push(time);
    }
  }
  const sorted = Float64Array.from(times).sort();
  const at = Math.min(sorted.length - 1, Math.max(1, Math.round(sorted.length * (1 - heldOut.share))));
  const from = sorted[at] ?? 0;
  if (from === sorted[0]) {
    throw new TableError(
      table.file.name,
      { row: null, column: heldOut.column },
      'All rows have the same time, so none can be held out by it. Choose another column.',
    );
  }
  return {
    ...heldOut,
    ...(order === 'number' ? { from } : { order, from: new Date(from).toISOString() }),
  };
}

/** How a column's times are read, or null where it has none. */
function timeOrder(column: ColumnProfile, order: DateOrder | undefined): DateOrder | 'number' | null {
  if (column.present === 0) return null;
  if (column.numbers.count === column.present) return 'number';
  return column.dates.find((found) => found.order === (order ?? found.order))?.order ?? null;
}

/** A cell's time: milliseconds of a date, a number itself; null where it has none. */
export function timeOf(cell: unknown, order: DateOrder | 'number', decimal: '.' | ','): number | null {
  if (cell instanceof Date) return cell.getTime();
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'bigint') return Number(cell);
  if (typeof cell !== 'string') return null;
  return order === 'number' ? parseNumber(cell, decimal) : parseDate(cell, order);
}
