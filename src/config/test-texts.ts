/** For the configuration's tests: presets and fixtures from the repository, and how problems are looked at. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { parseRecapConfig } from './parse-config.ts';
import type { ConfigProblem } from './parse-config.ts';

const root = new URL('../../', import.meta.url);

export function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

export const FIXTURES = ['parallel-share-all', 'serial-share-partial', 'mixed-share-none'] as const;

export const preset = (file: string) => read(`configs/${file}`);
/** The playground's configuration as it once was: edits of it stay valid when the preset is tuned. */
export const sample = read('test/sample-config.yaml');
export const fixture = (name: string) => read(`test/fixtures/${name}/config.yaml`);

/** The text with its first `before` replaced; fails the test when `before` is not there. */
export function edit(text: string, before: string | RegExp, after: string): string {
  const changed = text.replace(before, () => after);
  if (changed === text) throw new Error(`The text has no ${String(before)}`);
  return changed;
}

/** The problems as "severity underlined-text: message". */
export function shown(text: string): string[] {
  return parseRecapConfig(text).problems.map(
    ({ severity, message, from, to }) => `${severity} ${text.slice(from, to)}: ${message}`,
  );
}

/** The only error of the text, or else its only problem, with what it underlines. */
export function only(text: string): ConfigProblem & { underlined: string } {
  const { problems: all, config } = parseRecapConfig(text);
  const errors = all.filter(({ severity }) => severity === 'error');
  const problems = errors.length > 0 ? errors : all;
  expect(problems.map(({ message }) => message)).toHaveLength(1);
  const [problem] = problems;
  if (!problem) throw new Error('unreachable');
  expect(config === null).toBe(problem.severity === 'error');
  expect(problem.message).toMatch(/\S/);
  const lines = text.slice(0, problem.from).split(/\r\n?|\n/);
  expect([problem.line, problem.column]).toEqual([lines.length, (lines.at(-1) ?? '').length + 1]);
  return { ...problem, underlined: text.slice(problem.from, problem.to) };
}
