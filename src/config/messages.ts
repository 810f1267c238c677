/** What a zod issue says to a person: what is wrong, and what to write instead. */
import type { z } from 'zod';
import { describeKind, schemaAt } from './schema-node.ts';
import type { ConfigPath } from './config-path.ts';
import type { IssuePlace } from './schema/fields.ts';
import { nearest } from './suggest.ts';
import type { YamlValue } from './yaml-tree.ts';

/** One thing wrong at a path, before it has a place in the text. */
export interface PathProblem {
  readonly severity: 'error' | 'warning' | 'info';
  readonly path: ConfigPath;
  readonly message: string;
  /** Whether the key or the value at the path is to be underlined. */
  readonly place: IssuePlace;
}

type Issue = z.core.$ZodIssue;

/** `found` tells whether the text has a value at the path, and which. */
export function problemsOfIssue(issue: Issue, found: boolean, value: YamlValue): PathProblem[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const error = (message: string, place: IssuePlace, at: ConfigPath = path): PathProblem => ({
    severity: 'error',
    path: at,
    message,
    place,
  });
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => error(unknownKey(key, path), 'key', [...path, key]));
  }
  if (issue.code === 'custom')
    return [error(issue.message, issue.params?.['place'] === 'value' ? 'value' : 'key')];
  const name = nameOf(path);
  if (!found) {
    const parent = path.length > 1 ? ` in ${nameOf(path.slice(0, -1))}` : '';
    const schema = schemaAt(path);
    const what = schema
      ? ` (${describeKind(schema)}${schema.description ? `: ${schema.description}` : ''})`
      : '';
    return [error(`${name} is missing${parent}: add it${what}`, 'key')];
  }
  return [
    error(
      `${name} must be ${expectation(issue, path)}, but is ${describe(value)}${hint(issue, value)}.`,
      'value',
    ),
  ];
}

function nameOf(path: ConfigPath): string {
  const last = path.at(-1);
  if (last === undefined) return 'The configuration';
  if (typeof last === 'string') return last;
  return `Item ${last + 1} of ${nameOf(path.slice(0, -1))}`;
}

function unknownKey(key: string, parent: ConfigPath): string {
  const known = [...(schemaAt(parent)?.properties.keys() ?? [])];
  const guess = nearest(key, known);
  const where = parent.length === 0 ? 'a section of the configuration' : `a key of ${nameOf(parent)}`;
  if (guess) return `${key} is not ${where}: did you mean ${guess}?`;
  if (known.length === 0) return `${key} is not ${where}: it takes none, remove it.`;
  return `${key} is not ${where}: use ${known.join(', ')}, or remove it.`;
}

function expectation(issue: Issue, path: ConfigPath): string {
  switch (issue.code) {
    case 'too_small':
      return bound(issue.origin, issue.inclusive === false ? 'greater than' : 'at least', issue.minimum);
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'invalid_value': {
      return `one of ${issue.values.map(String).join(', ')}`;
    }
    case 'invalid_type': {
      const schema = schemaAt(path);
      return schema ? describeKind(schema) : `a value of type ${issue.expected}`;
    }
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return 'a value of its type';
  }
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === 'array') return `a list of ${relation} ${limit} ${limit === 1 ? 'item' : 'items'}`;
  if (origin === 'string')
    return `a text of ${relation} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  return `${relation} ${limit}`;
}

function hint(issue: Issue, value: YamlValue): string {
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const guess = nearest(value, issue.values.map(String));
    return guess ? `; did you mean ${guess}?`.slice(0, -1) : '';
  }
  if (issue.code !== 'invalid_type' || typeof value !== 'string') return '';
  if (/^(yes|on|true)$/i.test(value)) return '; write true, without quotes';
  if (/^(no|off|false)$/i.test(value)) return '; write false, without quotes';
  if (value !== '' && Number.isFinite(Number(value))) return `; write ${value} without quotes`;
  return '';
}

/** A value as the text would show it, shortened. */
export function describe(value: YamlValue): string {
  if (value === null) return 'empty';
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
  return String(value);
}
