/** The page's end of the runs worker: started when first asked, started anew when it has died. */
import type { RunsProtocol } from '../../src/workers/runs-protocol.ts';
import type { WorkerEnd } from '../../src/workers/rpc.ts';
import { RpcClient } from '../../src/workers/rpc.ts';

export interface KeptRuns {
  call<N extends keyof RunsProtocol['requests']>(
    name: N,
    params: RunsProtocol['requests'][N]['params'],
  ): Promise<RunsProtocol['requests'][N]['result']>;
}

function startWorker(): WorkerEnd {
  return new Worker(new URL('../../src/workers/runs-worker.ts', import.meta.url), {
    type: 'module',
    name: 'runs',
  });
}

export class RunsClient implements KeptRuns {
  private rpc: RpcClient<RunsProtocol> | null = null;

  /** @param start starts the worker; tests pass their own. */
  constructor(private readonly start: () => WorkerEnd = startWorker) {}

  call<N extends keyof RunsProtocol['requests']>(
    name: N,
    params: RunsProtocol['requests'][N]['params'],
  ): Promise<RunsProtocol['requests'][N]['result']> {
    if (!this.rpc) {
      const worker = this.start();
      const rpc = new RpcClient<RunsProtocol>(worker);
      rpc.onDeath(() => {
        worker.terminate();
        if (this.rpc === rpc) this.rpc = null;
      });
      this.rpc = rpc;
    }
    return this.rpc.call(name, params);
  }
}
