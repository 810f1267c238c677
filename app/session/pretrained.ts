/** The first ranking: weights that come with the page, predicted with in a worker of their own while the rest starts. */
import easy from '../../configs/data/easy.yaml?raw';
import note from '../../configs/pretrained/playground.json';
import weightsUrl from '../../configs/pretrained/playground.safetensors?url';
import type { RecapConfig } from '../../src/config/recap-config.ts';
import type { Tweet } from '../../src/ranking/tweets.ts';
import { otherModel, PretrainedError } from '../../src/runs/pretrained.ts';
import type {
  PretrainedModel,
  PretrainedPredictions,
  PretrainedProtocol,
} from '../../src/workers/pretrained-protocol.ts';
import { RpcClient } from '../../src/workers/rpc.ts';
import type { RankingStore } from '../stores/ranking.ts';
import { presets, schemas } from './built-in.ts';
import { sessionTexts } from '../texts/session.ts';
import { readConfig, readTeacherNow } from '../stores/reading.ts';

/** Of the preset that the weights were trained under. */
export const PRETRAINED_PRESET = 'playground.yaml';

const text = presets.find(({ file }) => file === PRETRAINED_PRESET)?.text ?? '';

let trained: RecapConfig | null = null;

/** Why the pretrained weights say nothing of a configuration, or null where they are of its model. */
export function pretrainedMisfit(shown: RecapConfig | null): string | null {
  trained ??= readConfig(text).config;
  if (!shown || !trained) return null;
  const [first, ...more] = otherModel(trained, shown);
  if (first === undefined) return null;
  return sessionTexts.pretrainedMisfit(PRETRAINED_PRESET, first, more.length);
}

/** @throws PretrainedError when they cannot be fetched. */
export async function fetchWeights(): Promise<ArrayBuffer> {
  const response = await fetch(weightsUrl);
  if (!response.ok) throw new PretrainedError(sessionTexts.pretrainedNotFetched(response.status));
  return response.arrayBuffer();
}

/** What the weights are of, without themselves: texts and names, as a recipe has them. */
export const pretrainedOrigin = {
  config: text,
  schemaFile: 'playground-segdense.json',
  teacher: easy,
} as const;

/** The same as values. All of it was read when the page was built. @throws PretrainedError where it was not. */
export function pretrainedParts() {
  const { config } = readConfig(text);
  const schema = schemas.get(pretrainedOrigin.schemaFile);
  const teacher = readTeacherNow(easy)?.config;
  if (!config || !schema || !teacher) throw new PretrainedError(sessionTexts.pretrainedSettings);
  return { config, schema, teacher };
}

/** A worker for one question about the pretrained weights. @throws PretrainedError and what reading weights throws. */
export async function askPretrained<T>(
  ask: (rpc: RpcClient<PretrainedProtocol>, model: PretrainedModel) => Promise<T>,
): Promise<T> {
  // The worker is loaded while the weights are.
  const fetched = fetchWeights();
  const { headStart } = globalThis;
  if (!headStart) throw new PretrainedError(sessionTexts.pretrainedWorker);
  const worker = headStart.worker ?? headStart.start();
  headStart.worker = null;
  const rpc = new RpcClient<PretrainedProtocol>(worker);
  try {
    const { config, schema } = pretrainedParts();
    return await ask(rpc, { weights: await fetched, note, config, features: schema.features });
  } finally {
    worker.terminate();
  }
}

/** What the pretrained weights say of the tweets. */
export function predictPretrained(tweets: readonly Tweet[]): Promise<PretrainedPredictions> {
  return askPretrained((rpc, model) =>
    rpc.call(
      'predict',
      { ...model, teacher: pretrainedParts().teacher, tweets },
      { transfer: [model.weights] },
    ),
  );
}

/** Puts the first ranking into the store; a failure leaves the page as it is without, and says why on the chip. */
export async function showPretrained(
  ranking: RankingStore,
  predict: (tweets: readonly Tweet[]) => Promise<PretrainedPredictions> = predictPretrained,
): Promise<void> {
  const { tweets, setPretrained } = ranking.getState();
  try {
    const { tasks, probabilities, step } = await predict(tweets);
    setPretrained({ kind: 'ready', snapshot: { step, tasks, probabilities, untrained: false } });
  } catch (error) {
    setPretrained({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}
