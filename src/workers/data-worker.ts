/** Entry of the data worker: the data host behind the data protocol. */
import { dataHandlers } from './data-host.ts';
import { announceLife } from './life.ts';
import type { DataProtocol } from './protocol.ts';
import { ownThread, serve } from './rpc.ts';

type Emit = ReturnType<typeof serve<DataProtocol>>;

const emit: Emit = serve<DataProtocol>(
  ownThread,
  dataHandlers((name, payload) => emit(name, payload)),
);
announceLife(self);
