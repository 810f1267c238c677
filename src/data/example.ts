/**
 * RawBlock: some raw examples, a matrix per feature, as they were read or drawn, before preprocessing. Memory is
 * allocated once and filled again for every batch; truncation, masks and row selection are views on it, so that the
 * values are copied once, into the RecapBatch.
 */
import type { ExampleSlot } from '../formats/example-decoder.ts';
import { TENSORS, type ColumnSpec, type DataPlan } from './layout.ts';
import type { RecapBatch } from './recap-batch.ts';

/** One feature of a block: row r holds `data[r·stride … r·stride + stride)`, of which `width` values are seen. */
export class RawColumn implements ExampleSlot {
  readonly name: string;
  readonly feature: string;
  readonly kind: 'float_list' | 'int64_list';
  readonly role: ColumnSpec['role'];
  /** Values of one example in a record. */
  readonly length: number;
  /** Values kept of one example. */
  readonly stride: number;
  readonly data: Float32Array | Float64Array;
  /** Whether readers of files take it from records. */
  readonly read: boolean;
  /** Whether nothing is said when records lack it. */
  readonly optional: boolean;
  /** Of integers that are no tensors, those that `data` holds rounded (ids), whole, by their place in `data`. */
  readonly wide: Map<number, bigint> | null;
  /** Visible values of a row: the first ones, or those that `index` picks. */
  width: number;
  index: Int32Array | null = null;

  constructor(
    spec: ColumnSpec,
    stride: number,
    data: Float32Array | Float64Array,
    wide: Map<number, bigint> | null = null,
  ) {
    this.name = spec.name;
    this.feature = spec.feature;
    this.kind = spec.kind;
    this.role = spec.role;
    this.length = spec.rawLength;
    this.read = spec.read;
    this.optional = spec.optional;
    this.wide = wide;
    this.stride = stride;
    this.data = data;
    this.width = stride;
  }

  /** A column that sees some of another's values, on the same memory. */
  static view(source: RawColumn, name: string, index: Int32Array): RawColumn {
    const spec: ColumnSpec = {
      name,
      feature: source.feature,
      kind: source.kind,
      role: 'field',
      rawLength: source.length,
      kept: source.stride,
      mask: null,
      read: source.read,
      optional: source.optional,
    };
    const view = new RawColumn(spec, source.stride, source.data, source.wide);
    view.index = index;
    view.width = index.length;
    return view;
  }

  /** The visible value at a stored row and a visible column; integers beyond ±(2^53 − 1) rounded. */
  at(row: number, column: number): number {
    return this.data[this.#place(row, column)]!;
  }

  /** The same as `at`, whole, where `at` is a rounded integer; else null. */
  wholeAt(row: number, column: number): bigint | null {
    const whole = this.wide?.get(this.#place(row, column));
    return whole !== undefined && Number(whole) === this.at(row, column) ? whole : null;
  }

  #place(row: number, column: number): number {
    return row * this.stride + (this.index ? this.index[column]! : column);
  }
}

export interface BlockOptions {
  /** `used` drops what truncation cuts off while reading; `all` keeps it, for writing files and for looking at rows. */
  readonly stored: 'used' | 'all';
  /** Whether nothing is said of labels that are missing in records: for data to predict on. */
  readonly labelsOptional?: boolean;
  /** Whether the number of each row's record in its file is kept. */
  readonly recordNumbers?: boolean;
}

export class RawBlock {
  readonly capacity: number;
  /** By the name after `renamed_features`, in the schema's order; preprocessing adds extracted features. */
  readonly columns: Map<string, RawColumn>;
  /** Stored rows that are filled. */
  filled = 0;
  /** The stored rows that are seen, in order, or null for all that are filled. */
  rows: Int32Array | null = null;
  /** [seen rows, tasks] sample weights, or null for ones. A source that knows its rows' weights sets them itself. */
  weights: Float32Array | null = null;
  /** [stored rows, tasks] the probabilities that a teacher drew the labels from, or null. */
  teacher: Float32Array | null = null;
  /** [stored rows] the number of each row's record in its file, or null. */
  readonly records: Float64Array | null;
  readonly #own: readonly RawColumn[];
  readonly #stored: BlockOptions['stored'];

  constructor(plan: DataPlan, capacity: number, options: BlockOptions) {
    this.capacity = capacity;
    this.#stored = options.stored;
    this.records = options.recordNumbers ? new Float64Array(capacity) : null;
    this.#own = plan.columns.map((spec) => {
      const stride = options.stored === 'used' ? spec.kept : spec.rawLength;
      // Fields may be timestamps or other large integers; tensors and labels become float32 anyway.
      const wide = spec.role === 'field' && spec.kind === 'int64_list';
      const data = wide ? new Float64Array(capacity * stride) : new Float32Array(capacity * stride);
      const optional = spec.optional || (spec.role === 'label' && options.labelsOptional === true);
      return new RawColumn({ ...spec, optional }, stride, data, wide ? new Map<number, bigint>() : null);
    });
    this.columns = new Map(this.#own.map((column) => [column.name, column]));
  }

  /** The columns that records have, in the schema's order. */
  get recordColumns(): readonly RawColumn[] {
    return this.#own;
  }

  /** The columns to fill from records: those that something reads, or all where all is stored. */
  get decodedColumns(): readonly RawColumn[] {
    return this.#stored === 'all' ? this.#own : this.#own.filter(({ read }) => read);
  }

  /** Rows that are seen. */
  get size(): number {
    return this.rows ? this.rows.length : this.filled;
  }

  /** The stored row of the i-th seen one. */
  rowAt(i: number): number {
    return this.rows ? this.rows[i]! : i;
  }

  /** Empties the block for the next examples and undoes all views. */
  reset(): void {
    this.filled = 0;
    this.rows = null;
    this.weights = null;
    this.teacher = null;
    this.columns.clear();
    for (const column of this.#own) {
      column.width = column.stride;
      column.index = null;
      column.wide?.clear();
      this.columns.set(column.name, column);
    }
  }
}

/**
 * Appends the rows of a batch (synthetic examples) to a block. What the batch does not have, labels of other tasks and
 * fields, becomes 0.
 * @param tasks the batch's tasks, in the order of its label columns.
 * @throws RangeError when a tensor's width is not that of the block, or the block is too small.
 */
export function appendBatch(block: RawBlock, batch: RecapBatch, tasks: readonly string[]): void {
  const first = block.filled;
  if (first + batch.size > block.capacity) {
    const left = block.capacity - first;
    throw new RangeError(`A block with room for ${left} rows cannot take a batch of ${batch.size}.`);
  }
  for (const column of block.recordColumns) {
    const tensor = TENSORS.find(({ name }) => name === column.name);
    if (tensor && column.role === 'tensor') {
      const values = batch[tensor.input];
      if (values.length !== batch.size * column.stride) {
        const what = `has ${values.length / batch.size} columns, the block ${column.stride}`;
        throw new RangeError(`Tensor ${column.name} ${what}.`);
      }
      column.data.set(values, first * column.stride);
      continue;
    }
    const task = column.role === 'label' ? tasks.indexOf(column.name) : -1;
    for (let r = 0; r < batch.size; r++) {
      column.data.fill(
        task < 0 ? 0 : batch.labels[r * tasks.length + task]!,
        (first + r) * column.stride,
        (first + r + 1) * column.stride,
      );
    }
  }
  block.filled = first + batch.size;
}
