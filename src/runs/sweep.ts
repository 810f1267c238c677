/** A sweep: one recipe with one or two keys set to each of several values, every combination a run of its own. */
import type { ConfigPath } from '../config/config-path.ts';
import { formatPath } from '../config/config-path.ts';
import { setInText } from '../config/edit-text.ts';
import { parseRecapConfig } from '../config/parse-config.ts';
import { MAX_FACTOR, RATE_KEY, withChange } from '../training/live-changes.ts';
import type { RunRecipe } from './manifest.ts';

export type SweepValue = number | string | boolean;

/** Of the configuration by its path, the seed of weights or data, or a factor on all learning rates from the first step on. */
export type SweepKey =
  | { readonly kind: 'config'; readonly path: ConfigPath }
  | { readonly kind: 'seed'; readonly of: 'weights' | 'data' }
  | { readonly kind: 'rates' };

export interface SweepAxis {
  readonly key: SweepKey;
  readonly values: readonly SweepValue[];
}

export interface SweepRun {
  /** By axis. */
  readonly values: readonly SweepValue[];
  readonly name: string;
  readonly recipe: RunRecipe;
}

/** A sweep that can't be made: which value, and what is wrong with it. */
export class SweepError extends Error {
  override readonly name = 'SweepError';
}

export const MAX_SWEEP_RUNS = 64;

export function sweepKeyText(key: SweepKey): string {
  if (key.kind === 'rates') return 'learning rates ×';
  return key.kind === 'seed' ? `seeds.${key.of}` : formatPath(key.path);
}

/** The last part of a key's name: what tells a sweep's runs apart. */
export function shortKey(key: SweepKey): string {
  if (key.kind === 'rates') return sweepKeyText(key);
  if (key.kind === 'seed') return key.of === 'weights' ? 'seed' : 'data seed';
  return String(key.path.at(-1) ?? '');
}

/**
 * Every combination, the last axis fastest.
 * @throws SweepError for too many, for none, and for values that the configuration does not take, by their key.
 */
export function sweepRuns(base: RunRecipe, axes: readonly SweepAxis[]): SweepRun[] {
  const empty = axes.find(({ values }) => values.length === 0);
  if (axes.length === 0 || empty) {
    throw new SweepError(
      empty ? `Give ${sweepKeyText(empty.key)} at least one value.` : 'Choose a key to sweep over.',
    );
  }
  const total = axes.reduce((product, { values }) => product * values.length, 1);
  if (total > MAX_SWEEP_RUNS) {
    throw new SweepError(
      `These are ${total} runs; a sweep has at most ${MAX_SWEEP_RUNS}: give fewer values.`,
    );
  }
  const combinations = axes.reduce<readonly (readonly SweepValue[])[]>(
    (rows, { values }) => rows.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  );
  return combinations.map((values) => {
    const recipe = axes.reduce((made, { key }, i) => withValue(made, key, values[i] as SweepValue), base);
    const name = axes.map(({ key }, i) => `${shortKey(key)} ${values[i]}`).join(', ');
    return { values, name, recipe };
  });
}

function withValue(recipe: RunRecipe, key: SweepKey, value: SweepValue): RunRecipe {
  if (key.kind === 'seed') {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0xffffffff) {
      throw new SweepError(
        `${sweepKeyText(key)}: ${value} is no seed; write a whole number from 0 to 4294967295.`,
      );
    }
    return { ...recipe, seeds: { ...recipe.seeds, [key.of]: value } };
  }
  if (key.kind === 'rates') {
    if (typeof value !== 'number' || !(value >= 0 && value <= MAX_FACTOR)) {
      throw new SweepError(
        `${sweepKeyText(key)}: ${value} is no factor; write a number from 0 to ${MAX_FACTOR}.`,
      );
    }
    const { changes: planned = [], ...others } = recipe;
    const changes = withChange(planned, { step: 0, key: RATE_KEY, value });
    return changes.length === 0 ? others : { ...others, changes: [...changes] };
  }
  const config = setInText(recipe.config, key.path, value);
  const problem = parseRecapConfig(config).problems.find(({ severity }) => severity === 'error');
  if (problem) throw new SweepError(`${sweepKeyText(key)}: ${value} is not taken. ${problem.message}`);
  return { ...recipe, config };
}

/** Values as a person writes them, apart by commas or spaces: numbers, true, false, else words. */
export function sweepValues(text: string): SweepValue[] {
  return text
    .split(/[\s,;]+/)
    .filter((word) => word !== '')
    .map((word) => {
      if (word === 'true' || word === 'false') return word === 'true';
      const number = Number(word);
      return Number.isFinite(number) ? number : word;
    });
}

/** Keys of a configuration that hold one value each, for a person to choose from. */
export function sweepableKeys(
  config: unknown,
  path: ConfigPath = [],
): { path: ConfigPath; value: SweepValue }[] {
  if (typeof config === 'number' || typeof config === 'string' || typeof config === 'boolean') {
    return [{ path, value: config }];
  }
  if (Array.isArray(config)) return config.flatMap((entry, i) => sweepableKeys(entry, [...path, i]));
  if (typeof config !== 'object' || config === null) return [];
  return Object.entries(config).flatMap(([name, entry]) => sweepableKeys(entry, [...path, name]));
}
