/** Problems at paths → problems at places in the text: the exact key or value, aliases and variables traced back. */
import type { ConfigPath } from './config-path.ts';
import type { PathProblem } from './messages.ts';
import { substituteVariables } from './substitute.ts';
import type { Substituted } from './substitute.ts';
import { parseYamlTree, placeAt } from './yaml-tree.ts';
import type { Located, Range } from './yaml-tree.ts';

export interface ConfigProblem {
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** Keys and list positions down to the place; empty for the file as a whole and for YAML syntax. */
  readonly path: ConfigPath;
  /** Offsets in the text as given, before variables were substituted. */
  readonly from: number;
  readonly to: number;
  /** 1-based, in UTF-16 units. */
  readonly line: number;
  readonly column: number;
}

/**
 * Places problems that others found in a parsed configuration, such as a data schema that lacks a feature. A path that
 * the text does not have shows at the nearest key above it. Empty when the text is no readable YAML.
 */
export function locateProblems(
  text: string,
  problems: readonly PathProblem[],
  variables: Readonly<Record<string, string>> = {},
): ConfigProblem[] {
  const substituted = substituteVariables(text, variables);
  const { root } = parseYamlTree(substituted.text);
  return root ? withLines(text, substituted, placeProblems(root, problems)) : [];
}

/** A problem with offsets in the text after substitution. */
export interface PlacedProblem extends Range {
  readonly severity: ConfigProblem['severity'];
  readonly message: string;
  readonly path: ConfigPath;
}

/**
 * A problem inside an anchored value shows once, at the anchor: the way with the fewest aliases. When it only arises
 * where an alias puts the value, it shows at the alias.
 */
export function placeProblems(root: Located, problems: readonly PathProblem[]): PlacedProblem[] {
  const groups = new Map<string, { hops: number; problem: PlacedProblem }[]>();
  for (const { place, path, ...problem } of problems) {
    const { found, located, through, hops } = placeAt(root, path);
    const { from, to } = through ?? rangeFor(located, found ? place : 'key');
    const identity = `${located.origin.from}:${problem.message}`;
    const group = groups.get(identity) ?? [];
    group.push({ hops, problem: { ...problem, path, from, to } });
    groups.set(identity, group);
  }
  return [...groups.values()].flatMap((group) => {
    const fewest = Math.min(...group.map(({ hops }) => hops));
    const byPlace = new Map<string, PlacedProblem>();
    for (const { hops, problem } of group) {
      if (hops > fewest) continue;
      const key = `${problem.from}-${problem.to}`;
      if (!byPlace.has(key)) byPlace.set(key, problem);
    }
    return [...byPlace.values()];
  });
}

function rangeFor({ origin, key, alias, block, entries }: Located, place: PathProblem['place']): Range {
  if (key && (place === 'key' || (!alias && (block || origin.from === origin.to)))) return key;
  if (alias) return alias;
  if (!block) return origin;
  // The root and list items have no key: their first key, or the first character.
  const first = entries?.values().next().value?.key;
  return first ?? { from: origin.from, to: Math.min(origin.to, origin.from + 1) };
}

/** Offsets of the substituted text → offsets, lines and columns of the text as given, in its order. */
export function withLines(
  text: string,
  substituted: Substituted,
  problems: readonly PlacedProblem[],
): ConfigProblem[] {
  const lineStarts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n?|\n/g)) lineStarts.push(index + end.length);
  return problems
    .map((problem): ConfigProblem => {
      const { from, to } = substituted.originalRange(problem.from, problem.to);
      const line = lineOf(lineStarts, from);
      const { severity, message, path } = problem;
      return {
        severity,
        message,
        path,
        from,
        to,
        line: line + 1,
        column: from - (lineStarts[line] ?? 0) + 1,
      };
    })
    .sort((a, b) => a.from - b.from || a.to - b.to);
}

function lineOf(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
