/**
 * Curve: a growing column as a chart draws it: smoothed, with the lowest and the highest row of each block, kept up with
 * the column. A redraw costs what came since the last one, and looks at as many blocks as are asked for, however long the
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
  private last: Drawn | null = null;
  /** By level, whose blocks are twice as long as those of the level below; but for the lowest, of whole blocks only. */
  private readonly levels: Level[] = [{ lowest: [], highest: [] }];

  /** @param weight of the exponential average, 0 for none. */
  constructor(weight: number) {
    this.weight = weight;
    this.smoother = new Smoother(weight);
  }

  /**
   * @param raw the whole column, of which only what came since the last call is read.
   * @returns the same object as the last time where nothing came.
   */
  follow(raw: Float64Array): Drawn {
    if (this.last && raw.length === this.rows) return this.last;
    if (this.weight > 0 && raw.length > this.smoothed.length) {
      // As long as the column can grow where it is: both then move at the same row, and seldom.
      const room = Math.floor((raw.buffer.byteLength - raw.byteOffset) / raw.BYTES_PER_ELEMENT);
      const grown = new Float64Array(room);
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
    this.last = {
      values: values.subarray(0, rows),
      extremes: (blocks) => this.extremes(values, rows, blocks),
    };
    return this.last;
  }

  private note(row: number, values: Float64Array): void {
    const [level] = this.levels as [Level];
    const block = Math.floor(row / BLOCK);
    if (row % BLOCK === 0) {
      if (block > 0) this.close(block - 1, values);
      level.lowest[block] = -1;
      level.highest[block] = -1;
    }
    const value = values[row] as number;
    if (!Number.isFinite(value)) return;
    const low = level.lowest[block] as number;
    const high = level.highest[block] as number;
    if (low < 0 || value < (values[low] as number)) level.lowest[block] = row;
    if (high < 0 || value > (values[high] as number)) level.highest[block] = row;
  }

  /** A block of the lowest level is whole: so may be those above it. */
  private close(block: number, values: Float64Array): void {
    for (let at = 0, child = block; child % 2 === 1; at++, child >>= 1) {
      const { lowest, highest } = this.levels[at] as Level;
      const above = (this.levels[at + 1] ??= { lowest: [], highest: [] });
      above.lowest[child >> 1] = lower(values, lowest[child - 1] as number, lowest[child] as number);
      above.highest[child >> 1] = higher(values, highest[child - 1] as number, highest[child] as number);
    }
  }

  private extremes(values: Float64Array, rows: number, blocks: number): number[] {
    if (rows === 0) return [];
    // A power of two of the lowest blocks, so that a part is one block of some level.
    const height = Math.max(0, Math.ceil(Math.log2(Math.ceil(rows / BLOCK / blocks))));
    const level = this.levels[height] ?? { lowest: [], highest: [] };
    const [ground] = this.levels as [Level];
    const found = [0];
    const add = (row: number): void => {
      if (row > (found.at(-1) as number)) found.push(row);
    };
    const parts = Math.ceil(rows / BLOCK / 2 ** height);
    for (let part = 0; part < parts; part++) {
      let low = level.lowest[part] ?? -1;
      let high = level.highest[part] ?? -1;
      if (level.lowest[part] === undefined) {
        for (let at = part << height; at * BLOCK < rows; at++) {
          low = lower(values, low, ground.lowest[at] as number);
          high = higher(values, high, ground.highest[at] as number);
        }
      }
      add(Math.min(low, high));
      add(Math.max(low, high));
    }
    add(rows - 1);
    return found;
  }
}

/** By block its row of the lowest and the highest value; −1 where it has none. */
interface Level {
  readonly lowest: number[];
  readonly highest: number[];
}

/** Of two rows, or −1 for none, that of the lower value; of equal ones the first. */
function lower(values: Float64Array, a: number, b: number): number {
  if (a < 0 || b < 0) return Math.max(a, b);
  return (values[b] as number) < (values[a] as number) ? b : a;
}

function higher(values: Float64Array, a: number, b: number): number {
  if (a < 0 || b < 0) return Math.max(a, b);
  return (values[b] as number) > (values[a] as number) ? b : a;
}
