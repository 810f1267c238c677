/**
 * RunSeries: everything a run has reported, step by step, in growing typed arrays. Bounded: past MAX_ROWS every second
 * row goes and from then on only every second, fourth, … step is kept, so a run of a million steps stays small.
 */
import type { StepEvent } from '../training/events.ts';
import { Curve } from './curve.ts';
import type { Drawn } from './curve.ts';

const MAX_ROWS = 1 << 17;

/** Every second row of a column, as far as it was made, and the curve of those rows. */
interface Half {
  readonly values: Float64Array;
  rows: number;
  curve: Curve | null;
}

/** One column with a length of its own, so that readers see values only up to `rows`. */
class Column {
  private values: Float64Array = new Float64Array(256);
  private curve: Curve | null = null;
  private half: Half | null = null;

  set(row: number, value: number): void {
    if (row >= this.values.length) {
      const grown = new Float64Array(this.values.length * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[row] = value;
  }

  /**
   * Makes what `thin` will leave, as much of it as is due when `rows` of `maxRows` are there: a row with each row of the
   * second half, and its curve with each drawing. Made all at once it would hold up the page.
   */
  ahead(rows: number, maxRows: number): void {
    const due = rows - (maxRows >> 1);
    if (due <= 0) return;
    this.half ??= { values: new Float64Array(maxRows), rows: 0, curve: null };
    const { values } = this.half;
    for (; this.half.rows < due; this.half.rows++)
      values[this.half.rows] = this.values[2 * this.half.rows] as number;
  }

  /** Every second row goes of a column that has `maxRows`. Smoothing goes over the rows that are kept. */
  thin(maxRows: number): void {
    this.ahead(maxRows, maxRows);
    const { half, values } = this;
    if (!half) return;
    this.values = half.values;
    this.curve = half.curve;
    // Both are as long as a column ever gets: they take turns.
    this.half = values.length < maxRows ? null : { values, rows: 0, curve: null };
  }

  fill(values: Float64Array): void {
    values.forEach((value, row) => this.set(row, value));
  }

  view(rows: number): Float64Array {
    return this.values.subarray(0, rows);
  }

  /** One smoothing is kept at a time: a chart shows one. */
  drawn(rows: number, smoothing: number): Drawn {
    if (this.curve?.weight !== smoothing) this.curve = new Curve(smoothing);
    const { half } = this;
    if (half) {
      if (half.curve?.weight !== smoothing) half.curve = new Curve(smoothing);
      half.curve.follow(half.values.subarray(0, half.rows));
    }
    return this.curve.follow(this.view(rows));
  }
}

/** A series as plain data, to send to another thread. */
export interface SeriesColumns {
  readonly tasks: readonly string[];
  readonly groups: readonly string[];
  readonly stride: number;
  /** Step, loss, elapsed, examples, then task losses and learning rates. */
  readonly columns: readonly Float64Array[];
}

export class RunSeries {
  private rows = 0;
  private stride = 1;
  private readonly stepColumn = new Column();
  private readonly lossColumn = new Column();
  private readonly elapsedColumn = new Column();
  private readonly examplesColumn = new Column();
  private readonly taskColumns: readonly Column[];
  private readonly rateColumns: readonly Column[];
  private readonly columns: readonly Column[];

  constructor(
    readonly tasks: readonly string[],
    readonly groups: readonly string[],
    private readonly maxRows = MAX_ROWS,
  ) {
    this.taskColumns = tasks.map(() => new Column());
    this.rateColumns = groups.map(() => new Column());
    this.columns = [
      this.stepColumn,
      this.lossColumn,
      this.elapsedColumn,
      this.examplesColumn,
      ...this.taskColumns,
      ...this.rateColumns,
    ];
  }

  append(event: StepEvent): void {
    if (event.step % this.stride !== 0) return;
    if (this.rows >= this.maxRows) this.thin();
    if (event.step % this.stride !== 0) return;
    const row = this.rows++;
    this.stepColumn.set(row, event.step);
    this.lossColumn.set(row, event.loss);
    this.elapsedColumn.set(row, event.elapsedMs);
    this.examplesColumn.set(row, event.examples);
    for (const [i, column] of this.taskColumns.entries()) column.set(row, event.taskLosses[i] ?? NaN);
    for (const [i, column] of this.rateColumns.entries()) column.set(row, event.learningRates[i] ?? NaN);
    for (const column of this.columns) column.ahead(this.rows, this.maxRows);
  }

  /** A copy without the rows of `step` and later ones. */
  before(step: number): RunSeries {
    const copy = new RunSeries(this.tasks, this.groups, this.maxRows);
    copy.stride = this.stride;
    const end = this.steps.findIndex((at) => at >= step);
    copy.rows = end < 0 ? this.rows : end;
    const columns = copy.columns;
    for (const [i, column] of this.columns.entries()) columns[i]?.fill(column.view(copy.rows));
    return copy;
  }

  /** Copies of the columns, whose buffers can be transferred. */
  toColumns(): SeriesColumns {
    const columns = this.columns.map((column) => column.view(this.rows).slice());
    return { tasks: this.tasks, groups: this.groups, stride: this.stride, columns };
  }

  static fromColumns({ tasks, groups, stride, columns }: SeriesColumns): RunSeries {
    const series = new RunSeries(tasks, groups);
    series.stride = stride;
    series.rows = columns[0]?.length ?? 0;
    for (const [i, column] of series.columns.entries()) column.fill(columns[i] ?? new Float64Array(0));
    return series;
  }

  /** Rows kept. */
  get length(): number {
    return this.rows;
  }

  /** 0-based steps of the rows, ascending. */
  get steps(): Float64Array {
    return this.stepColumn.view(this.rows);
  }

  get losses(): Float64Array {
    return this.lossColumn.view(this.rows);
  }

  /** Milliseconds of training at each row. */
  get elapsed(): Float64Array {
    return this.elapsedColumn.view(this.rows);
  }

  get examples(): Float64Array {
    return this.examplesColumn.view(this.rows);
  }

  /** Losses of the task at `index` of `tasks`. */
  taskLosses(index: number): Float64Array {
    return this.taskColumns[index]?.view(this.rows) ?? new Float64Array(0);
  }

  /** The loss as a chart draws it; kept up with what is appended. @param smoothing weight of the average, 0 for none. */
  drawnLosses(smoothing: number): Drawn {
    return this.lossColumn.drawn(this.rows, smoothing);
  }

  /** As drawnLosses, of the task at `index` of `tasks`. */
  drawnTaskLosses(index: number, smoothing: number): Drawn {
    return this.taskColumns[index]?.drawn(this.rows, smoothing) ?? new Column().drawn(0, smoothing);
  }

  /** As drawnLosses, of the learning rates of the group at `index` of `groups`. */
  drawnRates(index: number): Drawn {
    return this.rateColumns[index]?.drawn(this.rows, 0) ?? new Column().drawn(0, 0);
  }

  /** Learning rates of the group at `index` of `groups`. */
  learningRates(index: number): Float64Array {
    return this.rateColumns[index]?.view(this.rows) ?? new Float64Array(0);
  }

  private thin(): void {
    for (const column of this.columns) column.thin(this.maxRows);
    this.rows = (this.rows + 1) >> 1;
    this.stride *= 2;
  }
}
