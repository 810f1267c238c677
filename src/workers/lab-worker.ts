/** Entry of the lab worker. */
import { labHandlers } from './lab-host.ts';
import { announceLife } from './life.ts';
import type { LabProtocol } from './lab-protocol.ts';
import { ownThread, serve } from './rpc.ts';

serve<LabProtocol>(ownThread, labHandlers());
announceLife(self);
