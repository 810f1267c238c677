/**
 * Curve: a growing column as a chart draws it: smoothed, with the lowest and the highest row of each block, kept up with
 * the column. A redraw costs what came since the last one, and looks at a few thousand rows at most, however long the
 * column is.
 */
import { Smoother } from './smoothing.ts';

/** Rows of a block whose extremes are kept. */
const BLOCK = 8;

/** What a chart needs of a column. */
export interface Drawn {
  /** By row; NaN where there is no number. */
  readonly values: Float64Array;
  /**
   * Ascending rows, among them the lowest and the highest of each of at most `blocks` parts of equal length, the first
   * and the last row: what a thinning may choose from without losing a peak.
   */
  readonly extremes: (blocks: number) => number[];
}

export class Curve {
  readonly weight: number;
  private readonly smoother: Smoother;
  private smoothed = new Float64Array(0);
  private rows = 0;
  /** By block its row of the lowest and the highest value; −1 where it has none. */
  private readonly lowest: number[] = [];
  private readonly highest: number[] = [];

  /** @param weight of the exponential average, 0 for none. */
  constructor(weight: number) {
    this.weight = weight;
    this.smoother = new Smoother(weight);
  }

  /** @param raw the whole column, of which only what came since the last call is read. */
  follow(raw: Float64Array): Drawn {
    if (this.weight > 0 && raw.length > this.smoothed.length) {
      const grown = new Float64Array(Math.max(256, raw.length, 2 * this.smoothed.length));
      grown.set(this.smoothed.subarray(0, this.rows));
      this.smoothed = grown;
    }
    const values = this.weight > 0 ? this.smoothed : raw;
    for (let row = this.rows; row < raw.length; row++) {
      if (this.weight > 0) values[row] = this.smoother.next(raw[row] as number);
      this.note(row, values);
    }
    this.rows = raw.length;
    const { rows } = this;
    return {
      values: values.subarray(0, rows),
      extremes: (blocks) => this.extremes(values, rows, blocks),
    };
  }

  private note(row: number, values: Float64Array): void {
    const block = Math.floor(row / BLOCK);
    if (row % BLOCK === 0) {
      this.lowest[block] = -1;
      this.highest[block] = -1;
    }
    const value = values[row] as number;
    if (!Number.isFinite(value)) return;
    const low = this.lowest[block] as number;
    const high = this.highest[block] as number;
    if (low < 0 || value < (values[low] as number)) this.lowest[block] = row;
    if (high < 0 || value > (values[high] as number)) this.highest[block] = row;
  }

  private extremes(values: Float64Array, rows: number, blocks: number): number[] {
    if (rows === 0) return [];
    const each = Math.max(1, Math.ceil(rows / BLOCK / blocks));
    const found = new Set([0]);
    for (let block = 0; block * BLOCK < rows; block += each) {
      let low = -1;
      let high = -1;
      for (let at = block; at < block + each && at * BLOCK < rows; at++) {
        const lower = this.lowest[at] as number;
        const higher = this.highest[at] as number;
        if (lower >= 0 && (low < 0 || (values[lower] as number) < (values[low] as number))) low = lower;
        if (higher >= 0 && (high < 0 || (values[higher] as number) > (values[high] as number))) high = higher;
      }
      for (const row of low < high ? [low, high] : [high, low]) if (row >= 0) found.add(row);
    }
    found.add(rows - 1);
    return [...found];
  }
}
