/** Predicts with pretrained weights by a plain forward pass: nothing has to be compiled or asked for first. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { batchLayout } from '../data/layout.ts';
import { makeDataSchema } from '../data/make-data-schema.ts';
import { masksOf } from '../data/mask-files.ts';
import type { RecapBatch } from '../data/recap-batch.ts';
import { predictPlainly } from '../engines/oracle/predict.ts';
import type { Predictions } from '../engines/engine.ts';
import { readSafetensors } from '../formats/safetensors.ts';
import { checkStateDict } from '../formats/state-dict-error.ts';
import { modelGraph } from '../graph/model-graph.ts';
import { createTweetEncoder, createTweetWorld } from '../ranking/tweet-features.ts';
import { PretrainedError } from '../runs/pretrained.ts';
import type { PretrainedNote } from '../runs/pretrained.ts';
import type { PretrainedModel, PretrainedPredictions, PretrainedRequest } from './pretrained-protocol.ts';

/**
 * @throws PretrainedError when the weights are not the ones that were committed; SafetensorsError or StateDictError when
 * they are not of this model.
 */
export function predictPretrained(request: PretrainedRequest): PretrainedPredictions {
  const { tasks, layout, graph, model, step } = openPretrained(request);
  const encoder = createTweetEncoder(createTweetWorld(request.teacher, layout), layout);
  const { calibrated } = predictPlainly(graph, model, encoder.encode(request.tweets));
  return { tasks, probabilities: calibrated, step };
}

/** @throws as predictPretrained does, and BatchError when the batch is of another layout. */
export function predictPretrainedBatch(
  request: PretrainedModel & { readonly batch: RecapBatch },
): Predictions {
  const { graph, model } = openPretrained(request);
  return predictPlainly(graph, model, request.batch);
}

function openPretrained({ weights, note, config, features }: PretrainedModel) {
  const bytes = new Uint8Array(weights);
  checkPretrained(bytes, note);
  const tasks = Object.keys(config.model.tasks);
  const masks = masksOf(config.train_data, new Map());
  const layout = batchLayout(config.train_data, makeDataSchema(features), tasks, masks);
  const graph = modelGraph(config, layout);
  // The file is our own to the byte: what other programs may write otherwise is no question here.
  const dtypes = new Map(graph.parameters.map(({ name, dtype }) => [name, dtype]));
  const { tensors: model, metadata } = readSafetensors(bytes, (name) => dtypes.get(name));
  checkStateDict(model, graph.parameters);
  return { tasks, layout, graph, model, step: Number(metadata['step'] ?? 0) };
}

/** @throws PretrainedError when the bytes are not those that the note is of. */
function checkPretrained(bytes: Uint8Array, note: Pick<PretrainedNote, 'bytes' | 'sha256'>): void {
  if (bytes.length !== note.bytes) {
    throw new PretrainedError(
      `The pretrained weights have ${bytes.length} bytes instead of ${note.bytes}: reload the page to fetch them again.`,
    );
  }
  if (bytesToHex(sha256(bytes)) !== note.sha256) {
    throw new PretrainedError(
      'The pretrained weights are not those that belong to this version (their SHA-256 differs): reload the page to fetch them again.',
    );
  }
}
