/** Column profiles: what the cells of a column are, counted over the whole table in one pass and bounded memory. */
import {
  DATE_ORDERS,
  missingTest,
  MISSING_TEXTS,
  numbersOf,
  parseDate,
  parseList,
  parseNumber,
  textOf,
  type Cell,
  type DateOrder,
  type DecimalMark,
} from './cells.ts';
import { Moments } from './moments.ts';
import type { Table } from './table.ts';
import { TableError } from './table-error.ts';

/** Different values that are counted by name; beyond them a column is no category. */
export const MAX_DISTINCT = 1000;
/** Longest value that is counted by name. */
const MAX_NAMED_LENGTH = 200;

export interface ColumnProfile {
  readonly name: string;
  readonly missing: number;
  /** Cells that are not missing. */
  readonly present: number;
  /** Different values, MAX_DISTINCT at most; `more` where there are more. */
  readonly values: readonly { readonly text: string; readonly count: number }[];
  readonly more: boolean;
  /** Cells that are numbers, and their statistics. */
  readonly numbers: Moments;
  readonly whole: boolean;
  /** Cells that are dates, by the order that they are read in: only orders that every date of the column allows. */
  readonly dates: readonly { readonly order: DateOrder; readonly moments: Moments }[];
  readonly dateCount: number;
  /** Cells that are lists of numbers. */
  readonly lists: {
    readonly count: number;
    readonly shortest: number;
    readonly longest: number;
    readonly sums: Float64Array;
  };
  /** Cells that are nothing of these, and the first of them. */
  readonly texts: { readonly count: number; readonly first: { place: string; text: string } | null };
}

export interface TableProfile {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

/** One value that is counted by name. */
interface Named {
  count: number;
  readonly place: string;
}

/** Longest list whose mean is kept. */
const MAX_LIST = 65_536;

class ColumnProfiler {
  readonly #name: string;
  readonly #decimal: DecimalMark;
  readonly #isMissing: (cell: Cell) => boolean;
  readonly #named = new Map<string | number | boolean, Named>();
  readonly #numbers = new Moments();
  readonly #dates = DATE_ORDERS.map((order) => ({ order, moments: new Moments() }));
  #dateCount = 0;
  #whole = true;
  #missing = 0;
  #present = 0;
  #more = false;
  #probes = 0;
  #hits = 0;
  #lists = { count: 0, shortest: Infinity, longest: 0, sums: new Float64Array(0) };
  #texts: { count: number; first: { place: string; text: string } | null } = { count: 0, first: null };

  constructor(name: string, decimal: DecimalMark, isMissing: (cell: Cell) => boolean) {
    this.#name = name;
    this.#decimal = decimal;
    this.#isMissing = isMissing;
  }

  add(cells: ArrayLike<Cell>, size: number, place: (row: number) => string): void {
    const named = this.#named;
    for (let row = 0; row < size; row++) {
      const cell = cells[row];
      if (cell === '' || cell === null || cell === undefined) {
        this.#missing++;
        continue;
      }
      const key = typeof cell === 'bigint' ? Number(cell) : cell;
      if (typeof key === 'object') {
        this.#one(key, 1, () => place(row));
        continue;
      }
      // Once a column has shown to be no category, looking its values up only costs time.
      if (this.#probes < 4 * MAX_DISTINCT || this.#hits > this.#probes / 2) {
        const known = named.get(key);
        this.#probes++;
        if (known) {
          known.count++;
          this.#hits++;
          continue;
        }
        if (named.size < MAX_DISTINCT && !(typeof key === 'string' && key.length > MAX_NAMED_LENGTH)) {
          named.set(typeof key === 'string' ? ownText(key) : key, { count: 1, place: place(row) });
          continue;
        }
      }
      this.#one(key, 1, () => place(row));
    }
  }

