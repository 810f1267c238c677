/** Entry of the worker that looks into models. */
import { announceLife } from './life.ts';
import { healthOf, lookInto } from './model-host.ts';
import type { ModelProtocol } from './model-protocol.ts';
import { ownThread, serve } from './rpc.ts';

serve<ModelProtocol>(ownThread, {
  look: (request) => Promise.resolve(lookInto(request)),
  health: (request) => Promise.resolve(healthOf(request)),
});
announceLife(self);
