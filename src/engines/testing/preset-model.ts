/** A configuration's model for engine tests and benchmarks: graph, Adam constants, and batches drawn from a seed. */
import { parseRecapConfig } from '../../config/parse-config.ts';
import type { RecapConfig } from '../../config/recap-config.ts';
import type { RecapBatch } from '../../data/recap-batch.ts';
import type { InputWidths } from '../../graph/build.ts';
import { buildGraph } from '../../graph/build.ts';
import type { EngineOptions, LearningRates } from '../engine.ts';
import { hashAt } from '../hash.ts';

export interface PresetModel {
  readonly config: RecapConfig;
  readonly options: EngineOptions;
  readonly widths: InputWidths;
  /** The same rate for every group. */
  rates(rate: number): LearningRates;
  /** A batch of `size` examples, the same for the same index: features in [−2, 2), labels mostly 0. */
  batch(size: number, index: number): RecapBatch;
}

/**
 * @param yaml text of a file in configs/.
 * @param embedding columns of each embedding, which only the data schema knows.
 * @throws Error when the text has problems.
 */
export function presetModel(yaml: string, embedding: number, batchSize?: number): PresetModel {
  const { config, problems } = parseRecapConfig(yaml);
  if (!config) throw new Error(problems.map(({ message }) => message).join('; '));
  const truncation = config.train_data.preprocess?.truncate_and_slice;
  const widths: InputWidths = {
    continuous: truncation?.continuous_feature_truncation ?? 0,
    binary: truncation?.binary_feature_truncation ?? 0,
    discrete: 0,
    userEmbedding: embedding,
    userEngEmbedding: embedding,
    authorEmbedding: embedding,
  };
  const graph = buildGraph(config.model, widths);
  const { beta_1: beta1, beta_2: beta2, epsilon } = config.optimizer.adam;
  const tasks = graph.outputs.length;
  return {
    config,
    widths,
    options: {
      graph,
      adam: { beta1, beta2, epsilon },
      seed: 1,
      batchSize: batchSize ?? config.train_data.global_batch_size,
    },
    rates: (rate) => Object.fromEntries(graph.groups.map((group) => [group, rate])),
    batch: (size, index) => {
      const draw = (stream: number, length: number, map: (u: number) => number) =>
        Float32Array.from({ length }, (_, at) => map(hashAt(index * 16 + stream, at) / 2 ** 32));
      const feature = (u: number) => u * 4 - 2;
      return {
        size,
        continuous: draw(0, size * widths.continuous, feature),
        binary: draw(1, size * widths.binary, (u) => (u < 0.3 ? 1 : 0)),
        discrete: new Float32Array(0),
        userEmbedding: draw(2, size * embedding, feature),
        userEngEmbedding: draw(3, size * embedding, feature),
        authorEmbedding: draw(4, size * embedding, feature),
        labels: draw(5, size * tasks, (u) => (u < 0.2 ? 1 : 0)),
        weights: null,
      };
    },
  };
}
