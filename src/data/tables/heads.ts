/** Label columns as heads: what makes a label 1, and the names that model and people know it by. */
import { CsvError, CsvParser } from '../../formats/csv-parser.ts';
import type { Head } from './columns-file.ts';
import { positiveOf } from './guess-column.ts';
import type { ColumnProfile, TableProfile } from './profile.ts';
import { shown, TableError } from './table-error.ts';

/** A label as a person asks for it: a column, and the value that is 1 where it has more than two. */
export interface LabelChoice {
  readonly column: string;
  readonly value: string | null;
}

/**
 * The labels of a list `a,b=VALUE`, names and values in quotes where they hold a comma.
 * @param names the table's columns: one whose name holds an equals sign is found all the same.
 * @throws TableError for a column that is not there.
 */
export function parseLabels(text: string, names: readonly string[], file: string): LabelChoice[] {
  const parser = new CsvParser({ delimiter: ',', quote: '"' });
  try {
    parser.push(text);
    parser.end();
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new TableError(
      file,
      { row: null, column: null },
      `The list of labels can't be read. ${error.message}`,
    );
  }
  const parts = parser.take().cells.map(([cell]) => cell ?? '');
  return parts
    .filter((part) => part !== '')
    .map((part) => {
      if (names.includes(part)) return { column: part, value: null };
      for (let at = part.indexOf('='); at > 0; at = part.indexOf('=', at + 1)) {
        const column = part.slice(0, at);
        if (names.includes(column)) return { column, value: part.slice(at + 1) };
      }
      throw noColumn(file, part, names);
    });
}

/** The error for a column that is not there. */
export function noColumn(file: string, column: string, names: readonly string[]): TableError {
  const list = names.length > 20 ? `${names.slice(0, 20).join(', ')}, …` : names.join(', ');
  return new TableError(
    file,
    { row: null, column: null },
    `There is no column ${shown(column)}. There are ${list}.`,
  );
}

/** A name that a configuration, a state dict and a file name can hold. */
function taskName(text: string, taken: ReadonlySet<string>): string {
  const base = text.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^_+|_+$/g, '') || 'label';
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base}_${i}`;
    if (!taken.has(name) && !RESERVED.has(name)) return name;
  }
}

/** Names that mean something else in a configuration. */
const RESERVED = new Set([
  'backbone', '__backbone__', 'continuous', 'binary', 'discrete', 'user_embedding', 'user_eng_embedding', 'author_embedding',
]); // prettier-ignore

function headOf(choice: LabelChoice, profile: ColumnProfile, file: string, taken: ReadonlySet<string>): Head {
  const { column, value } = choice;
  const { values, more } = profile;
  const fail = (what: string) => new TableError(file, { row: null, column }, what);
  const some = values.slice(0, 8).map(({ text }) => shown(text));
  const list = `${some.join(', ')}${more || values.length > some.length ? ', …' : ''}`;
  if (values.length < 2) throw fail('A label needs two values; this column has one. Choose another.');
  const two = values.length === 2 && !more;
  if (value === null && !two) {
    throw fail(
      `It has ${more ? 'more than ' : ''}${values.length} values (${list}). Say which one is 1: ${column}=VALUE.`,
    );
  }
  if (value !== null && !values.some(({ text }) => text === value)) {
    throw fail(`No cell is ${shown(value)}; there are ${list}. Correct the value.`);
  }
  const positive = value ?? positiveOf(values);
  const negative = two ? values.map(({ text }) => text).filter((text) => text !== positive) : null;
  const says = /^(?:1|1\.0|true|yes|y|t|on)$/i.test(positive);
  return {
    name: taskName(two ? column : `${column}_${positive}`, taken),
    title: says ? column : `${column} is ${positive}`,
    column,
    positive: [positive],
    negative,
  };
}

/**
 * The heads for some labels.
 * @throws TableError when there is none, or a column has not the values that a label needs.
 */
export function makeHeads(choices: readonly LabelChoice[], profile: TableProfile, file: string): Head[] {
  if (choices.length === 0) {
    const names = profile.columns.filter(({ values, more }) => values.length === 2 && !more);
    const some = names.map(({ name }) => name).slice(0, 5);
    const hint = some.length > 0 ? ` (columns of two values are ${some.join(', ')})` : '';
    throw new TableError(
      file,
      { row: null, column: null },
      `Nothing is chosen to predict. Name the label columns${hint}.`,
    );
  }
  const taken = new Set<string>();
  return choices.map((choice) => {
    const column = profile.columns.find(({ name }) => name === choice.column);
    if (!column)
      throw noColumn(
        file,
        choice.column,
        profile.columns.map(({ name }) => name),
      );
    const head = headOf(choice, column, file, taken);
    taken.add(head.name);
    return head;
  });
}
