/** What a sweep that is being set up would train: its keys and values read against the configuration shown. */
import type { RecapConfig } from '../../src/config/recap-config.ts';
import type { RunRecipe } from '../../src/runs/manifest.ts';
import { SweepError, sweepableKeys, sweepKeyText, sweepRuns, sweepValues } from '../../src/runs/sweep.ts';
import type { SweepAxis, SweepKey, SweepRun } from '../../src/runs/sweep.ts';
import { sweepTexts } from '../texts/runs.ts';
import type { AxisText } from './sweep.ts';

/** Those that every run has. */
const ALWAYS: readonly SweepKey[] = [
  { kind: 'rates' },
  { kind: 'seed', of: 'weights' },
  { kind: 'seed', of: 'data' },
];

export interface NamedKey {
  readonly key: SweepKey;
  readonly name: string;
}

/** Every key that can be swept over, by the name that is written for it. */
export function namedKeys(config: RecapConfig | null): NamedKey[] {
  const paths = sweepableKeys(config).map(({ path }): SweepKey => ({ kind: 'config', path }));
  return [...ALWAYS, ...paths].map((key) => ({ key, name: sweepKeyText(key) }));
}

/** Names of the keys that are given. */
export function chosenKeys(axes: readonly AxisText[]): string[] {
  return axes.map(({ key }) => key.trim()).filter((key) => key !== '');
}

/** None where no key is given. @throws SweepError by key and value. */
export function plannedRuns(
  axes: readonly AxisText[],
  keys: readonly NamedKey[],
  recipe: RunRecipe,
): SweepRun[] {
  const chosen = axes
    .filter(({ key }) => key.trim() !== '')
    .map(({ key, values }): SweepAxis => {
      const found = keys.find(({ name }) => name === key.trim());
      if (!found) throw new SweepError(sweepTexts.unknownKey(key));
      return { key: found.key, values: sweepValues(values) };
    });
  return chosen.length === 0 ? [] : sweepRuns(recipe, chosen);
}
