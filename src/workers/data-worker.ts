/** Entry of the data worker: the data host behind the data protocol. */
import { dataHandlers } from './data-host.ts';
import { announceLife } from './life.ts';
import type { DataProtocol } from './protocol.ts';
import type { Endpoint } from './rpc.ts';
import { serve } from './rpc.ts';

type Emit = ReturnType<typeof serve<DataProtocol>>;

const emit: Emit = serve<DataProtocol>(
  self as unknown as Endpoint,
  dataHandlers((name, payload) => emit(name, payload)),
);
announceLife(self);
