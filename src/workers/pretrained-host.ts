/** Predicts with pretrained weights by a plain forward pass: nothing has to be compiled or asked for first. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { parseRecapConfig } from '../config/parse-config.ts';
import { parseDataSchema } from '../data/data-schema.ts';
import { batchLayout } from '../data/layout.ts';
import { masksOf } from '../data/mask-files.ts';
import { parseTeacherConfig } from '../data/synthesis/parse-teacher-config.ts';
import { predictPlainly } from '../engines/oracle/predict.ts';
import { modelGraph } from '../graph/model-graph.ts';
import { createTweetEncoder, createTweetWorld } from '../ranking/tweet-features.ts';
import { PretrainedError } from '../runs/pretrained.ts';
import type { PretrainedNote } from '../runs/pretrained.ts';
import { importWeights } from '../training/checkpoint.ts';
import type { PretrainedPredictions, PretrainedRequest } from './pretrained-protocol.ts';

/**
 * @throws PretrainedError when the weights are not the ones that were committed, or the texts beside them cannot be
 * read; SafetensorsError or StateDictError when they are not of this model.
 */
export function predictPretrained(request: PretrainedRequest): PretrainedPredictions {
  const bytes = new Uint8Array(request.weights);
  checkPretrained(bytes, request.note);
  const { config } = parseRecapConfig(request.config);
  const { config: teacher } = parseTeacherConfig(request.teacher);
  if (!config || !teacher) {
    throw new PretrainedError('The configuration of the pretrained weights cannot be read.');
  }
  const tasks = Object.keys(config.model.tasks);
  const masks = masksOf(config.train_data, new Map());
  const layout = batchLayout(config.train_data, parseDataSchema(request.schema), tasks, masks);
  const graph = modelGraph(config, layout);
  const { model, metadata } = importWeights(bytes, graph);
  const encoder = createTweetEncoder(createTweetWorld(teacher, layout), layout);
  const { calibrated } = predictPlainly(graph, model, encoder.encode(request.tweets));
  return { tasks, probabilities: calibrated, step: metadata.step ?? 0 };
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
