/** What a person needs to see of a table before anything is made of it: plain data that crosses to the page. */
import { textOf } from './cells.ts';
import type { ColumnSettings } from './columns-file.ts';
import { completeColumn, guessColumn } from './guess-column.ts';
import type { ColumnProfile, TableProfile } from './profile.ts';
import type { CsvFormat, Table } from './table.ts';

/** First rows that are shown. */
const FIRST_ROWS = 8;
/** Values by name, the most frequent first. */
const MAX_VALUES = 24;

/** Kinds that a column can be read as; a label is chosen elsewhere. */
const KINDS = ['number', 'binary', 'category', 'date', 'list'] as const;
export type FeatureKind = (typeof KINDS)[number];

export interface ColumnSummary {
  readonly name: string;
  readonly missing: number;
  readonly present: number;
  /** Different values, as far as they were counted. */
  readonly distinct: number;
  readonly more: boolean;
  readonly values: readonly { readonly text: string; readonly count: number }[];
  /** Of the cells that are numbers; null where none is. */
  readonly range: { readonly min: number; readonly max: number; readonly mean: number } | null;
  /** What its cells allow besides being ignored. */
  readonly kinds: readonly FeatureKind[];
  readonly guess: ColumnSettings;
  /** Why it is left out, or what was ambiguous. */
  readonly note: string | null;
}

export interface TableSummary {
  readonly rows: number;
  readonly csv: CsvFormat | null;
  readonly decimal: '.' | ',';
  readonly columns: readonly ColumnSummary[];
  /** [row][column] as text, missing cells empty. */
  readonly first: readonly (readonly string[])[];
}

function allows(profile: ColumnProfile, as: FeatureKind): boolean {
  const settings: ColumnSettings = { name: profile.name, as };
  const [complete] = completeColumn(settings, profile, { missing: null, reference: 0, tensors: [] });
  return complete !== null && (as !== 'category' || profile.values.length > 1);
}

function summarise(profile: ColumnProfile): ColumnSummary {
  const { name, missing, present, values, more, numbers } = profile;
  const { settings, note } = guessColumn(profile);
  const { min, max, mean } = numbers;
  return {
    name,
    missing,
    present,
    distinct: values.length,
    more,
    values: values.slice(0, MAX_VALUES),
    range: numbers.count > 0 ? { min, max, mean } : null,
    kinds: KINDS.filter((as) => allows(profile, as)),
    guess: settings,
    note,
  };
}

/** The first rows of a table as text. @throws TableError where they can't be read. */
export async function firstRows(table: Table, count = FIRST_ROWS): Promise<string[][]> {
  for await (const { columns, size } of table.chunks()) {
    return Array.from({ length: Math.min(count, size) }, (_, row) =>
      columns.map((cells) => textOf(cells[row]) ?? ''),
    );
  }
  return [];
}

export async function tableSummary(table: Table, profile: TableProfile): Promise<TableSummary> {
  return {
    rows: profile.rows,
    csv: table.csv,
    decimal: table.decimal,
    columns: profile.columns.map(summarise),
    first: await firstRows(table),
  };
}
