/** Entry of the lab worker. */
import { labHandlers } from './lab-host.ts';
import { announceLife } from './life.ts';
import type { LabProtocol } from './lab-protocol.ts';
import { serve } from './rpc.ts';
import type { Endpoint } from './rpc.ts';

serve<LabProtocol>(self as unknown as Endpoint, labHandlers());
announceLife(self);
