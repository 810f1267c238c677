/** Settings changed while training: what they do to a step, and that a run repeated or resumed with them is the same run. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from '../config/parse-config.ts';
import { parseDataSchema } from '../data/data-schema.ts';
import { planData } from '../data/layout.ts';
import { uniformSource } from '../data/uniform.ts';
import { adamOptions } from '../engines/adam-options.ts';
import { initialState } from '../engines/init.ts';
import { createTfjsEngine } from '../engines/tfjs/engine.ts';
import { modelGraph } from '../graph/model-graph.ts';
import type { Checkpoint } from './checkpoint-store.ts';
import type { StepEvent } from './events.ts';
import {
  changedBatch,
  changedBatchSize,
  changedRates,
  checkChange,
  firstRows,
  LiveChangeError,
  withChange,
} from './live-changes.ts';
import type { LiveChange } from './live-changes.ts';
import { TrainingSession } from './session.ts';
import { batchOf, TASKS } from './testing/fake-engine.ts';
import { trainingSource } from './training-source.ts';

const of = { groups: ['backbone', 'a', 'b'], tasks: ['a', 'b'], batchSize: 4 };

describe('a change', () => {
  it.each([
    ['learning_rate', 0.5],
    ['learning_rate.backbone', 0],
    ['learning_rate.a', 3],
    ['loss_weight.b', 2.5],
    ['batch_size', 2],
    ['batch_size', 12],
  ])('of %s to %d is taken', (key, value) => expect(() => checkChange({ key, value }, of)).not.toThrow());

  it.each([
    ['learning_rate.c', 1, /no group c, but backbone, a, b/],
    ['loss_weight.backbone', 1, /no head backbone, but a, b/],
    ['learning_rate', -1, /a factor from 0 to 1000000/],
    ['learning_rate', Number.NaN, /a factor from 0/],
    ['loss_weight.a', Number.POSITIVE_INFINITY, /a factor from 0/],
    ['batch_size', 1, /2 to 4, or a multiple of 4/],
    ['batch_size', 6, /2 to 4, or a multiple of 4/],
    ['batch_size', 2.5, /2 to 4/],
    ['seed', 3, /seed can't change while training: learning_rate/],
  ])('of %s to %d is refused by name', (key, value, message) => {
    expect(() => checkChange({ key, value }, of)).toThrow(LiveChangeError);
    expect(() => checkChange({ key, value }, of)).toThrow(message);
  });

  it('holds from its step on, the later one where both concern a group', () => {
    const changes: LiveChange[] = [
      { step: 3, key: 'learning_rate.a', value: 10 },
      { step: 5, key: 'learning_rate', value: 0.5 },
      { step: 6, key: 'learning_rate.b', value: 0 },
    ];
    const rates = { backbone: 1, a: 2, b: 4 };
    expect(changedRates(changes, 2, rates)).toEqual(rates);
    expect(changedRates(changes, 3, rates)).toEqual({ backbone: 1, a: 20, b: 4 });
    expect(changedRates(changes, 5, rates)).toEqual({ backbone: 0.5, a: 1, b: 2 });
    expect(changedRates(changes, 100, rates)).toEqual({ backbone: 0.5, a: 1, b: 0 });
  });

  it('of a loss weight multiplies the sample weights of its head alone', () => {
    const changes = [{ step: 1, key: 'loss_weight.b', value: 3 }];
    const batch = batchOf(0);
    expect(changedBatch(changes, 0, batch, TASKS)).toBe(batch);
    expect(changedBatch(changes, 1, batch, TASKS).weights).toEqual(Float32Array.of(1, 3, 1, 3, 1, 3, 1, 3));
    const weighted = { ...batch, weights: Float32Array.of(2, 2, 1, 1, 1, 1, 1, 1) };
    expect(changedBatch(changes, 1, weighted, TASKS).weights?.slice(0, 2)).toEqual(Float32Array.of(2, 6));
  });

  it('of the batch takes the first rows, or several batches', () => {
    const changes = [{ step: 2, key: 'batch_size', value: 2 }];
    expect(changedBatch(changes, 1, batchOf(0), TASKS).size).toBe(4);
    const half = changedBatch(changes, 2, batchOf(0), TASKS);
    expect(half).toEqual(firstRows(batchOf(0), 2));
    expect([half.size, half.labels.length, half.discrete.length]).toEqual([2, 4, 2]);
    expect(changedBatchSize([{ step: 2, key: 'batch_size', value: 12 }], 2, 4)).toBe(12);
    expect(() => firstRows(batchOf(0), 5)).toThrow(/no first 5/);
  });

  it('forgets what was planned behind it, and itself where nothing changes by it', () => {
    const change = fc.record({
      step: fc.nat(20),
      key: fc.constantFrom('learning_rate', 'loss_weight.a', 'learning_rate.b'),
      value: fc.constantFrom(0.5, 1, 2),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (all) => {
        const found = all.reduce<readonly LiveChange[]>(withChange, []);
        expect(found.map(({ step }) => step)).toEqual(
          found.map(({ step }) => step).toSorted((a, b) => a - b),
        );
        const last = all.at(-1);
        if (!last) return;
        expect(found.every(({ step }) => step <= last.step)).toBe(true);
        const holds = found.findLast(({ key }) => key === last.key)?.value ?? 1;
        expect(holds).toBe(last.value);
      }),
      { seed: 13, numRuns: 300 },
    );
  });
});

describe('a run with changes', () => {
  const text = readFileSync(
    new URL('../../test/fixtures/parallel-share-all/config.yaml', import.meta.url),
    'utf8',
  );
  const schema = readFileSync(
    new URL('../../test/fixtures/parallel-share-all/segdense.json', import.meta.url),
    'utf8',
  );
  const { config } = parseRecapConfig(text);
  if (!config) throw new Error('the fixture does not parse');
  const plan = planData(config.train_data, parseDataSchema(schema), Object.keys(config.model.tasks));
  const graph = modelGraph(config, plan.layout);
  const size = config.train_data.global_batch_size;
  const task = graph.outputs[0]?.task ?? '';

  async function made(changes: readonly LiveChange[], onStep?: (step: number, run: TrainingSession) => void) {
    const open = config as NonNullable<typeof config>;
    const engine = await createTfjsEngine(
      { graph, adam: adamOptions(open), seed: 1, batchSize: size },
      'cpu',
    );
    await engine.load(initialState(graph, 3));
    const steps: StepEvent[] = [];
    const session: TrainingSession = new TrainingSession({
      engine,
      graph,
      config: { ...open, training: { ...open.training, num_train_steps: 7 } },
      source: trainingSource((at) => uniformSource(plan, { seed: 4, examples: null, at })),
      changes,
      seed: 1,
      callbacks: {
        onStep: (event) => {
          steps.push(event);
          onStep?.(event.step, session);
        },
      },
    });
    return { session, steps, engine };
  }
  const told = (steps: readonly StepEvent[]) => steps.map(({ elapsedMs: _time, ...event }) => event);

  it('is the same when it is repeated with what its manifest says, and when it is resumed in the middle', async () => {
    let middle: Promise<Checkpoint> | null = null;
    const live = await made([], (step, run) => {
      if (step === 1) run.change('learning_rate', 0.25);
      if (step === 2) run.change(`loss_weight.${task}`, 4);
      if (step === 3) run.change('batch_size', 3 * size);
      if (step === 4) run.change('batch_size', size / 2);
      if (step === 4) middle = run.checkpoint();
    });
    expect(await live.session.start()).toBe('finished');
    const { changes } = live.session;
    expect(changes.map(({ key }) => key)).toEqual([
      'learning_rate',
      `loss_weight.${task}`,
      'batch_size',
      'batch_size',
    ]);
    expect(changes.every(({ step }, i) => step > i + 1)).toBe(true);
    const again = await made(changes);
    await again.session.start();
    expect(told(again.steps)).toEqual(told(live.steps));
    expect(await again.engine.state()).toEqual(await live.engine.state());

    const resumed = await made(changes);
    const from = await (middle as Promise<Checkpoint> | null);
    if (!from) throw new Error('no checkpoint');
    await resumed.session.restore(from);
    await resumed.session.start();
    expect(told(resumed.steps)).toEqual(told(live.steps).slice(from.step));

    const plain = await made([]);
    const first = changes[0]?.step ?? 0;
    await plain.session.steps(first + 2);
    expect(told(plain.steps).slice(0, first)).toEqual(told(live.steps).slice(0, first));
    expect(plain.steps.at(-1)?.loss).not.toBe(live.steps[first + 1]?.loss);
  });

  it('ends earlier or later when that is asked for', async () => {
    const early = await made([], (step, run) => {
      if (step === 2) run.endAt(1);
    });
    expect(await early.session.start()).toBe('finished');
    expect(early.session.step).toBeLessThan(7);
    expect(early.session.totalSteps).toBe(early.session.step);
    early.session.endAt(6);
    expect(early.session.phase).toBe('paused');
    await early.session.start();
    expect(early.session.step).toBe(6);
  });
});
