/** The page's end of the lab worker: starts it, gives it the world of the run, and carries its questions to the model. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { batchLayout } from '../../src/data/layout.ts';
import { masksOf } from '../../src/data/mask-files.ts';
import type { Predictions } from '../../src/engines/engine.ts';
import type { RecapBatch } from '../../src/data/recap-batch.ts';
import type { RunRecipe } from '../../src/runs/manifest.ts';
import type { LabProtocol, ModelProtocol } from '../../src/workers/lab-protocol.ts';
import type { WeightsAt } from '../../src/workers/protocol.ts';
import type { WorkerEnd } from '../../src/workers/rpc.ts';
import { RpcClient, serve, WorkerDiedError } from '../../src/workers/rpc.ts';
import { sessionTexts } from '../texts/session.ts';
import { defaultTeacher, openRecipe } from '../stores/reading.ts';

/** What the lab needs of the session: the run's data and model. */
export interface LabModel {
  /** What the current run was made from; null before the first. The same object for the same run. */
  recipe(): RunRecipe | null;
  /** @throws SessionError when there is no run, or its checkpoint is gone. */
  predict(batch: RecapBatch, at: WeightsAt): Promise<Predictions>;
}

function startWorker(): WorkerEnd {
  return new Worker(new URL('../../src/workers/lab-worker.ts', import.meta.url), {
    type: 'module',
    name: 'lab',
  });
}

export class LabClient {
  private worker: WorkerEnd | null = null;
  private rpc: RpcClient<LabProtocol> | null = null;
  private opened: { readonly recipe: RunRecipe; readonly done: Promise<unknown> } | null = null;

  /** Why the worker has stopped by itself; null until it has, and once another one is at work. */
  readonly stopped: StoreApi<{ readonly reason: string | null }> = createStore(() => ({ reason: null }));

  /** @param start starts the worker; tests pass their own. */
  constructor(
    private readonly model: LabModel,
    private readonly start: () => WorkerEnd = startWorker,
  ) {}

  /** Asks the worker, in the world of the current run. */
  async call<N extends keyof LabProtocol['requests']>(
    name: N,
    params: LabProtocol['requests'][N]['params'],
  ): Promise<LabProtocol['requests'][N]['result']> {
    const rpc = await this.open();
    return rpc.call(name, params);
  }

  /** Starts a worker in the place of one that has stopped; what goes wrong with it is told as it was of that one. */
  revive(): void {
    this.open().catch(() => {});
  }

  dispose(): void {
    const { rpc, worker } = this;
    this.worker = null;
    this.rpc = null;
    this.opened = null;
    worker?.terminate();
    rpc?.die(new WorkerDiedError(sessionTexts.labClosed));
  }

  private async open(): Promise<RpcClient<LabProtocol>> {
    const recipe = this.model.recipe();
    if (!recipe) throw new Error(sessionTexts.noModelToAsk);
    if (!this.rpc) {
      this.worker = this.start();
      this.stopped.setState({ reason: null });
      this.rpc = new RpcClient<LabProtocol>(this.worker);
      const { rpc } = this;
      // The next question starts another; what was asked of this one has been told.
      rpc.onDeath(({ message }) => {
        if (this.rpc !== rpc) return;
        this.dispose();
        this.stopped.setState({ reason: message });
      });
    }
    const { rpc } = this;
    if (this.opened?.recipe !== recipe) {
      const { port1, port2 } = new MessageChannel();
      serve<ModelProtocol>(port1, {
        predict: ({ batch, at }) => this.model.predict(batch, at),
      });
      port1.start();
      const { config, schema, masks, tasks } = openRecipe(recipe);
      const data = config.train_data;
      const layout = batchLayout(data, schema, tasks, masksOf(data, masks));
      // Data without a teacher has no population of its own: the default one stands in.
      const teacher = recipe.data.kind === 'teacher' ? recipe.data.settings : defaultTeacher();
      this.opened = {
        recipe,
        done: rpc.call('open', { teacher, layout, model: port2 }, { transfer: [port2] }),
      };
    }
    await this.opened.done;
    return rpc;
  }
}
