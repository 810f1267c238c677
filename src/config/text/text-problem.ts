/** What is wrong in a text, and where: the shape in which every reader of this folder reports. */
import type { z } from 'zod';
import { issueSentence } from '../issue-words.ts';
import { nearest } from '../suggest.ts';

export interface TextProblem {
  /** What is wrong and what to write instead. */
  readonly message: string;
  /** Keys from the top; empty for the whole text. */
  readonly path: readonly (string | number)[];
  /** Both from 1; the column counts UTF-16 units. */
  readonly line: number;
  readonly column: number;
}

/** A value, or every reason why there is none. */
export type Parsed<T> =
  | { readonly value: T; readonly problems: readonly [] }
  | { readonly value: null; readonly problems: readonly TextProblem[] };

/** Offset in the text → line and column, both from 1. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let at = before.indexOf('\n'); at >= 0; at = before.indexOf('\n', at + 1)) line++;
  return { line, column: offset - lineStart + 1 };
}

/** 'tweets[3].author.handle'; 'the text' for the empty path. */
export function pathText(path: readonly (string | number)[]): string {
  let out = '';
  for (const part of path) {
    if (typeof part === 'number') out += `[${part}]`;
    else if (/^\w+$/.test(part)) out += out === '' ? part : `.${part}`;
    else out += `[${JSON.stringify(part)}]`;
  }
  return out === '' ? 'the text' : out;
}

/** Finds where in a text the value (or the key) at a path stands; the nearest parent's place where it is absent. */
export type Locate = (path: readonly (string | number)[], at: 'key' | 'value') => number;

/** A text's value, and where its parts stand. */
export interface LocatedValue {
  readonly value: unknown;
  readonly locate: Locate;
}

/**
 * Zod's issues as problems with places, in the order of the text and in words of ours.
 * @param keysOf the keys that the map at a path takes, to say which one was meant.
 */
export function problemsOfIssues(
  issues: readonly z.core.$ZodIssue[],
  text: string,
  { value, locate }: LocatedValue,
  keysOf: (path: TextProblem['path']) => Iterable<string> = () => [],
): TextProblem[] {
  const problems = issues.flatMap((issue): (TextProblem & { offset: number })[] => {
    const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        const full = [...path, key];
        const offset = locate(full, 'key');
        const meant = nearest(key, [...keysOf(path)]);
        return {
          message: `${pathText(full)}: there is no such key, ${meant === null ? 'remove it' : `did you mean ${meant}?`}`,
          path: full,
          offset,
          ...placeOf(text, offset),
        };
      });
    }
    const offset = locate(path, 'value');
    const message = `${pathText(path)}: ${issueSentence(issue, value)}`;
    return [{ message, path, offset, ...placeOf(text, offset) }];
  });
  return problems.toSorted((a, b) => a.offset - b.offset).map(({ offset: _offset, ...problem }) => problem);
}

/** 'line 3, column 7: …', one problem a line. */
export function problemsText(problems: readonly TextProblem[]): string {
  return problems.map(({ line, column, message }) => `line ${line}, column ${column}: ${message}`).join('\n');
}
