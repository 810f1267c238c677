/** Which rows of a table are held out: a property of the row, the group or the moment, never of the order of reading. */
import { textOf, type Cell, type DateOrder, type DecimalMark } from './cells.ts';
import type { HeldOut } from './columns-file.ts';
import { timeOf } from './import-table.ts';

/** MurmurHash3's 32-bit finalizer. */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** FNV-1a over the text's UTF-16 code units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mix(hash);
}

const UNITS = 4_294_967_296;

/**
 * A test of rows for being held out.
 * @param column the cells that the rule reads; undefined by row.
 * Rows without a group count as one group, rows without a time are trained on.
 */
export function heldOutTest(rule: HeldOut, decimal: DecimalMark): (number: number, cell: Cell) => boolean {
  const limit = rule.share * UNITS;
  switch (rule.by) {
    case 'row':
      // Hashed, not counted: a table may repeat itself every so many rows.
      return (number) => mix(number + 0x9e3779b9) < limit;
    case 'group':
      return (_, cell) => hashText(textOf(cell) ?? '') < limit;
    case 'time': {
      const { from, order } = rule;
      if (from === undefined) throw new RangeError('A rule by time needs its moment: complete it first.');
      const as: DateOrder | 'number' = typeof from === 'number' ? 'number' : (order ?? 'ymd');
      const limitTime = typeof from === 'number' ? from : Date.parse(from);
      return (_, cell) => {
        const time = timeOf(cell, as, decimal);
        return time !== null && time >= limitTime;
      };
    }
  }
}
