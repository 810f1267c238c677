/**
 * What a cell says: a number, a date, a list of numbers, or a text. A text cell is taken as a number only if it is
 * written as one throughout, never by what a lenient parser makes of its beginning.
 */

/** One cell as the formats give it; a CSV file has texts only. */
export type Cell = string | number | boolean | bigint | Date | ArrayLike<unknown> | null | undefined;

/** The character before the fraction; the other one of the two then groups thousands. */
export type DecimalMark = '.' | ',';

/** Cells that stand for no value, in any case, besides the empty one: as pandas has them, UCI's "?" and MySQL's "\N". */
export const MISSING_TEXTS: readonly string[] = [
  'na', 'n/a', '#n/a', '<na>', 'nan', '-nan', 'null', 'none', '?', '\\n',
]; // prettier-ignore

const POWERS = Array.from({ length: 23 }, (_, k) => 10 ** k);
const ZERO = 48;
const MINUS = 45;
const PLUS = 43;
const POINT = 46;

/**
 * The number that a text writes, or null: digits with an optional sign, fraction and exponent, thousands grouped by
 * threes, a percent sign behind (which changes nothing: 12% is 12). Read as correctly as the language's own parser.
 */
export function parseNumber(text: string, decimal: DecimalMark): number | null {
  // Up to fifteen digits and a power of ten up to 22 are exact as doubles, so one division rounds as it must.
  const length = text.length;
  if (length <= 17 && decimal === '.') {
    let at = 0;
    const first = text.charCodeAt(0);
    if (first === MINUS || first === PLUS) at = 1;
    let digits = 0;
    let mantissa = 0;
    let point = -1;
    for (; at < length; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        digits++;
      } else if (digit === POINT - ZERO && point < 0) point = at;
      else break;
    }
    if (at === length && digits > 0 && digits <= 15) {
      const value = point < 0 ? mantissa : mantissa / POWERS[length - 1 - point]!;
      return first === MINUS ? -value : value;
    }
  }
  return parseAnyNumber(text, decimal);
}

const WRITTEN = {
  '.': /^[-+−]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?(?:e[-+]?\d{1,4})?\s?%?$/i,
  ',': /^[-+−]?(?:\d+|\d{1,3}(?:[.\u00a0\u202f ]\d{3})+)?(?:,\d*)?(?:e[-+]?\d{1,4})?\s?%?$/i,
};

function parseAnyNumber(text: string, decimal: DecimalMark): number | null {
  if (text.length > 400 || !WRITTEN[decimal].test(text) || !/\d/.test(text)) return null;
  let plain = text.replace('−', '-').replace(/\s?%$/, '');
  plain = decimal === '.' ? plain.replaceAll(',', '') : plain.replace(/[.\s]/g, '').replace(',', '.');
  // Only an exponent is left of ".e5".
  if (!/^[-+]?\.?\d/.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

/** How the days, months and years of a column's dates are ordered. */
export const DATE_ORDERS = ['ymd', 'dmy', 'mdy'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

const DATE =
  /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|UTC|[-+]\d{2}:?\d{2})?)?$/i;

/**
 * The moment that a text writes in this order, in milliseconds since 1970, or null: a day, with an optional time of day
 * and zone; without a zone it is UTC.
 */
export function parseDate(text: string, order: DateOrder): number | null {
  if (text.length < 8 || text.length > 40) return null;
  const match = DATE.exec(text);
  if (!match) return null;
  const [, first = '', , second = '', third = ''] = match;
  const [y, m, d] =
    order === 'ymd'
      ? [first, second, third]
      : order === 'dmy'
        ? [third, second, first]
        : [third, first, second];
  if (y.length !== 4 || m.length > 2 || d.length > 2) return null;
  const [year, month, day] = [Number(y), Number(m), Number(d)];
  const [hour, minute, seconds] = [Number(match[5] ?? 0), Number(match[6] ?? 0), Number(match[7] ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return null;
  if (hour > 24 || minute > 59 || seconds > 60) return null;
  const fraction = Number(`0.${match[8] ?? 0}`);
  const date = new Date(0);
  // Date.UTC takes years below 100 for those of the last century.
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() + ((hour * 60 + minute) * 60 + seconds + fraction) * 1000 - zoneOf(match[9]);
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function zoneOf(zone: string | undefined): number {
  if (zone === undefined || /^(?:z|utc)$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** The numbers of a list cell, `[1, 2.5]`, `1;2.5`, `1|2.5` or `1 2.5`, or null. One number alone needs its brackets. */
export function parseList(text: string): number[] | null {
  const trimmed = text.trim();
  const bracketed = /^[[({](.*)[\])}]$/s.exec(trimmed);
  const inner = (bracketed?.[1] ?? trimmed).trim();
  if (inner === '') return null;
  const mark = /[,;|]/.exec(inner)?.[0];
  const parts = mark === undefined ? inner.split(/\s+/) : inner.split(mark);
  if (parts.length < 2 && !bracketed) return null;
  const values: number[] = [];
  for (const part of parts) {
    const value = parseNumber(part.trim(), '.');
    if (value === null) return null;
    values.push(value);
  }
  return values;
}

/** The numbers of an array cell, or null when one of its elements is none. */
export function numbersOf(cell: ArrayLike<unknown>): number[] | null {
  const values: number[] = [];
  for (let i = 0; i < cell.length; i++) {
    const value = cell[i];
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) return null;
    values.push(number);
  }
  return values.length > 0 ? values : null;
}

/** A cell as text, as categories and labels are compared; null for a missing one. */
export function textOf(cell: Cell): string | null {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === 'string') return cell;
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? null : cell.toISOString();
  if (typeof cell === 'object') return JSON.stringify(Array.from(cell, String));
  if (typeof cell === 'number' && Number.isNaN(cell)) return null;
  return String(cell);
}

/** A test of cells for "no value": empty, NaN, or one of the texts, in any case. */
export function missingTest(texts: readonly string[]): (cell: Cell) => boolean {
  const known = new Set(texts.map((text) => text.toLowerCase()));
  const longest = Math.max(0, ...texts.map((text) => text.length));
  return (cell) => {
    if (typeof cell === 'string') {
      return cell === '' || (cell.length <= longest && known.has(cell.toLowerCase()));
    }
    if (cell === null || cell === undefined) return true;
    if (typeof cell === 'number') return Number.isNaN(cell);
    return cell instanceof Date && Number.isNaN(cell.getTime());
  };
}