  /** Counts a value that has no name of its own. */
  #one(cell: Exclude<Cell, bigint | null | undefined>, count: number, place: () => string): boolean {
    if (this.#isMissing(cell)) {
      this.#missing += count;
      return false;
    }
    this.#present += count;
    this.#more = true;
    if (typeof cell === 'number' && Number.isFinite(cell)) this.#number(cell, count);
    else if (cell instanceof Date) this.#date(cell.getTime(), count);
    else if (typeof cell === 'string') this.#text(cell, count, place);
    else if (typeof cell === 'object') this.#list(numbersOf(cell), cell, count, place);
    else this.#plain(String(cell), count, place);
    return true;
  }

  #number(value: number, count: number): void {
    this.#numbers.add(value, count);
    if (this.#whole && !Number.isInteger(value)) this.#whole = false;
  }

  #date(time: number, count: number): void {
    this.#dateCount += count;
    for (const { moments } of this.#dates) moments.add(time, count);
  }

  #text(text: string, count: number, place: () => string): void {
    const number = parseNumber(text, this.#decimal);
    if (number !== null) return this.#number(number, count);
    const digit = text.charCodeAt(0);
    if (digit >= 48 && digit <= 57) {
      let dated = false;
      for (const { order, moments } of this.#dates) {
        const time = parseDate(text, order);
        if (time === null) continue;
        moments.add(time, count);
        dated = true;
      }
      if (dated) {
        this.#dateCount += count;
        return;
      }
    }
    this.#list(parseList(text), text, count, place);
  }

  #list(values: readonly number[] | null, cell: Cell, count: number, place: () => string): void {
    if (!values || values.length > MAX_LIST) return this.#plain(textOf(cell) ?? '', count, place);
    const lists = this.#lists;
    lists.count += count;
    lists.shortest = Math.min(lists.shortest, values.length);
    lists.longest = Math.max(lists.longest, values.length);
    if (lists.sums.length < values.length) {
      const sums = new Float64Array(values.length);
      sums.set(lists.sums);
      lists.sums = sums;
    }
    for (const [i, value] of values.entries()) lists.sums[i]! += value * count;
  }

  #plain(text: string, count: number, place: () => string): void {
    this.#texts.count += count;
    this.#texts.first ??= { place: place(), text: ownText(text.slice(0, 100)) };
  }

  result(): ColumnProfile {
    const overflowed = this.#more;
    const values: { text: string; count: number }[] = [];
    // The named values, each once with its count: what they are, and which of them stand for no value.
    for (const [value, { count, place }] of this.#named) {
      if (this.#one(value, count, () => place)) values.push({ text: String(value), count });
    }
    values.sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
    const dates = this.#dates.filter(({ moments }) => moments.count === this.#dateCount && moments.count > 0);
    return {
      name: this.#name,
      missing: this.#missing,
      present: this.#present,
      values,
      more: overflowed,
      numbers: this.#numbers,
      whole: this.#whole,
      dates,
      dateCount: this.#dateCount,
      lists: this.#lists,
      texts: this.#texts,
    };
  }
}

/** A text of its own: a piece cut from a large text keeps all of it alive. */
function ownText(text: string): string {
  return ` ${text}`.slice(1);
}

export interface ProfileOptions {
  readonly missingTexts?: readonly string[];
  readonly onRows?: (rows: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Profiles of all columns of a table, read once from beginning to end.
 * @throws TableError when the table cannot be read to its end, or has no row.
 */
export async function profileTable(table: Table, options: ProfileOptions = {}): Promise<TableProfile> {
  const isMissing = missingTest(options.missingTexts ?? MISSING_TEXTS);
  const profilers = table.names.map((name) => new ColumnProfiler(name, table.decimal, isMissing));
  let rows = 0;
  for await (const chunk of table.chunks(options.signal)) {
    for (const [i, profiler] of profilers.entries()) {
      profiler.add(chunk.columns[i]!, chunk.size, (row) => chunk.place(row));
    }
    rows += chunk.size;
    options.onRows?.(rows);
  }
  if (rows === 0) {
    throw new TableError(
      table.file.name,
      { row: null, column: null },
      'The table has no row below its header. Give one with rows.',
    );
  }
  return { rows, columns: profilers.map((profiler) => profiler.result()) };
}
