/**
 * Rows of a table as the model's tensors, by a complete columns.json: (x − center) / unit for numbers and ages in days,
 * 0 and 1 for binary columns and categories, lists as they are; labels, and on which side of the split a row is.
 */
import { missingTest, MISSING_TEXTS, numbersOf, parseDate, parseList, parseNumber, textOf } from './cells.ts';
import type { Cell, DecimalMark } from './cells.ts';
import type { ColumnSettings, Head, TableColumns } from './columns-file.ts';
import { ColumnsError } from './columns-file.ts';
import { heldOutTest } from './held-out-rows.ts';
import type { TableChunk } from './table.ts';
import { shown, TableError } from './table-error.ts';
import { tableLayout, type TableLayout } from './table-layout.ts';

const DAY = 86_400_000;

export const TRAIN = 0;
export const HELD_OUT = 1;
/** A value is missing whose column says so, or a label. */
export const DROPPED = 2;

/** Some encoded rows, each tensor row-major. */
export interface EncodedRows {
  readonly size: number;
  /** Number of the first row in the table, from 0. */
  readonly first: number;
  /** By the tensor's name: continuous, binary, and the embeddings that the layout has. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
  /** [size, heads] */
  readonly labels: Float32Array;
  /** TRAIN, HELD_OUT or DROPPED. */
  readonly sides: Uint8Array;
}

/** Where a column writes: the tensor's data, the width of its rows, and the first of the column's places in a row. */
interface Target {
  readonly tensor: string;
  readonly at: number;
}

interface Writing {
  readonly cells: ArrayLike<Cell>;
  readonly from: number;
  readonly size: number;
  readonly tensors: ReadonlyMap<string, Float32Array>;
  readonly sides: Uint8Array;
  readonly place: (row: number) => string;
}

type Writer = (writing: Writing) => void;

export interface EncoderOptions {
  /** The table's columns, in its order. */
  readonly names: readonly string[];
  /** The table's name, for errors. */
  readonly file: string;
  readonly decimal: DecimalMark;
  /** Whether rows without a label are taken, and read as 0: rows to predict. */
  readonly labelsOptional?: boolean;
}

export class RowEncoder {
  readonly layout: TableLayout;
  /** Cells of categories whose value the mapping does not know, by column: they are 0 in all its columns. */
  readonly unknown = new Map<string, number>();
  readonly #options: EncoderOptions;
  readonly #isMissing: (cell: Cell) => boolean;
  readonly #writers: { readonly column: number; readonly write: Writer }[] = [];
  readonly #heads: { readonly column: number; readonly head: Head }[];
  readonly #heldOut: { readonly column: number; readonly test: (row: number, cell: Cell) => boolean };
  #missingLabels = 0;

  /** @throws TableError for a column that the table lacks; ColumnsError for a mapping that is not complete. */
  constructor(columns: TableColumns, options: EncoderOptions) {
    this.#options = options;
    this.layout = tableLayout(columns);
    this.#isMissing = missingTest(columns.table.missing_values ?? MISSING_TEXTS);
    const reference = columns.reference_time === null ? null : Date.parse(columns.reference_time);
    for (const { settings, tensor, at, indicatorAt } of this.layout.places) {
      const write = this.#writer(settings, { tensor, at }, indicatorAt, reference);
      this.#writers.push({ column: this.#columnOf(settings.name), write });
    }
    this.#heads = columns.heads.flatMap((head) => {
      const column = options.names.indexOf(head.column);
      if (column < 0 && options.labelsOptional) return [];
      return [{ column: this.#columnOf(head.column), head }];
    });
    const rule = columns.held_out;
    const test = options.labelsOptional ? () => false : heldOutTest(rule, options.decimal);
    const split = options.labelsOptional || rule.by === 'row' ? -1 : this.#columnOf(rule.column);
    this.#heldOut = { column: split, test };
  }

  /** Rows left out so far because a label is missing. */
  get missingLabels(): number {
    return this.#missingLabels;
  }

