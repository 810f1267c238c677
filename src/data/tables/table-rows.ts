/** Encoded rows as a stream of chunks, as raw blocks to write to files, and in memory to train on. */
import { blockSource, type BlockSourceOptions } from '../batching.ts';
import { RawBlock, type RawColumn } from '../example.ts';
import type { DataPlan } from '../layout.ts';
import { Random } from '../random.ts';
import { shuffled } from '../shuffle.ts';
import { positionFor, StreamPositionError, type StreamPosition } from '../stream-position.ts';
import type { BatchSource } from '../recap-batch.ts';
import type { TableColumns } from './columns-file.ts';
import { DROPPED, HELD_OUT, RowEncoder, TRAIN, type EncodedRows, type EncoderOptions } from './encode.ts';
import type { Table } from './table.ts';
import type { TableLayout } from './table-layout.ts';

/** Values of one encoded chunk at most: wide tables come in fewer rows at a time. */
const CHUNK_VALUES = 4_194_304;

export interface EncodeOptions extends Pick<EncoderOptions, 'labelsOptional'> {
  readonly signal?: AbortSignal;
}

/** Counts of a pass over a table. */
export interface EncodeCounts {
  readonly train: number;
  readonly heldOut: number;
  /** Rows left out: a missing label, or a missing value whose column says so. */
  readonly dropped: number;
  readonly missingLabels: number;
  /** Cells of categories whose value is not known, by column. */
  readonly unknown: ReadonlyMap<string, number>;
}

/** A pass over a table's rows: its layout and, as far as it has come, its counts. */
export class EncodedTable {
  readonly #table: Table;
  readonly #encoder: RowEncoder;
  readonly #signal: AbortSignal | undefined;
  readonly #sides = [0, 0, 0];

  /** @throws TableError for a column that the table lacks; ColumnsError for a mapping that is not complete. */
  constructor(table: Table, columns: TableColumns, { signal, ...options }: EncodeOptions = {}) {
    this.#table = table;
    this.#signal = signal;
    this.#encoder = new RowEncoder(columns, {
      ...options,
      names: table.names,
      file: table.file.name,
      decimal: table.decimal,
    });
  }

  get layout(): TableLayout {
    return this.#encoder.layout;
  }

  get counts(): EncodeCounts {
    return {
      train: this.#sides[TRAIN]!,
      heldOut: this.#sides[HELD_OUT]!,
      dropped: this.#sides[DROPPED]!,
      missingLabels: this.#encoder.missingLabels,
      unknown: this.#encoder.unknown,
    };
  }

  /** All rows once, in order. @throws TableError naming the cell that does not fit. */
  async *rows(): AsyncGenerator<EncodedRows, void, undefined> {
    const width = this.layout.tensors.reduce((sum, tensor) => sum + tensor.width, this.layout.heads.length);
    const most = Math.max(1, Math.floor(CHUNK_VALUES / width));
    for await (const chunk of this.#table.chunks(this.#signal)) {
      for (let from = 0; from < chunk.size; from += most) {
        const rows = this.#encoder.encode(chunk, from, Math.min(most, chunk.size - from));
        for (const side of rows.sides) this.#sides[side]!++;
        yield rows;
      }
    }
  }
}

/** The values of a block's column in encoded rows, and how many a row has. */
function valuesOf(rows: EncodedRows, layout: TableLayout, column: RawColumn) {
  const tensor = rows.tensors.get(column.feature);
  if (tensor) return { values: tensor, width: layout.widthOf(column.feature), at: 0 };
  return { values: rows.labels, width: layout.heads.length, at: layout.heads.indexOf(column.feature) };
}

/** @throws RangeError for a plan of another schema, whose columns the rows do not have. */
function checkPlan({ columns }: DataPlan, layout: TableLayout): void {
  for (const { feature, rawLength } of columns) {
    const length = layout.heads.includes(feature) ? 1 : layout.widthOf(feature);
    if (length === rawLength) continue;
    throw new RangeError(
      `The table has ${length === 0 ? 'no' : length} columns of ${feature}, the data schema ${rawLength}. Use the schema that was made from the table.`,
    );
  }
}

/** Appends one encoded row to a block. */
export function appendRow(block: RawBlock, rows: EncodedRows, layout: TableLayout, row: number): void {
  for (const column of block.recordColumns) {
    const { values, width, at } = valuesOf(rows, layout, column);
    const start = row * width + at;
    const to = block.filled * column.stride;
    for (let i = 0; i < column.stride; i++) column.data[to + i] = values[start + i]!;
  }
  block.filled++;
}

/** Rows of a block that is written: a block's overhead does not count. */
const BLOCK_ROWS = 256;

/**
 * The rows of one side as raw blocks, for TFRecord files. One block is filled again and again: use it before the next.
 * @param plan of a schema that `tableSchema` made.
 */
