/** What a schema's issue says to a person: what belongs there, what stands there, what to write. For every kind of file. */
import type { z } from 'zod';
import { nearest } from './suggest.ts';
import { meantNumber } from './typed-number.ts';

type Issue = z.core.$ZodIssue;

/** "at least 1", "a list of at most 3 items", "one of a, b". `kind` names the type, where the caller knows it better. */
export function expectationOf(issue: Issue, kind?: string): string {
  switch (issue.code) {
    case 'too_small':
      return bound(issue.origin, issue.inclusive === false ? 'greater than' : 'at least', issue.minimum);
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'invalid_value':
      return issue.values.length === 1
        ? String(issue.values[0])
        : `one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_type':
      return kind ?? KINDS[issue.expected] ?? 'another kind of value';
    case 'invalid_union':
      return kind ?? 'one of the kinds that are known here';
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return kind ?? 'a value of its kind';
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map of keys',
  record: 'a map by name',
  array: 'a list',
  tuple: 'a list',
  null: 'empty',
};

function bound(origin: string, relation: string, limit: number | bigint): string {
  const counted = (one: string, many: string) => `${relation} ${limit} ${Number(limit) === 1 ? one : many}`;
  if (origin === 'array') return `a list of ${counted('item', 'items')}`;
  if (origin === 'string')
    return limit === 1 && relation === 'at least'
      ? 'a text, not an empty one'
      : `a text of ${counted('character', 'characters')}`;
  return `${relation} ${limit}`;
}

/** What to write instead, as "; write 0.5"; empty where nothing can be said. */
export function mendOf(issue: Issue, value: unknown): string {
  const mend = mendWords(issue, value);
  return mend === null ? '' : `; ${mend}`;
}

function mendWords(issue: Issue, value: unknown): string | null {
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const guess = nearest(value, issue.values.map(String));
    return guess === null ? null : `did you mean ${guess}?`;
  }
  if (issue.code !== 'invalid_type') return null;
  const expected: string = issue.expected;
  const isWhole = expected === 'int' || ('format' in issue && issue.format === 'safeint');
  if (expected === 'number' || isWhole) return numberMend(value, isWhole);
  if (expected === 'boolean' && typeof value === 'string') {
    if (/^(?:yes|on|true|y|t)$/i.test(value)) return 'write true, without quotes';
    if (/^(?:no|off|false|n|f)$/i.test(value)) return 'write false, without quotes';
  }
  if (expected === 'boolean' && (value === 0 || value === 1)) return `write ${value === 1}`;
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return `put it in quotes: "${value}"`;
  if (value === null && expected === 'string') return 'write "" for an empty text';
  if (value === null && (expected === 'object' || expected === 'record')) return 'write {} for an empty one';
  if (value === null && expected === 'array') return 'write [] for an empty one';
  return null;
}

function numberMend(value: unknown, whole: boolean): string | null {
  if (typeof value === 'boolean') return `write ${Number(value)}`;
  if (typeof value === 'number' && Number.isFinite(value) && whole)
    return `write ${Math.floor(value)} or ${Math.ceil(value)}`;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const meant = /^0[box][\da-f]+$/i.test(text) ? Number(text) : meantNumber(text);
  if (meant === null || !Number.isFinite(meant) || (whole && !Number.isSafeInteger(meant))) return null;
  if (/^[\u2010-\u2014\u2212\uFE63\uFF0D]/.test(text)) return `write ${meant} with a hyphen`;
  return String(meant) === text || (Number(text) === meant && !/^0[bo]|e/i.test(text))
    ? `write ${text} without quotes`
    : `write ${meant}`;
}

/** A value as the text would show it, shortened. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') {
    if (value === '') return 'an empty text';
    return `the text "${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  }
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return '.nan';
    if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  }
  return String(value as number | boolean | bigint);
}

/** undefined where there is none. */
function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[part];
  }
  return value;
}

/** The schema library's own words, which say nothing of the value; a schema's own message begins otherwise. */
const LIBRARY_WORDS = /^(?:Invalid|Too |Unrecognized|Expected)/;

/**
 * What is wrong at an issue's path, without the path: "must be at least 1, but is 0".
 * @param root the value that was checked.
 */
export function issueSentence(issue: Issue, root: unknown): string {
  const value = valueAt(root, issue.path);
  if (issue.code === 'custom' || !LIBRARY_WORDS.test(issue.message)) {
    const ours = issue.message;
    return issue.code === 'custom' || typeof value === 'object'
      ? ours
      : `${ours}; this is ${describe(value)}`;
  }
  if (value === undefined) return `is missing: add it, ${expectationOf(issue)}`;
  return `must be ${expectationOf(issue)}, but is ${describe(value)}${mendOf(issue, value)}`;
}
