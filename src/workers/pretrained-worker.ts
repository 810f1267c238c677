/** Entry of the worker that predicts with pretrained weights. */
import { announceLife } from './life.ts';
import { predictPretrained, predictPretrainedBatch } from './pretrained-host.ts';
import type { PretrainedProtocol } from './pretrained-protocol.ts';
import { ownThread, serve } from './rpc.ts';

serve<PretrainedProtocol>(ownThread, {
  predict: (request) => Promise.resolve(predictPretrained(request)),
  predictBatch: (request) => Promise.resolve(predictPretrainedBatch(request)),
});
announceLife(self);
