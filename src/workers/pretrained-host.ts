/** Predicts with pretrained weights by a plain forward pass: nothing has to be compiled or asked for first. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { parseRecapConfig } from '../config/parse-config.ts';
import { parseDataSchema } from '../data/data-schema.ts';
import { batchLayout } from '../data/layout.ts';
import { masksOf } from '../data/mask-files.ts';
import type { RecapBatch } from '../data/recap-batch.ts';
import { parseTeacherConfig } from '../data/synthesis/parse-teacher-config.ts';
import { predictPlainly } from '../engines/oracle/predict.ts';
import type { Predictions } from '../engines/engine.ts';
import { modelGraph } from '../graph/model-graph.ts';
import { createTweetEncoder, createTweetWorld } from '../ranking/tweet-features.ts';
import { PretrainedError } from '../runs/pretrained.ts';
import type { PretrainedNote } from '../runs/pretrained.ts';
import { importWeights } from '../training/checkpoint.ts';
import type { PretrainedModel, PretrainedPredictions, PretrainedRequest } from './pretrained-protocol.ts';

/**
 * @throws PretrainedError when the weights are not the ones that were committed, or the texts beside them cannot be
 * read; SafetensorsError or StateDictError when they are not of this model.
 */
export function predictPretrained(request: PretrainedRequest): PretrainedPredictions {
  const { tasks, layout, graph, model, step } = openPretrained(request);
  const { config: teacher } = parseTeacherConfig(request.teacher);
  if (!teacher) throw unreadable();
  const encoder = createTweetEncoder(createTweetWorld(teacher, layout), layout);
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

function openPretrained({ weights, note, config: text, schema }: PretrainedModel) {
  const bytes = new Uint8Array(weights);
  checkPretrained(bytes, note);
  const { config } = parseRecapConfig(text);
  if (!config) throw unreadable();
  const tasks = Object.keys(config.model.tasks);
  const masks = masksOf(config.train_data, new Map());
  const layout = batchLayout(config.train_data, parseDataSchema(schema), tasks, masks);
  const graph = modelGraph(config, layout);
  const { model, metadata } = importWeights(bytes, graph);
  return { tasks, layout, graph, model, step: metadata.step ?? 0 };
}

function unreadable(): PretrainedError {
  return new PretrainedError('The configuration of the pretrained weights cannot be read.');
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
