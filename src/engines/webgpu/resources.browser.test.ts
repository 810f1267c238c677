/** What a step asks of the GPU, counted on the prototypes: nothing is created, memory stays flat, a lost device is told. */
import { afterEach, describe, expect, it } from 'vitest';
import { modelSchema } from '../../config/schema/model.ts';
import { buildGraph } from '../../graph/build.ts';
import { DeviceLostError } from '../engine.ts';
import { OracleEngine } from '../oracle/oracle.ts';
import { equalRates } from '../testing/check-engine.ts';
import type { GpuCounter } from '../testing/gpu-counters.ts';
import { countGpu } from '../testing/gpu-counters.ts';
import { randomBatch, rows, SMALL_WIDTHS, smallGraph } from '../testing/small-model.ts';
import { requestGpuDevice } from '../gpu/device.ts';
import { createWebgpuEngine } from './engine.ts';

/** One for all, so that a model is compiled once; the last test loses it. */
const shared = requestGpuDevice();
/** What a step brings of its own is here, rates, statistics and dropout; few dispatches, because a thousand steps are taken. */
const graph = buildGraph(
  modelSchema.parse({
    multi_task_type: 'share_all',
    featurization_config: { log1p_abs_config: {} },
    backbone: { mlp_config: { layer_sizes: [5], final_layer_activation: true } },
    tasks: {
      'recap.a': {
        mlp_config: {
          layer_sizes: [4, 1],
          final_layer_activation: false,
          batch_norm: { affine: false, momentum: 0.1 },
          dropout: { rate: 0.3 },
        },
      },
    },
  }),
  SMALL_WIDTHS,
);
const options = { graph, adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, seed: 1, batchSize: 6 };
const rates = equalRates(graph.groups, 1e-3);

/** Steps between two looks at the heap, and bytes that they may leave: fifty a step, less than any object. */
const ROUND = 100;
const HEAP_NOISE = 50 * ROUND;

/** Bytes of live JavaScript objects; the browser runs with --expose-gc and precise memory figures. */
async function heapBytes(): Promise<number> {
  const { gc } = globalThis as { gc?: () => void };
  const { memory } = performance as { memory?: { usedJSHeapSize: number } };
  if (!gc || !memory) throw new Error('the test browser lacks --expose-gc or --enable-precise-memory-info');
  gc();
  // What finalizers hold on to goes with the next collection.
  await new Promise((resolve) => setTimeout(resolve, 20));
  gc();
  return memory.usedJSHeapSize;
}

let counter: GpuCounter | null = null;
afterEach(() => {
  counter?.restore();
  counter = null;
});

describe('a step', () => {
  it('is one submit of one pass and creates no bind group and no buffer, for 400 steps', async () => {
    const gpu = await shared;
    counter = countGpu();
    const engine = await createWebgpuEngine(options, gpu, { submitBudget: 1e9 });
    const { dispatches } = await engine.cost();
    await engine.step(randomBatch(graph, 6, 0), rates);
    const held = engine.info.bytes();
    expect(counter.alive()).toEqual({ buffers: engine.info.allocations(), bytes: held });
    counter.reset();
    const batches = [0, 1, 2, 3, 4].map((seed) => randomBatch(graph, 6, seed));
    // The test runner takes and frees memory of its own at times; a leak would show in every round.
    const heaps = [await heapBytes()];
    let steps = 0;
    let quiet = 0;
    while (steps < 4 * ROUND || (quiet < 3 && steps < 20 * ROUND)) {
      for (let step = 0; step < ROUND; step++, steps++) await engine.step(batches[step % 5]!, rates);
      const heap = await heapBytes();
      heaps.push(heap);
      // The first rounds compile; a leak would be above all that lies three rounds and more behind.
      const settled = heaps.slice(4, -3);
      if (settled.length > 0 && heap - Math.min(...settled) < HEAP_NOISE) quiet++;
    }
    expect(counter.counts).toMatchObject({
      dispatches: steps * dispatches,
      submits: steps,
      passes: steps,
      bindGroups: 0,
      buffersCreated: 0,
      pipelines: 0,
    });
    expect(engine.info.bytes()).toBe(held);
    expect(quiet, `heap every ${ROUND} steps: ${heaps.join(', ')}`).toBeGreaterThanOrEqual(3);
    engine.dispose();
    expect(counter.alive()).toEqual({ buffers: 0, bytes: 0 });
  });

  it('is split into several submits when it takes longer than the budget', async () => {
    const gpu = await shared;
    const whole = await createWebgpuEngine(options, gpu, { submitBudget: 1e9 });
    const split = await createWebgpuEngine(options, gpu, { submitBudget: 1e-3 });
    await split.step(randomBatch(graph, 6, 0), rates);
    await whole.step(randomBatch(graph, 6, 0), rates);
    counter = countGpu();
    const result = await split.step(randomBatch(graph, 6, 1), rates);
    expect(counter.counts.submits).toBeGreaterThan(1);
    expect(result).toEqual(await whole.step(randomBatch(graph, 6, 1), rates));
    whole.dispose();
    split.dispose();
  });
});

