/** The loop over a real engine and the reference's data: its losses, with evaluation between, and across a checkpoint. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from '../config/parse-config.ts';
import { parseDataSchema } from '../data/data-schema.ts';
import type { StreamPosition } from '../data/stream-position.ts';
import { planData } from '../data/layout.ts';
import { tfRecordSource } from '../data/tfrecord-source.ts';
import { createTfjsEngine } from '../engines/tfjs/engine.ts';
import { readSafetensors } from '../formats/safetensors.ts';
import { exportCheckpoint, importCheckpoint, importWeights } from './checkpoint.ts';
import { MemoryCheckpointStore } from './checkpoint-store.ts';
import { adamOptions } from '../engines/adam-options.ts';
import { modelGraph } from '../graph/model-graph.ts';
import type { EvaluationEvent, StepEvent } from './events.ts';
import { TrainingSession } from './session.ts';
import { trainingSource } from './training-source.ts';

const FIXTURES = ['parallel-share-all', 'serial-share-partial', 'mixed-share-none'];

const read = (path: string) =>
  new Uint8Array(readFileSync(new URL(`../../test/fixtures/${path}`, import.meta.url)));

function load(name: string) {
  const { config } = parseRecapConfig(new TextDecoder().decode(read(`${name}/config.yaml`)));
  if (!config) throw new Error('the fixture does not parse');
  const schema = parseDataSchema(new TextDecoder().decode(read(`${name}/segdense.json`)));
  const plan = planData(config.train_data, schema, Object.keys(config.model.tasks));
  const bytes = read(`${name}/data/batches.tfrecord.gz`);
  const file = { name: 'batches', size: bytes.length, stream: () => new Blob([bytes]).stream() };
  const source = (at: StreamPosition | null = null) =>
    tfRecordSource(plan, { files: [file], shuffle: null, repeat: false, at });
  const expected = readSafetensors(read(`${name}/expected.safetensors`)).tensors.get('losses');
  if (expected?.dtype !== 'F32') throw new Error('no losses');
  return { config, plan, graph: modelGraph(config, plan.layout), source, losses: expected.data };
}

describe.each(FIXTURES)('%s', (name) => {
  const { config, graph, source, losses } = load(name);

  async function session(training: Partial<typeof config.training> = {}) {
    const engine = await createTfjsEngine(
      { graph, adam: adamOptions(config), seed: 1, batchSize: config.train_data.global_batch_size },
      'cpu',
    );
    await engine.load(importWeights(read(`${name}/initial.safetensors`), graph).model);
    const steps: StepEvent[] = [];
    const evaluations: EvaluationEvent[] = [];
    const made = new TrainingSession({
      engine,
      graph,
      config: { ...config, training: { ...config.training, ...training } },
      source: trainingSource(source),
      evaluations: [{ partition: 'validation', tasks: [], open: () => source() }],
      checkpoints: new MemoryCheckpointStore(),
      seed: 1,
      callbacks: { onStep: (event) => steps.push(event), onEvaluation: (event) => evaluations.push(event) },
    });
    return { made, engine, steps, evaluations };
  }

  function check(steps: readonly StepEvent[], from: number): void {
    expect(steps).toHaveLength(losses.length - from);
    for (const { step, loss } of steps) {
      const expected = losses[step] ?? Number.NaN;
      expect(Math.abs(loss - expected), `step ${step}`).toBeLessThanOrEqual(1e-5 * Math.abs(expected));
    }
  }

  it('gives the losses of the reference, evaluating after every step', async () => {
    const { made, engine, steps, evaluations } = await session({ eval_log_every_n: 1, num_eval_steps: 2 });
    expect(await made.start()).toBe('finished');
    check(steps, 0);
    expect(evaluations.map(({ step }) => step)).toEqual(steps.map(({ step }) => step + 1));
    for (const { loss, tasks } of evaluations) {
      expect(loss.kind).toBe('value');
      expect(tasks.map(({ task }) => task)).toEqual(Object.keys(config.model.tasks));
    }
    engine.dispose();
  });

  it('gives the same losses across a checkpoint in a file and a new engine', async () => {
    const first = await session({ eval_log_every_n: 1000 });
    await first.made.steps(5);
    const checkpoint = await first.made.checkpoint();
    const bytes = exportCheckpoint(checkpoint, { config: '', step: 5, seed: 1 });
    first.engine.dispose();
    const second = await session({ eval_log_every_n: 1000 });
    await second.made.restore(importCheckpoint(bytes, graph));
    expect(second.made.step).toBe(5);
    await second.made.start();
    check(second.steps, 5);
    second.engine.dispose();
  });
});
