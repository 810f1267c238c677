/** Entry of the worker that looks into models. */
import { announceLife } from './life.ts';
import { healthOf, lookInto } from './model-host.ts';
import type { ModelProtocol } from './model-protocol.ts';
import { serve } from './rpc.ts';
import type { Endpoint } from './rpc.ts';

serve<ModelProtocol>(self as unknown as Endpoint, {
  look: (request) => Promise.resolve(lookInto(request)),
  health: (request) => Promise.resolve(healthOf(request)),
});
announceLife(self);
