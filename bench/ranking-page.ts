/** The ranking benchmark's work in the page: one production request of 1,500 candidates, encoded, predicted, ranked. */
import { publishedWeights } from '../src/ranking/score-weights.ts';
import { candidateOf } from '../src/ranking/tweets.ts';
import { generateCandidates } from '../src/ranking/candidates/candidates.ts';
import { createTweetEncoder, createTweetWorld } from '../src/ranking/tweet-features.ts';
import { heuristicPreset } from '../src/ranking/heuristics/presets.ts';
import { rank } from '../src/ranking/rank.ts';
import { defaultTeacherConfig } from '../src/data/synthesis/teacher-config.ts';
import { initialState } from '../src/engines/init.ts';
import { selectEngine } from '../src/engines/select.ts';
import { adamOptions } from '../src/engines/adam-options.ts';
import { modelGraph } from '../src/graph/model-graph.ts';
import type { BenchPreset } from './training/presets.ts';

export interface RankingFigures {
  readonly candidates: number;
  readonly engine: string;
  readonly encode_ms: number;
  readonly model_ms: number;
  readonly rank_ms: number;
  readonly ranked: number;
}

const RUNS = 7;

async function medianOf(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[RUNS >> 1];
}

export async function rankingFigures(
  count: number,
  { config, layout }: BenchPreset,
): Promise<RankingFigures> {
  const graph = modelGraph(config, layout);
  const options = {
    graph,
    adam: adamOptions(config),
    seed: 1,
    batchSize: config.train_data.global_batch_size,
  };
  const { engine } = await selectEngine('auto', options);
  await engine.load(initialState(graph, 1));
  const tweets = generateCandidates(1, count);
  const encoder = createTweetEncoder(createTweetWorld(defaultTeacherConfig, layout), layout);
  const batch = encoder.encode(tweets);
  const { calibrated } = await engine.predict(batch);
  const table = { tasks: layout.tasks, values: calibrated };
  const candidates = tweets.map(candidateOf);
  const weights = publishedWeights('2023-04-05');
  const { steps } = heuristicPreset('2023-07');
  const figures = {
    candidates: count,
    engine: engine.info.name,
    encode_ms: await medianOf(() => encoder.encode(tweets)),
    model_ms: await medianOf(() => engine.predict(batch)),
    rank_ms: await medianOf(() => rank(candidates, table, weights, steps)),
    ranked: rank(candidates, table, weights, steps).ranked.length,
  };
  engine.dispose();
  return figures;
}