export async function* tableBlocks(
  plan: DataPlan,
  table: EncodedTable,
  side: typeof TRAIN | typeof HELD_OUT,
): AsyncGenerator<RawBlock, void, undefined> {
  const block = new RawBlock(plan, BLOCK_ROWS, { stored: 'all' });
  for await (const rows of table.rows()) {
    for (let row = 0; row < rows.size; row++) {
      if (rows.sides[row] !== side) continue;
      appendRow(block, rows, table.layout, row);
      if (block.filled < block.capacity) continue;
      yield block;
      block.reset();
    }
  }
  if (block.filled > 0) yield block;
}

/** Encoded rows in memory, in the table's order, with every row's place. */
export interface TableExamples {
  readonly layout: TableLayout;
  readonly counts: EncodeCounts;
  readonly chunks: readonly EncodedRows[];
}

/** The rows of one side of a table in memory as raw blocks, as `tableBlocks` gives them. */
export function* exampleBlocks(
  plan: DataPlan,
  { chunks, layout }: TableExamples,
  side: typeof TRAIN | typeof HELD_OUT,
): Generator<RawBlock, void, undefined> {
  const block = new RawBlock(plan, BLOCK_ROWS, { stored: 'all' });
  for (const rows of chunks) {
    for (let row = 0; row < rows.size; row++) {
      if (rows.sides[row] !== side) continue;
      appendRow(block, rows, layout, row);
      if (block.filled < block.capacity) continue;
      yield block;
      block.reset();
    }
  }
  if (block.filled > 0) yield block;
}

/** Bytes that examples in memory may take. */
export const MAX_MEMORY = 1_073_741_824;

/**
 * All rows in memory.
 * @throws RangeError when they would take more than `MAX_MEMORY`; what reading the table throws.
 */
export async function loadTable(table: EncodedTable): Promise<TableExamples> {
  const chunks: EncodedRows[] = [];
  let bytes = 0;
  for await (const rows of table.rows()) {
    bytes += rows.labels.byteLength + rows.size;
    for (const values of rows.tensors.values()) bytes += values.byteLength;
    if (bytes > MAX_MEMORY) {
      throw new RangeError(
        'The table takes more than 1 GB in memory. Import it in the terminal, which writes TFRecord files.',
      );
    }
    chunks.push(rows);
  }
  return { layout: table.layout, counts: table.counts, chunks };
}

export interface TableSourceOptions extends BlockSourceOptions {
  /** null for the rows of both. */
  readonly side: typeof TRAIN | typeof HELD_OUT | null;
  /** Shuffles all rows anew for each pass; null keeps the table's order. */
  readonly shuffle: { readonly seed: number } | null;
  readonly repeat: boolean;
  /** Where to go on: the position of a batch of the same rows, read earlier. */
  readonly at?: StreamPosition | null;
}

/**
 * Batches from examples in memory, after the data section's preprocessing.
 * @throws RangeError when the side has no row; StreamPositionError for a position of other data.
 */
export function tableSource(
  plan: DataPlan,
  examples: TableExamples,
  options: TableSourceOptions,
): BatchSource {
  const { side, shuffle, repeat } = options;
  checkPlan(plan, examples.layout);
  // A row by one number: its chunk's place and its own in it.
  const own: number[] = [];
  for (const [c, { sides }] of examples.chunks.entries()) {
    for (let row = 0; row < sides.length; row++) {
      if (side === null ? sides[row] !== DROPPED : sides[row] === side) own.push(c * STRIDE + row);
    }
  }
  const rows = own.length;
  if (rows === 0) {
    throw new RangeError(`The table has no row to ${side === HELD_OUT ? 'evaluate on' : 'train on'}.`);
  }
  const start = positionFor('table', options.at);
  if (start && start.rows !== rows) {
    throw new StreamPositionError(
      `its position is in a table of ${start.rows} rows, this one has ${rows}. Choose the run's own table.`,
    );
  }
  let used = start?.used ?? 0;
  let pass = Math.floor(used / rows);
  let order = orderOf(own, shuffle, pass);
  const fill = (block: RawBlock) => {
    while (block.filled < block.capacity) {
      if (used === (pass + 1) * rows) {
        if (!repeat) return;
        order = orderOf(own, shuffle, ++pass);
      }
      const number = order[used - pass * rows]!;
      appendRow(block, examples.chunks[Math.floor(number / STRIDE)]!, examples.layout, number % STRIDE);
      used++;
    }
  };
  return blockSource(plan, { fill, position: () => ({ kind: 'table', rows, used }) }, options);
}

const STRIDE = 2 ** 24;

/** The rows in the order of a pass: each pass is shuffled from the seed and its own number, so any can be begun at. */
function orderOf(
  rows: readonly number[],
  shuffle: { readonly seed: number } | null,
  pass: number,
): readonly number[] {
  return shuffle ? shuffled(rows, new Random(shuffle.seed, pass)) : rows;
}
