/** What has changed since a run was prepared, in words for the restart button. */
import { changedPaths } from '../../src/config/changed-paths.ts';
import type { RunIdentity } from '../stores/run.ts';

/** Empty when a restart would give the same run again. */
export function differences(running: RunIdentity, now: RunIdentity): string[] {
  const found = running.config === now.config ? [] : changedPaths(running.config, now.config);
  if (running.data !== now.data) found.push(`data: ${running.data} → ${now.data}`);
  if (running.seed !== now.seed) found.push(`seed: ${running.seed} → ${now.seed}`);
  if (running.engine !== now.engine) found.push(`engine: ${running.engine} → ${now.engine}`);
  if (running.halfWeights !== now.halfWeights) {
    found.push(now.halfWeights ? 'weights read in half precision' : 'weights read in full precision');
  }
  return found;
}
