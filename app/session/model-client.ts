/** The page's end of the worker that looks into models: started when it is first asked, ended when the view is left. */
import type { ModelProtocol } from '../../src/workers/model-protocol.ts';
import type { WorkerEnd } from '../../src/workers/rpc.ts';
import { RpcClient, WorkerDiedError } from '../../src/workers/rpc.ts';
import { sessionTexts } from '../texts/session.ts';

type Requests = ModelProtocol['requests'];

function startWorker(): WorkerEnd {
  return new Worker(new URL('../../src/workers/model-worker.ts', import.meta.url), {
    type: 'module',
    name: 'model',
  });
}

export class ModelClient {
  private worker: WorkerEnd | null = null;
  private rpc: RpcClient<ModelProtocol> | null = null;

  call<N extends keyof Requests>(
    name: N,
    params: Requests[N]['params'],
    transfer: ArrayBuffer[],
  ): Promise<Requests[N]['result']> {
    if (!this.rpc) {
      this.worker = startWorker();
      this.rpc = new RpcClient<ModelProtocol>(this.worker);
      this.rpc.onDeath(() => this.dispose());
    }
    return this.rpc.call(name, params, { transfer });
  }

  dispose(): void {
    const { rpc, worker } = this;
    this.worker = null;
    this.rpc = null;
    worker?.terminate();
    rpc?.die(new WorkerDiedError(sessionTexts.modelViewClosed));
  }
}
