/** `$VAR` and `${VAR}` that nothing was known for, so that they stand in the values as they were written. */
import type { ConfigPath } from './config-path.ts';
import type { PathProblem } from './messages.ts';
import { variablesIn } from './substitute.ts';
import type { YamlValue } from './yaml-tree.ts';

/**
 * A note at each value that still holds a variable.
 * @param hasEnvironment whether there are variables at all: a page has none.
 * @param unread paths whose values nobody reads; what they hold is not worth a word.
 */
export function leftVariableProblems(
  raw: YamlValue,
  hasEnvironment: boolean,
  unread: readonly ConfigPath[],
): PathProblem[] {
  const skipped = new Set(unread.map((path) => JSON.stringify(path)));
  const problems: PathProblem[] = [];
  const walk = (value: YamlValue, path: ConfigPath): void => {
    if (skipped.has(JSON.stringify(path))) return;
    if (typeof value === 'string') {
      for (const { name, written } of variablesIn(value)) {
        const message = hasEnvironment
          ? `There is no environment variable ${name}: ${written} stays as it is. Set it, or write its value.`
          : `A page has no environment variables: ${written} stays as it is.`;
        problems.push({ severity: 'info', path, message, place: 'value' });
      }
    } else if (Array.isArray(value)) value.forEach((item, i) => walk(item, [...path, i]));
    else if (value !== null && typeof value === 'object') {
      for (const [key, item] of Object.entries(value)) walk(item, [...path, key]);
    }
  };
  walk(raw, []);
  return problems;
}
