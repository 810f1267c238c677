/** What differs between two configurations, for "configuration changed, restart" and for naming runs. */
import { formatPath } from './config-path.ts';
import type { ConfigPath } from './config-path.ts';
import type { RecapConfig } from './recap-config.ts';
import { isPlainObject } from './plain-object.ts';

export interface ConfigDifference {
  readonly path: ConfigPath;
  /** undefined where only one side has the key. */
  readonly before: unknown;
  readonly after: unknown;
}

/** The deepest places that differ, in the order of the first configuration, then what only the second has. */
export function diffConfigs(a: RecapConfig, b: RecapConfig): ConfigDifference[] {
  const differences: ConfigDifference[] = [];
  compare(a, b, [], differences);
  return differences;
}

/** The paths of `diffConfigs` as text, e.g. `model.tasks["recap.engagement.is_replied"].pos_weight`. */
export function changedPaths(a: RecapConfig, b: RecapConfig): string[] {
  return diffConfigs(a, b).map(({ path }) => formatPath(path));
}

function compare(before: unknown, after: unknown, path: ConfigPath, out: ConfigDifference[]): void {
  if (Object.is(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    before.forEach((item: unknown, i) => compare(item, after[i], [...path, i], out));
  } else if (isPlainObject(before) && isPlainObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const [left, right] = [before, after].map((side) => (Object.hasOwn(side, key) ? side[key] : undefined));
      compare(left, right, [...path, key], out);
    }
  } else {
    out.push({ path, before, after });
  }
}
