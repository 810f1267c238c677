/** `$VAR` and `${VAR}` that nothing was known for, so that they stand in the values as they were written. */
import type { ConfigPath } from './config-path.ts';
import type { PathProblem } from './messages.ts';
import type { UnsetVariable } from './substitute.ts';
import type { Located } from './yaml-tree.ts';

/**
 * A note at each value that still holds a variable.
 * @param hasEnvironment whether there are variables at all: a page has none.
 * @param unread paths whose values nobody reads; what they hold is not worth a word.
 */
export function leftVariableProblems(
  root: Located,
  unset: readonly UnsetVariable[],
  hasEnvironment: boolean,
  unread: readonly ConfigPath[],
): PathProblem[] {
  if (unset.length === 0) return [];
  const skipped = new Set(unread.map((path) => JSON.stringify(path)));
  const problems: PathProblem[] = [];
  const walk = (located: Located, path: ConfigPath): void => {
    if (skipped.has(JSON.stringify(path))) return;
    located.entries?.forEach((entry, key) => walk(entry, [...path, key]));
    located.items?.forEach((item, i) => walk(item, [...path, i]));
    if (located.entries || located.items) return;
    for (const variable of unsetIn(located, unset)) {
      problems.push({
        severity: 'info',
        path,
        message: hasEnvironment
          ? unsetMessage(variable)
          : `A page has no environment variables: ${variable.written} stays as it is.`,
        place: 'value',
      });
    }
  };
  walk(root, []);
  return problems;
}

/** The variables without a value inside a scalar. */
export function unsetIn({ origin }: Located, unset: readonly UnsetVariable[]): UnsetVariable[] {
  return unset.filter(({ from, to }) => from >= origin.from && to <= origin.to);
}

export function unsetMessage({ name, written }: UnsetVariable): string {
  return `There is no environment variable ${name}: set it, or write its value in place of ${written}.`;
}
