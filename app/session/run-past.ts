/** What a kept run had reported before it is opened, or gone on from. */
import type { RunManifest } from '../../src/runs/manifest.ts';
import { RunSeries } from '../../src/runs/run-series.ts';
import type { KeptRun } from '../../src/workers/runs-protocol.ts';
import type { RunPast } from '../stores/run.ts';
import type { KeptRuns } from './kept-runs.ts';

/** Up to a step. */
export function pastOf({ series, evaluations, checkpoints }: KeptRun, step: number): RunPast {
  const steps = checkpoints.map((kept) => kept.step).filter((at) => at <= step);
  return {
    series: RunSeries.fromColumns(series).before(step),
    evaluations: evaluations.filter((event) => event.step <= step),
    checkpoints: steps.map((at) => ({ step: at, loss: null, kept: steps })),
  };
}

/** What a child's parent had reported up to where the child goes on, where this browser keeps it. */
export async function pastOfParent({ parent }: RunManifest, runs: KeptRuns): Promise<RunPast | null> {
  if (!parent || parent.step === 0) return null;
  const kept = await runs.call('read', { run: parent.run }).catch(() => null);
  return kept && pastOf(kept, parent.step);
}