it('ends what it had begun when it goes, and leaves the device whole to the next', async () => {
  const gpu = await shared;
  const gone = await createWebgpuEngine(options, gpu, { submitBudget: 1e-3 });
  counter = countGpu();
  const begun = gone.step(randomBatch(graph, 6, 0), rates).then(
    () => 'done',
    () => 'given up',
  );
  while (counter.counts.submits === 0) await new Promise((resolve) => setTimeout(resolve));
  const submits = counter.counts.submits;
  gone.dispose();
  const next = await createWebgpuEngine(options, gpu);
  await begun;
  expect(counter.counts.submits, 'the call was on its way').toBeGreaterThan(submits);
  expect((await next.step(randomBatch(graph, 6, 1), rates)).loss).toBeGreaterThan(0);
  next.dispose();
  await expect.poll(() => counter!.alive()).toEqual({ buffers: 0, bytes: 0 });
});

it('takes smaller batches for training and any size for prediction', async () => {
  const gpu = await shared;
  const small = smallGraph('one block without mlp, plain logarithm');
  const engine = await createWebgpuEngine({ ...options, graph: small }, gpu);
  for (const size of [6, 3, 5, 4, 2, 3])
    expect((await engine.step(randomBatch(small, size, size), rates)).loss).toBeGreaterThan(0);
  const all = await engine.predict(randomBatch(small, 15, 1));
  const part = await engine.predict(rows(randomBatch(small, 15, 1), 7, 8));
  expect(all.logits.length).toBe(15 * small.outputs.length);
  expect(part.logits[0]).toBe(all.logits[7]);
  engine.dispose();
});

it('trains and predicts batches of more rows than a grid is long', async () => {
  const gpu = await requestGpuDevice();
  const small = smallGraph('one block without mlp, plain logarithm');
  const size = 65_535 + 130;
  const engine = await createWebgpuEngine({ ...options, graph: small, batchSize: size }, gpu);
  const oracle = new OracleEngine({ ...options, graph: small, batchSize: size });
  const batch = randomBatch(small, size, 1);
  const [got, want] = [await engine.step(batch, rates), await oracle.step(batch, rates)];
  expect(got.loss).toBeCloseTo(want.loss, 4);
  const all = await engine.predict(batch);
  const end = await engine.predict(rows(batch, size - 8, size));
  expect(all.logits.slice(-8 * small.outputs.length)).toEqual(end.logits);
  gpu.device.destroy();
});

it('rejects pending and later calls once the device is lost', async () => {
  const gpu = await shared;
  const engine = await createWebgpuEngine(options, gpu);
  const pending = [0, 1, 2, 3].map((step) => engine.step(randomBatch(graph, 6, step), rates));
  const outcomes = Promise.allSettled(pending);
  gpu.device.destroy();
  // Steps that were done before the device went may be told; from the first that was not, all are rejected.
  const ends = await outcomes;
  const lost = ends.slice(ends.findIndex(({ status }) => status === 'rejected'));
  expect(ends.at(-1)!.status).toBe('rejected');
  for (const end of lost)
    expect(end.status === 'rejected' && (end.reason as unknown)).toBeInstanceOf(DeviceLostError);
  await expect(engine.predict(randomBatch(graph, 6, 0))).rejects.toBeInstanceOf(DeviceLostError);
  await expect(engine.state()).rejects.toBeInstanceOf(DeviceLostError);
  engine.dispose();
});
