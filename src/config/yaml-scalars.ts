/**
 * Scalars as the reference's parser reads them: PyYAML's SafeLoader, which knows YAML 1.1. So 010 is 8, 1_000 is 1000,
 * 2:00:00 is 7200, yes is true, and 1e-4 (no dot, no sign before the 4) is a text.
 */

export type ScalarValue = null | boolean | number | string;

export interface Scalar {
  readonly value: ScalarValue;
  /** What cannot be read, and what to write instead. */
  readonly problem?: string;
  /** What a person may not expect of this reading. */
  readonly note?: string;
}

// PyYAML's implicit resolvers, in its order.
const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INT =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;

/** Longer integers are beyond every double. */
const MAX_DIGITS = 400;

/** An unquoted scalar. */
export function plainScalar(source: string): Scalar {
  if (BOOL.test(source)) return { value: truth(source) };
  if (FLOAT.test(source)) return { value: float(source) };
  if (INT.test(source)) return integer(source);
  if (NULL.test(source)) return { value: null };
  if (source === '=')
    return { value: source, problem: 'A lone = has a meaning of its own in YAML: write "=".' };
  return { value: source };
}

const TAG = 'tag:yaml.org,2002:';

/** A scalar with a tag such as !!int; null for tags that SafeLoader does not know or that are none of a scalar. */
export function taggedScalar(tag: string, source: string, plain: boolean): Scalar | null {
  switch (tag) {
    case '!':
      return plain ? plainScalar(source) : { value: source };
    case `${TAG}str`:
      return { value: source };
    case `${TAG}null`:
      return { value: null };
    case `${TAG}bool`:
      return BOOL.test(source) || /^(?:yes|no|true|false|on|off)$/i.test(source)
        ? { value: truth(source) }
        : { value: source, problem: `!!bool needs true or false, not ${quoted(source)}: remove the tag.` };
    case `${TAG}int`:
      return INT.test(source)
        ? integer(source)
        : { value: source, problem: `!!int needs a whole number, not ${quoted(source)}: remove the tag.` };
    case `${TAG}float`: {
      const value = INT.test(source) || FLOAT.test(source) ? float(source) : pythonFloat(source);
      return value === null
        ? { value: source, problem: `!!float needs a number, not ${quoted(source)}: remove the tag.` }
        : { value };
    }
    default:
      return null;
  }
}

/** Tags of collections that change nothing. */
export function isCollectionTag(tag: string, kind: 'map' | 'seq'): boolean {
  return tag === '!' || tag === `${TAG}${kind}`;
}

function quoted(source: string): string {
  return `"${source.length > 40 ? `${source.slice(0, 40)}…` : source}"`;
}

function truth(source: string): boolean {
  return /^(?:yes|true|on)$/i.test(source);
}

function integer(source: string): Scalar {
  const digits = source.replaceAll('_', '');
  const negative = digits.startsWith('-');
  const body = digits.replace(/^[-+]/, '');
  const signed = (value: number) => (negative && value !== 0 ? -value : value);
  if (body.length > MAX_DIGITS) return { value: signed(Infinity) };
  if (body.includes(':')) {
    const value = signed(Number(body.split(':').reduce((total, part) => total * 60n + BigInt(part), 0n)));
    return {
      value,
      note: `${source} is read in base 60, as ${value}: write ${value}, or put a text in quotes.`,
    };
  }
  if (/^0[bx]?$/.test(body) && body !== '0') {
    return { value: source, problem: `${source} holds no digit: write 0, or put the text in quotes.` };
  }
  if (/^0[0-7]/.test(body)) {
    const value = signed(Number(BigInt(`0o${body.slice(1)}`)));
    const note = `${source} is read in base 8, as ${value}, because of its leading 0: write ${value}, or put a text in quotes.`;
    // 00 to 07 are the same in every base.
    return value === Number(digits) ? { value } : { value, note };
  }
  return { value: signed(Number(BigInt(body))) };
}

function float(source: string): number {
  const text = source.replaceAll('_', '').toLowerCase();
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text.replace(/^[-+]/, '');
  if (body === '.inf') return sign * Infinity;
  if (body === '.nan') return NaN;
  if (!body.includes(':')) return sign * Number(body);
  let [value, base] = [0, 1];
  for (const part of body.split(':').reverse()) {
    value += Number(part) * base;
    base *= 60;
  }
  return sign * value;
}

const PYTHON_INT = /^\s*[-+]?\d+(?:_\d+)*\s*$/;
const PYTHON_FLOAT =
  /^\s*[-+]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][-+]?\d+(?:_\d+)*)?\s*$/;

/** Python's int(text), which pydantic applies to a text where a whole number belongs; null where it refuses. */
export function pythonInt(text: string): number | null {
  return PYTHON_INT.test(text) ? Number(text.replaceAll('_', '')) + 0 : null;
}

/** Python's float(text); null where it refuses. */
export function pythonFloat(text: string): number | null {
  const word = /^\s*([-+]?)(inf|infinity|nan)\s*$/i.exec(text);
  if (word) return word[2]?.toLowerCase() === 'nan' ? NaN : word[1] === '-' ? -Infinity : Infinity;
  return PYTHON_FLOAT.test(text) ? Number(text.replaceAll('_', '')) : null;
}
