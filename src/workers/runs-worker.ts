/** Entry of the runs worker. */
import { openOpfsHome } from '../runs/homes/opfs-home.ts';
import { announceLife } from './life.ts';
import { ownThread, serve } from './rpc.ts';
import { runsHandlers } from './runs-host.ts';
import type { RunsProtocol } from './runs-protocol.ts';

serve<RunsProtocol>(ownThread, runsHandlers(openOpfsHome));
announceLife(self);
