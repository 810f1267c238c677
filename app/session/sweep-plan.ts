/** What a sweep that is being set up would train: its keys and values read against the configuration shown. */
import type { RecapConfig } from '../../src/config/recap-config.ts';
import type { RunRecipe } from '../../src/runs/manifest.ts';
import { SweepError, sweepableKeys, sweepKeyText, sweepRuns, sweepValues } from '../../src/runs/sweep.ts';
import type { SweepAxis, SweepKey, SweepRun } from '../../src/runs/sweep.ts';
import { sweepTexts } from '../texts/runs.ts';
import { recipeDifferences } from '../../src/runs/recipe.ts';
import type { RunEntry } from '../../src/workers/runs-protocol.ts';
import type { RunState } from '../stores/run.ts';
import type { AxisText, SweepCell, SweepRest } from './sweep.ts';

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

type KeptRun = Pick<RunEntry, 'status'> & { readonly manifest: Pick<RunEntry['manifest'], 'id' | 'recipe'> };

/**
 * Null where every run of it came to its end. A run that was deleted since is none that is left.
 * @param open the run that is open, which knows of its end before the list of runs does.
 */
export function restOfSweep(
  cells: readonly SweepCell[],
  runs: readonly KeptRun[],
  open: Pick<RunState, 'manifest' | 'phase'>,
): SweepRest | null {
  const last = cells.findLastIndex(({ run }) => run !== null);
  const id = cells[last]?.run;
  const kept = runs.find(({ manifest }) => manifest.id === id);
  // The last run may have ended before the list knows of it at all.
  const phase = id === open.manifest?.id ? open.phase : kept?.status.phase;
  const ended = phase !== undefined && ['finished', 'diverged', 'failed'].includes(phase);
  const from = last < 0 || ended ? last + 1 : last;
  return from < cells.length ? { from, begun: ended ? null : (kept?.manifest.id ?? null) } : null;
}

/** Whether what would be trained now is the sweep that these became: the same values, and what is kept made from the same. */
export function isThatSweep(
  cells: readonly SweepCell[],
  planned: readonly SweepRun[],
  runs: readonly KeptRun[],
): boolean {
  return (
    planned.length === cells.length &&
    planned.every(({ name, recipe }, at) => {
      const kept = runs.find(({ manifest }) => manifest.id === cells[at]?.run);
      return (
        name === cells[at]?.name && (!kept || recipeDifferences(kept.manifest.recipe, recipe).length === 0)
      );
    })
  );
}
