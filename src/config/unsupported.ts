/**
 * What the schema knows and the engine does not do yet: a named error at its line, never ignored. When the engine
 * learns one of them, its entry goes.
 */
import { isPlainObject } from './plain-object.ts';
import type { ConfigPath } from './config-path.ts';
import type { PathProblem } from './messages.ts';
import type { YamlValue } from './yaml-tree.ts';

/** Path with '*' for any name or position. */
export type Pattern = readonly string[];

export const DATA_SECTIONS: readonly Pattern[] = [['train_data'], ['validation_data', '*']];

/** Every base with the same keys behind it. */
export function under(bases: readonly Pattern[], ...rest: readonly string[]): Pattern[] {
  return bases.map((base) => [...base, ...rest]);
}

interface Unsupported {
  readonly at: readonly Pattern[];
  readonly message: string;
}

const UNSUPPORTED: readonly Unsupported[] = [
  {
    at: [['model', 'featurization_config', 'z_score_log_config']],
    message:
      'z_score_log_config is not supported: its analysis file was never published, and without it there are no means and deviations. Use double_norm_log_config, log1p_abs_config or clip_log1p_abs_config.',
  },
  {
    at: [['model', 'large_embeddings']],
    message:
      'large_embeddings is not supported: its tables are looked up in a service outside the model, and start from snapshots that were never published. Set it to null, or use small_embeddings.',
  },
  {
    at: under(DATA_SECTIONS, 'sampler'),
    message: 'sampler is not supported (the reference calls it deprecated): remove it.',
  },
];

/** All paths of the value that fit the pattern. */
export function matches(root: YamlValue, pattern: Pattern): { path: ConfigPath; value: YamlValue }[] {
  let found: { path: ConfigPath; value: YamlValue }[] = [{ path: [], value: root }];
  for (const part of pattern) {
    found = found.flatMap(({ path, value }) => {
      if (!isPlainObject(value)) return [];
      const keys = part === '*' ? Object.keys(value) : Object.hasOwn(value, part) ? [part] : [];
      return keys.map((key) => ({ path: [...path, key], value: value[key] ?? null }));
    });
  }
  return found;
}

/** One error for each use of something the engine does not do yet. `raw` is the plain value of the YAML. */
export function unsupportedProblems(raw: YamlValue): PathProblem[] {
  return UNSUPPORTED.flatMap(({ at, message }) =>
    at
      .flatMap((pattern) => matches(raw, pattern))
      .filter(({ value }) => value !== null)
      .map(({ path }): PathProblem => ({ severity: 'error', path, message, place: 'key' })),
  );
}
