/**
 * Numbers as people type and paste them: decimal comma or point, thousands, any minus sign, digits of any script, k, M
 * and %. What may mean two numbers is refused with both, never guessed. Pure; the page's number fields and the hints of
 * error messages share it.
 */
import { significant } from './number-text.ts';

export type TypedNumber = { readonly value: number } | { readonly problem: string };

export interface NumberLimits {
  readonly min: number;
  readonly max: number;
  /** Whole numbers only. */
  readonly whole?: boolean;
  /** The number is a percentage: a % behind it says nothing new. */
  readonly percent?: boolean;
  /** The field's own unit, which may stand behind the number. */
  readonly unit?: string;
  /** Where the person's locale has a decimal comma, 1,234 and 1.234 may be either number. */
  readonly decimalComma?: boolean;
}

const MINUS = /^[-\u2010-\u2014\u2212\uFE63\uFF0D]/;
/** Spaces and apostrophes between groups of three: ordinary, no-break, narrow, thin and figure spaces; 1'000, 1_000. */
const GROUP_MARKS = /[\s\u00A0\u2007\u2009\u202F'\u2019_\u066C]/g;
const MULTIPLES: Readonly<Record<string, number>> = { k: 3, K: 3, M: 6, B: 9 };

/**
 * Reads a number within limits.
 * @returns the number, or a sentence that says what is wrong and what to type
 */
export function readTypedNumber(text: string, limits: NumberLimits): TypedNumber {
  const range = rangeText(limits);
  const read = numberOf(text, limits);
  if ('problem' in read) return { problem: `${read.problem} ${range}` };
  const { value } = read;
  if (limits.whole === true && !Number.isInteger(value))
    return { problem: `This must be a whole number. ${range}` };
  if (limits.whole === true && !Number.isSafeInteger(value))
    return { problem: `This has more digits than can be kept. ${range}` };
  if (value < limits.min || value > limits.max) return { problem: `This is out of range. ${range}` };
  return { value };
}

/** "From 0 to 100." */
export function rangeText({ min, max, whole, percent }: NumberLimits): string {
  const what = whole === true ? 'A whole number' : 'A number';
  const unit = percent === true ? ' %' : '';
  const low = Number.isFinite(min) && min > -Number.MAX_SAFE_INTEGER;
  const high = Number.isFinite(max) && max < Number.MAX_SAFE_INTEGER;
  if (low && high) return `${what} from ${shown(min)} to ${shown(max)}${unit}.`;
  if (low) return `${what} from ${shown(min)}${unit} up.`;
  return high ? `${what} up to ${shown(max)}${unit}.` : `${what}.`;
}

const shown = (value: number): string => significant(value, 15);

/** The number a text most likely means, for a hint; null where there is none or there are two. */
export function meantNumber(text: string): number | null {
  const read = numberOf(text, { min: 0, max: 1 });
  return 'value' in read ? read.value : null;
}

function numberOf(text: string, limits: NumberLimits): TypedNumber {
  const { whole, percent, unit, max } = limits;
  let rest = asciiDigits(text.trim());
  if (rest === '') return { problem: 'A number is missing.' };
  if (unit !== undefined && unit !== '' && rest.endsWith(unit)) rest = rest.slice(0, -unit.length).trim();
  let scale = 0;
  const percentSign = /\s*[%\u066A\uFF05]$/.exec(rest);
  if (percentSign) {
    rest = rest.slice(0, percentSign.index);
    if (percent !== true && max > 1) return { problem: 'A % makes no sense here.' };
    if (percent !== true) scale = -2;
  } else {
    const multiple = /\s*([kKMB])$/.exec(rest);
    if (multiple) {
      rest = rest.slice(0, multiple.index);
      scale = MULTIPLES[multiple[1] ?? ''] ?? 0;
    }
  }
  const negative = MINUS.test(rest);
  rest = rest
    .replace(MINUS, '')
    .replace(/^[+\uFF0B]/, '')
    .trim();
  const exponent = /[eE]([-+\u2212]?\d{1,4})$/.exec(rest);
  if (exponent) {
    rest = rest.slice(0, exponent.index);
    scale += Number((exponent[1] ?? '0').replace('\u2212', '-'));
  }
  const plain = plainDecimal(rest, whole === true, limits.decimalComma === true);
  if ('problem' in plain) return plain;
  // By exponent, as 2.3 * 1e6 would not be 2300000.
  const value = Number(`${negative ? '-' : ''}${plain.digits}e${scale}`);
  return Number.isFinite(value) ? { value } : { problem: 'This number is too large.' };
}

/** Digits with marks → digits with at most one point. */
function plainDecimal(
  written: string,
  whole: boolean,
  decimalComma: boolean,
): { readonly digits: string } | { readonly problem: string } {
  const noNumber = { problem: 'This is no number.' };
  const text = written.replaceAll('\u066B', ',');
  if (!/^[\d.,]/.test(text) || !/\d/.test(text)) return noNumber;
  const marks = text.match(/[.,]/g) ?? [];
  const last = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
  const mark = text.charAt(last);
  if (marks.length === 0) return grouped(text, null) ?? noNumber;
  if (marks.every((each) => each === mark) && marks.length > 1) return grouped(text, mark) ?? noNumber;
  if (marks.length === 1) {
    const [before, after] = [text.slice(0, last), text.slice(last + 1)];
    const thousands = /^[1-9]\d{0,2}$/.test(before) && /^\d{3}$/.test(after);
    const doubtful = decimalComma || (mark === '.' && whole);
    if (thousands && doubtful) {
      const bare = String(Number(`${before}.${after}`));
      // With three digits behind the point it would be as doubtful again.
      const small = decimalComma && /\.\d{3}$/.test(bare) ? `${bare}0` : bare;
      return { problem: `${text} may mean ${small} or ${before}${after}: write one of the two.` };
    }
    if (thousands && mark === ',') return { digits: before + after };
    return /^0\d/.test(before) ? noNumber : (decimal(before, after, null) ?? noNumber);
  }
  // Both marks: the last one is the decimal mark, the other groups thousands.
  if (marks.filter((each) => each === mark).length > 1) return noNumber;
  return decimal(text.slice(0, last), text.slice(last + 1), mark === ',' ? '.' : ',') ?? noNumber;
}

function decimal(before: string, after: string, mark: string | null): { digits: string } | null {
  if (!/^\d*$/.test(after)) return null;
  if (before === '') return after === '' ? null : { digits: `0.${after}` };
  const integer = grouped(before, mark);
  return integer && { digits: after === '' ? integer.digits : `${integer.digits}.${after}` };
}

/** Digits in groups of three, by one kind of mark or by spaces and apostrophes; null when the groups do not fit. */
function grouped(text: string, mark: string | null): { digits: string } | null {
  const groups = mark === null ? text.replaceAll(GROUP_MARKS, ' ').split(' ') : text.split(mark);
  if (groups.length === 1) return /^\d+$/.test(text) ? { digits: text } : null;
  const fits = groups.every((group, i) => (i === 0 ? /^[1-9]\d{0,2}$/ : /^\d{3}$/).test(group));
  return fits ? { digits: groups.join('') } : null;
}

/** Arabic-Indic, Devanagari, fullwidth and other decimal digits → 0 to 9. */
function asciiDigits(text: string): string {
  return text.replaceAll(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    if (code < 0x80) return digit;
    // Each script's ten digits stand together: count back to its zero.
    let zero = code;
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
    return isZero(zero, code) ? String(code - zero) : digit;
  });
}

/** Scripts whose digits follow another script's at once have no clear zero: those stay as they are. */
function isZero(zero: number, code: number): boolean {
  return code - zero <= 9 && !/\p{Nd}/u.test(String.fromCodePoint(zero - 1));
}
