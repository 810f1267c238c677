/** What a run changed in the one that it was begun from, in few words, for charts in which both stand. */
import type { RunManifest } from '../../src/runs/manifest.ts';
import { differenceText } from './difference-text.ts';
import { chartTexts } from '../texts/chart.ts';
import { recipeDifferences } from '../stores/reading.ts';

/** Charts ask again and again, and reading two configurations takes its time. */
const told = new WeakMap<RunManifest, { readonly parent: RunManifest; readonly change: string | null }>();

/**
 * The first key that differs, with both values, and how many more do; null where nothing does.
 * @param runs those that stand in a chart; null where the run's parent is none of them.
 */
export function changeOf(run: RunManifest, runs: readonly RunManifest[]): string | null {
  const parent = runs.find(({ id }) => id === run.parent?.run);
  if (!parent) return null;
  const known = told.get(run);
  if (known?.parent === parent) return known.change;
  const [first, ...more] = recipeDifferences(parent.recipe, run.recipe);
  const change = first ? chartTexts.change(differenceText(first), more.length) : null;
  told.set(run, { parent, change });
  return change;
}