  #columnOf(name: string): number {
    const column = this.#options.names.indexOf(name);
    if (column >= 0) return column;
    throw new TableError(
      this.#options.file,
      { row: null, column: null },
      `There is no column ${shown(name)}, which columns.json reads. The table must have the columns that the model was made from.`,
    );
  }

  /** Encodes `size` rows of a chunk, from its row `from` on. @throws TableError naming the cell that does not fit. */
  encode(chunk: TableChunk, from = 0, size = chunk.size - from): EncodedRows {
    const tensors = new Map(
      this.layout.tensors.map(({ name, width }) => [name, new Float32Array(size * width)] as const),
    );
    const sides = new Uint8Array(size);
    const place = (row: number) => chunk.place(row);
    for (const { column, write } of this.#writers) {
      write({ cells: chunk.columns[column]!, from, size, tensors, sides, place });
    }
    const heads = this.layout.heads.length;
    const labels = new Float32Array(size * heads);
    for (const [i, { column, head }] of this.#heads.entries()) {
      this.#labels(head, { cells: chunk.columns[column]!, from, size, tensors, sides, place }, labels, i);
    }
    const { column, test } = this.#heldOut;
    const cells = column < 0 ? null : chunk.columns[column]!;
    for (let row = 0; row < size; row++) {
      if (sides[row] === TRAIN && test(chunk.first + from + row, cells?.[from + row])) sides[row] = HELD_OUT;
    }
    return { size, first: chunk.first + from, tensors, labels, sides };
  }

  #labels(head: Head, { cells, from, size, sides, place }: Writing, labels: Float32Array, at: number): void {
    const { labelsOptional, file } = this.#options;
    const [positive, negative] = [new Set(head.positive), head.negative && new Set(head.negative)];
    const heads = this.layout.heads.length;
    for (let row = 0; row < size; row++) {
      const cell = cells[from + row];
      if (this.#isMissing(cell)) {
        if (labelsOptional) continue;
        if (sides[row] !== DROPPED) this.#missingLabels++;
        sides[row] = DROPPED;
        continue;
      }
      const text = textOf(cell)!;
      if (positive.has(text)) labels[row * heads + at] = 1;
      else if (negative && !negative.has(text) && !labelsOptional) {
        const known = [...positive, ...negative].map(shown).join(' or ');
        throw new TableError(
          file,
          { row: place(from + row), column: head.column },
          `${shown(text)} is no label: it must be ${known}. Correct it, or add it to the head's values in columns.json.`,
        );
      }
    }
  }

  #writer(
    settings: ColumnSettings,
    target: Target,
    indicatorAt: number | null,
    reference: number | null,
  ): Writer {
    switch (settings.as) {
      case 'number': {
        const { center, unit, mean } = complete(settings, ['center', 'unit', 'mean']);
        const decimal = this.#options.decimal;
        return this.#numbers(settings, target, indicatorAt, { center, unit, mean }, 'number', (cell) => {
          if (typeof cell === 'string') return parseNumber(cell, decimal);
          return typeof cell === 'number' ? cell : typeof cell === 'object' ? null : Number(cell);
        });
      }
      case 'date': {
        const { center, unit, mean, order } = complete(settings, ['center', 'unit', 'mean', 'order']);
        if (reference === null) throw incomplete(settings.name, 'reference_time');
        return this.#numbers(settings, target, indicatorAt, { center, unit, mean }, 'date', (cell) => {
          const time = typeof cell === 'string' ? parseDate(cell, order) : null;
          if (cell instanceof Date) return (reference - cell.getTime()) / DAY;
          return time === null ? null : (reference - time) / DAY;
        });
      }
      case 'binary': {
        const { positive, negative, mean } = complete(settings, ['positive', 'negative', 'mean']);
        const codes = new Map<string, number>(negative.map((text) => [text, -1]));
        for (const text of positive) codes.set(text, 0);
        return this.#codes(settings, target, indicatorAt, codes, mean === 1 ? 0 : -1, [
          ...positive,
          ...negative,
        ]);
      }
      case 'category': {
        const { values } = complete(settings, ['values']);
        const codes = new Map(values.map((text, i) => [text, i]));
        return this.#codes(settings, target, indicatorAt, codes, codes.get(settings.mean ?? '') ?? -1, null);
      }
      case 'list':
        return this.#lists(settings, target, indicatorAt);
      case 'label':
      case 'ignored':
        throw new RangeError(`A column that is ${settings.as} has no place in a tensor.`);
    }
  }

  /** Marks a missing value. @returns whether the row is left out. */
  #gap(
    settings: ColumnSettings,
    indicatorAt: number | null,
    row: number,
    { tensors, sides }: Writing,
  ): boolean {
    const rule = 'missing' in settings ? settings.missing : undefined;
    if (rule === 'drop') {
      sides[row] = DROPPED;
      return true;
    }
    if (indicatorAt !== null) {
      const width = this.layout.widthOf('binary');
      tensors.get('binary')![row * width + indicatorAt] = 1;
    }
    return false;
  }

  #numbers(
    settings: ColumnSettings & { readonly missing?: string | undefined },
    { tensor, at }: Target,
    indicatorAt: number | null,
    { center, unit, mean }: { readonly center: number; readonly unit: number; readonly mean: number },
    kind: string,
    read: (cell: Cell) => number | null,
  ): Writer {
    const width = this.layout.widthOf(tensor);
    const instead = settings.missing === 'zero' ? (0 - center) / unit : (mean - center) / unit;
    return (writing) => {
      const { cells, from, size, tensors } = writing;
      const out = tensors.get(tensor)!;
      for (let row = 0, to = at; row < size; row++, to += width) {
        const cell = cells[from + row];
        if (this.#isMissing(cell)) {
          if (!this.#gap(settings, indicatorAt, row, writing)) out[to] = instead;
          continue;
        }
        const value = read(cell);
        const scaled = value === null ? Number.NaN : Math.fround((value - center) / unit);
        if (!Number.isFinite(scaled))
          throw this.#unfit(settings.name, writing, from + row, kind, value !== null);
        out[to] = scaled;
      }
    };
  }

  #unfit(column: string, { cells, place }: Writing, row: number, kind: string, beyond: boolean): TableError {
    const text = shown(textOf(cells[row]) ?? '');
    const what = beyond
      ? `${text} is beyond what a model can hold (±3.4e38). Correct it.`
      : `${text} is no ${kind}. Correct it, or add it to missing_values in columns.json.`;
    return new TableError(this.#options.file, { row: place(row), column }, what);
  }

  /** Binary columns and categories: a code is the place among the column's own that is 1, −1 for none. */
  #codes(
    settings: ColumnSettings & { readonly missing?: string | undefined },
    { tensor, at }: Target,
    indicatorAt: number | null,
    codes: ReadonlyMap<string, number>,
    mean: number,
    known: readonly string[] | null,
  ): Writer {
    const width = this.layout.widthOf(tensor);
    const instead = settings.missing === 'mean' ? mean : -1;
    return (writing) => {
      const { cells, from, size, tensors, place } = writing;
      const out = tensors.get(tensor)!;
      for (let row = 0; row < size; row++) {
        const cell = cells[from + row];
        let code = typeof cell === 'string' ? codes.get(cell) : undefined;
        if (code === undefined) {
          if (this.#isMissing(cell)) {
            code = this.#gap(settings, indicatorAt, row, writing) ? -1 : instead;
          } else {
            const text = textOf(cell)!;
            code = codes.get(text);
            if (code === undefined && known) {
              throw new TableError(
                this.#options.file,
                { row: place(from + row), column: settings.name },
                `${shown(text)} is neither ${known.map(shown).join(' nor ')}. Correct it, or add it to the column's values in columns.json.`,
              );
            }
            if (code === undefined)
              this.unknown.set(settings.name, (this.unknown.get(settings.name) ?? 0) + 1);
          }
        }
        if (code !== undefined && code >= 0) out[row * width + at + code] = 1;
      }
    };
  }

  #lists(
    settings: Extract<ColumnSettings, { as: 'list' }>,
    { tensor, at }: Target,
    indicatorAt: number | null,
  ): Writer {
    const { length, mean } = complete(settings, ['length', 'mean']);
    if (mean.length !== length) throw incomplete(settings.name, `mean (${length} numbers)`);
    const width = this.layout.widthOf(tensor);
    return (writing) => {
      const { cells, from, size, tensors, place } = writing;
      const out = tensors.get(tensor)!;
      for (let row = 0; row < size; row++) {
        const cell = cells[from + row];
        const to = row * width + at;
        if (this.#isMissing(cell)) {
          if (!this.#gap(settings, indicatorAt, row, writing) && settings.missing !== 'zero')
            out.set(mean, to);
          continue;
        }
        const values =
          typeof cell === 'string'
            ? parseList(cell)
            : typeof cell === 'object' && cell !== null && !(cell instanceof Date)
              ? numbersOf(cell)
              : null;
        if (
          !values ||
          values.length !== length ||
          values.some((value) => !Number.isFinite(Math.fround(value)))
        ) {
          const what = values ? `has ${values.length} numbers` : `is ${shown(textOf(cell) ?? '')}`;
          throw new TableError(
            this.#options.file,
            { row: place(from + row), column: settings.name },
            `The cell ${what}; it must be a list of ${length} numbers. Correct it, or leave it empty.`,
          );
        }
        out.set(values, to);
      }
    };
  }
}

type Complete<T, K extends keyof T> = { readonly [P in K]-?: NonNullable<T[P]> };

/** Settings that an import fills in. @throws ColumnsError naming one that is not there. */
function complete<T extends { readonly name: string }, K extends keyof T & string>(
  settings: T,
  keys: readonly K[],
): T & Complete<T, K> {
  for (const key of keys) if (settings[key] === undefined) throw incomplete(settings.name, key);
  return settings as T & Complete<T, K>;
}

function incomplete(column: string, key: string): ColumnsError {
  return new ColumnsError(
    'columns.json',
    `columns ("${column}")`,
    `${key} is missing. Import the table with this file once more (--columns), which fills it in.`,
  );
}
