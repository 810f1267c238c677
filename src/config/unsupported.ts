/**
 * What the schema knows and the engine does not do yet: a named error at its line, never ignored. When the engine
 * learns one of them, its entry goes.
 */
import { isPlainObject } from './schema/fields.ts';
import type { ConfigPath } from './config-path.ts';
import type { PathProblem } from './messages.ts';
import type { YamlValue } from './yaml-tree.ts';

/** Path with '*' for any name or position. */
export type Pattern = readonly string[];

const NETWORKS: readonly Pattern[] = [
  ['model', 'backbone'],
  ['model', 'tasks', '*'],
];
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
    at: under(NETWORKS, 'dcn_config'),
    message: 'dcn_config is not supported yet: use mlp_config or mask_net_config.',
  },
  {
    at: under(NETWORKS, 'dlrm_config'),
    message: 'dlrm_config is not supported yet: use mlp_config or mask_net_config.',
  },
  {
    at: [['model', 'featurization_config', 'z_score_log_config']],
    message:
      'z_score_log_config is not supported yet: use double_norm_log_config, log1p_abs_config or clip_log1p_abs_config.',
  },
  {
    at: [['model', 'small_embeddings']],
    message: 'small_embeddings is not supported yet: set it to null.',
  },
  {
    at: [['model', 'large_embeddings']],
    message: 'large_embeddings is not supported yet: set it to null.',
  },
  {
    at: [['model', 'position_debias_config']],
    message: 'position_debias_config is not supported yet: set it to null.',
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
