/** What a zod issue says to a person: what is wrong, and what to write instead. */
import type { z } from 'zod';
import type { ConfigPath } from './config-path.ts';
import { describe, expectationOf, mendOf } from './issue-words.ts';
import type { IssuePlace } from './schema/fields.ts';
import { describeKind, schemaAt } from './schema-node.ts';
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
      `${name} must be ${expectationOf(issue, kindAt(path))}, but is ${describe(value)}${mendOf(issue, value)}.`.replace(
        /\?\.$/,
        '?',
      ),
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

function kindAt(path: ConfigPath): string | undefined {
  const schema = schemaAt(path);
  return schema ? describeKind(schema) : undefined;
}

function unknownKey(key: string, parent: ConfigPath): string {
  const glued = /^([A-Za-z_]\w*):(?=\S)/.exec(key);
  if (glued) return `${key} is one word to YAML: put a space after the colon.`;
  const known = [...(schemaAt(parent)?.properties.keys() ?? [])];
  const guess = nearest(key, known);
  const where = parent.length === 0 ? 'a section of the configuration' : `a key of ${nameOf(parent)}`;
  if (guess) return `${key} is not ${where}: did you mean ${guess}?`;
  if (known.length === 0) return `${key} is not ${where}: it takes none, remove it.`;
  return `${key} is not ${where}: use ${known.join(', ')}, or remove it.`;
}
