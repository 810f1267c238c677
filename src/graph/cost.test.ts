import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from '../config/parse-config.ts';
import { modelSchema } from '../config/schema/model.ts';
import { buildGraph } from './build.ts';
import { graphCost } from './cost.ts';

const yaml = await readFile(new URL('../../configs/local_prod.yaml', import.meta.url), 'utf8');
const { config } = parseRecapConfig(yaml);
if (!config) throw new Error('configs/local_prod.yaml has errors');

const WIDTHS = {
  continuous: 2117,
  binary: 59,
  discrete: 320,
  userEmbedding: 200,
  userEngEmbedding: 200,
  authorEmbedding: 200,
};

describe("production's model", () => {
  const cost = graphCost(buildGraph(config.model, WIDTHS), 128);

  it('has 48,115,108 parameters', () => {
    expect(cost.parameters).toBe(48_115_108);
  });

  it('computes 34 GFLOP a step: 12.3 forward, 12.3 for weights, 9.4 for inputs', () => {
    expect(cost.forwardFlops / 1e9).toBeCloseTo(12.3, 1);
    expect((cost.forwardFlops + cost.backwardFlops) / 1e9).toBeGreaterThan(33.9);
    // More than 34.0: the gradient of the features' norms is counted here.
    expect((cost.forwardFlops + cost.backwardFlops) / 1e9).toBeLessThan(37);
  });

  it('holds 770 MB of parameters, gradients and moments', () => {
    expect(cost.parameterBytes / 1e6).toBeCloseTo(770, 0);
  });

  it('scales with the batch, parameters aside', () => {
    const one = graphCost(buildGraph(config.model, WIDTHS), 1);
    expect(one.parameters).toBe(cost.parameters);
    expect(one.forwardFlops * 128).toBe(cost.forwardFlops);
    expect(one.activationBytes * 128).toBe(cost.activationBytes);
  });
});

it('counts a small graph by hand', () => {
  const graph = buildGraph(
    modelSchema.parse({
      tasks: { a: { mlp_config: { layer_sizes: [3, 1], final_layer_activation: false } } },
      featurization_config: { clip_log1p_abs_config: { clip_magnitude: 2 }, feature_names_to_concat: [] },
      multi_task_type: 'share_none',
    }),
    { continuous: 5, binary: 0, discrete: 0, userEmbedding: 0, userEngEmbedding: 0, authorEmbedding: 0 },
  );
  const cost = graphCost(graph, 2);
  expect(cost.parameters).toBe(5 * 3 + 3 + 3 + 1);
  expect(cost.buffers).toBe(2 + 1);
  const linear = cost.nodes.filter(({ kind }) => kind === 'linear');
  // 2·5·3 + 3 and 2·3·1 + 1 per example; the first layer's input is not trained, so it has no input gradient.
  expect(linear.map(({ forwardFlops }) => forwardFlops)).toEqual([66, 14]);
  expect(linear.map(({ backwardFlops }) => backwardFlops)).toEqual([66, 26]);
});
