/** What a person takes away of the current run: weights, the model for elsewhere, the numbers. All of it is made in workers. */
import type { ExportFormat } from '../../src/formats/export.ts';
import type { MetricsFormat } from '../../src/runs/metrics-export.ts';
import type { Playground } from '../../src/workers/clients.ts';
import type { WeightsAt } from '../../src/workers/protocol.ts';
import type { ExportedModel } from '../../src/workers/runs-protocol.ts';
import type { RunStore } from '../stores/run.ts';
import { sessionTexts } from '../texts/session.ts';
import { SessionInputError } from './draft-recipe.ts';
import type { KeptRuns } from './kept-runs.ts';

export class RunExports {
  constructor(
    private readonly run: RunStore,
    private readonly runs: KeptRuns,
    private readonly workers: () => Playground,
  ) {}

  /** safetensors of the weights, or with the optimizer's state a checkpoint. */
  async weights(kind: 'weights' | 'checkpoint', at: WeightsAt = 'now'): Promise<Blob> {
    const bytes = await this.workers().training.call('export', { kind, at });
    return new Blob([bytes], { type: 'application/octet-stream' });
  }

  /**
   * The current run's weights in a form for elsewhere.
   * @throws SessionInputError when there is no run; naming the key where a format can't hold the model.
   */
  async model(format: ExportFormat): Promise<ExportedModel> {
    const { manifest } = this.run.getState();
    if (!manifest) throw new SessionInputError(sessionTexts.noRun);
    return this.runs.call('exportModel', { format, manifest, weights: await this.weights('weights') });
  }

  /** Everything the current run has reported, as a file. */
  metrics(format: MetricsFormat): Promise<Blob> {
    return this.workers().training.call('metrics', { format });
  }
}
