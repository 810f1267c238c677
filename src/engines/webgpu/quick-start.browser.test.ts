/** A small model's first step runs on kernels that compile fast; those that run fast take over, and no number changes. */
import { expect, it } from 'vitest';
import { modelSchema } from '../../config/schema/model.ts';
import { buildGraph } from '../../graph/build.ts';
import { equalRates } from '../testing/check-engine.ts';
import { countGpu } from '../testing/gpu-counters.ts';
import { randomBatch, SMALL_WIDTHS } from '../testing/small-model.ts';
import { requestGpuDevice } from '../gpu/device.ts';
import { createWebgpuEngine } from './engine.ts';

const ROWS = 128;

/** The products of its widest layer, 128 in every direction, are the smallest that a larger tile is compiled for. */
const graph = buildGraph(
  modelSchema.parse({
    multi_task_type: 'share_all',
    featurization_config: { log1p_abs_config: {} },
    backbone: {
      mask_net_config: {
        use_parallel: true,
        mask_blocks: [{ output_size: 128, aggregation_size: 8, input_layer_norm: false }],
        mlp: { layer_sizes: [128], final_layer_activation: true },
      },
    },
    tasks: { 'recap.a': { mlp_config: { layer_sizes: [1], final_layer_activation: false } } },
  }),
  SMALL_WIDTHS,
);
const options = { graph, adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, seed: 1, batchSize: ROWS };
const rates = equalRates(graph.groups, 1e-2);
const batches = [0, 1, 2].map((seed) => randomBatch(graph, ROWS, seed));

it('gives the same numbers to the last bit before, between and after', async () => {
  const gpu = await requestGpuDevice();
  const counter = countGpu();
  const quick = await createWebgpuEngine(options, gpu);
  const dispatches = (await quick.cost()).dispatches;
  const atFirst = counter.counts.pipelines;
  expect(atFirst).toBeLessThanOrEqual(dispatches);
  const losses = [await quick.step(batches[0]!, rates), await quick.step(batches[1]!, rates)];
  await quick.settled();
  expect(counter.counts.pipelines).toBeGreaterThan(atFirst + 3);
  const compiled = counter.counts.pipelines;
  await quick.settled();
  losses.push(await quick.step(batches[2]!, rates));
  // What is compiled is there for the next engine, which has it from its first step on.
  const full = await createWebgpuEngine(options, gpu);
  for (const [at, batch] of batches.entries()) expect(await full.step(batch, rates)).toEqual(losses[at]);
  expect(await full.state()).toEqual(await quick.state());
  expect(counter.counts.pipelines).toBe(compiled);
  quick.dispose();
  full.dispose();
  counter.restore();
  gpu.device.destroy();
});

it('is given back in the middle of compiling without a word', async () => {
  const gpu = await requestGpuDevice();
  const engine = await createWebgpuEngine(options, gpu);
  await engine.step(batches[0]!, rates);
  const settled = engine.settled();
  engine.dispose();
  await settled;
  expect(gpu.failure()).toBeNull();
  gpu.device.destroy();
});
