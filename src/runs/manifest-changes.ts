/** What a manifest becomes while its run goes on. Each gives a new one. */
import type { LiveChange } from '../training/live-changes.ts';
import type { EngineRecord, RunManifest } from './manifest.ts';
import { withHashes } from './streams.ts';

/** @param changes all that was changed while training, in order; none leaves no trace. */
export function changedBy(manifest: RunManifest, changes: readonly LiveChange[]): RunManifest {
  const { changes: _before, ...recipe } = manifest.recipe;
  return { ...manifest, recipe: { ...recipe, ...(changes.length > 0 && { changes: [...changes] }) } };
}

/** @param steps in all. */
export const endingAt = (manifest: RunManifest, steps: number): RunManifest => ({
  ...manifest,
  recipe: { ...manifest.recipe, steps },
});

/** @param hashes SHA-256 of the data's files, in the recipe's order. */
export const identified = (manifest: RunManifest, hashes: readonly string[]): RunManifest => ({
  ...manifest,
  recipe: { ...manifest.recipe, data: withHashes(manifest.recipe.data, hashes) },
});

/** One engine more that ran it. */
export const ranBy = (manifest: RunManifest, record: EngineRecord): RunManifest => ({
  ...manifest,
  ran: [...manifest.ran, record],
});

/** Begun or ended now. */
export const timed = (manifest: RunManifest, what: 'started' | 'ended'): RunManifest => ({
  ...manifest,
  times: { ...manifest.times, [what]: new Date().toISOString() },
});
