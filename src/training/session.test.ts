/** The loop's intervals, pausing, divergence and resuming, with an engine that computes nothing. */
import { describe, expect, it } from 'vitest';
import type { RecapConfig } from '../config/recap-config.ts';
import { MemoryCheckpointStore } from './checkpoint-store.ts';
import type { Checkpoint } from './checkpoint-store.ts';
import type { CheckpointEvent, DivergenceEvent, EvaluationEvent, RunPhase, StepEvent } from './events.ts';
import { nextTask } from './event-loop.ts';
import { TrainingSession } from './session.ts';
import type { SessionOptions } from './session.ts';
import { batchOf, countingSource, FakeEngine, graph, layout } from './testing/fake-engine.ts';

type Config = SessionOptions['config'];

const constant = (rate: number) => ({
  constant: rate,
  piecewise_constant: null,
  linear_ramp_to_constant: null,
  linear_ramp_to_cosine: null,
});

function configOf(training: Partial<RecapConfig['training']>): Config {
  const ramp = {
    ...constant(0),
    constant: null,
    linear_ramp_to_constant: { learning_rate: 1, num_ramp_steps: 10 },
  };
  return {
    training: {
      save_dir: '',
      num_train_steps: 6,
      initial_checkpoint_dir: null,
      checkpoint_every_n: 1000,
      checkpoint_max_to_keep: null,
      train_log_every_n: 1,
      num_eval_steps: 2,
      eval_log_every_n: 1000,
      eval_timeout_in_s: 1,
      gradient_accumulation: null,
      ...training,
    },
    train_data: { global_batch_size: 4 },
    model: { tasks: { a: {}, b: {} }, stratifiers: null },
    optimizer: {
      adam: { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 },
      single_task_learning_rate: null,
      multi_task_learning_rates: {
        backbone_learning_rate: ramp,
        tower_learning_rates: { a: constant(0.5), b: constant(0.25) },
      },
    },
  };
}

function harness(training: Partial<RecapConfig['training']> = {}, options: Partial<SessionOptions> = {}) {
  const engine = options.engine instanceof FakeEngine ? options.engine : new FakeEngine();
  const steps: StepEvent[] = [];
  const logs: number[] = [];
  const evaluations: EvaluationEvent[] = [];
  const checkpoints: CheckpointEvent[] = [];
  const divergences: DivergenceEvent[] = [];
  const phases: [RunPhase, number][] = [];
  const source = countingSource();
  const session = new TrainingSession({
    engine,
    graph,
    config: configOf(training),
    source,
    seed: 1,
    ...options,
    callbacks: {
      onStep: (event) => steps.push(event),
      onLog: (event) => logs.push(event.step),
      onEvaluation: (event) => evaluations.push(event),
      onCheckpoint: (event) => checkpoints.push(event),
      onDivergence: (event) => divergences.push(event),
      onPhase: (phase, step) => phases.push([phase, step]),
      ...options.callbacks,
    },
  });
  return { engine, session, source, steps, logs, evaluations, checkpoints, divergences, phases };
}

async function stored(store: MemoryCheckpointStore, step: number): Promise<Checkpoint> {
  const checkpoint = await store.load(step);
  if (!checkpoint) throw new Error(`no checkpoint of step ${step}`);
  return checkpoint;
}

const validation = { partition: 'validation', tasks: [], open: () => countingSource() };

describe('a run', () => {
  it('takes num_train_steps with the schedules from step 0, and reports each', async () => {
    const run = harness();
    expect(await run.session.start()).toBe('finished');
    expect(run.engine.steps.map(({ batch }) => batch)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(run.engine.steps[3]?.rates).toEqual({ backbone: 0.3, a: 0.5, b: 0.25 });
    expect(run.steps.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(run.steps[1]).toMatchObject({ loss: 1, taskLosses: [0.5, 1.5], learningRates: [0.1, 0.5, 0.25] });
    expect(run.steps.map(({ examples }) => examples)).toEqual([4, 8, 12, 16, 20, 24]);
    const elapsed = run.steps.map(({ elapsedMs }) => elapsedMs);
    expect(elapsed).toEqual([...elapsed].sort((a, b) => a - b));
    expect(run.phases).toEqual([
      ['running', 0],
      ['finished', 6],
    ]);
    expect(run.engine.disposed).toBe(false);
    await expect(run.session.start()).rejects.toThrow(/finished/);
  });

  it('keeps two steps in flight and no more', async () => {
    const run = harness();
    run.engine.work = nextTask;
    await run.session.start();
    expect(run.engine.maxInFlight).toBe(2);
  });

  it('logs every n and at the end', async () => {
    const run = harness({ num_train_steps: 7, train_log_every_n: 3 });
    await run.session.start();
    expect(run.logs).toEqual([2, 5, 6]);
    expect(run.steps).toHaveLength(7);
  });

  it('ends with the data, and says when there is none', async () => {
    const short = harness({}, { source: countingSource(3) });
    expect(await short.session.start()).toBe('finished');
    expect(short.session.step).toBe(3);
    const empty = harness({}, { source: countingSource(0) });
    await expect(empty.session.start()).rejects.toThrow('gives no batch');
    expect(empty.session.phase).toBe('failed');
  });

  it('fails with what the engine throws, leaving nothing unhandled', async () => {
    const run = harness();
    run.engine.losses = (call) => {
      if (call >= 2) throw new Error(`device lost at ${call}`);
      return [1, 1];
    };
    await expect(run.session.start()).rejects.toThrow('device lost at 2');
    expect(run.session.phase).toBe('failed');
    expect(run.session.step).toBe(2);
  });
});

describe('gradient accumulation', () => {
  it('takes n batches a step and gives rates with the last', async () => {
    const run = harness({ num_train_steps: 2, gradient_accumulation: 3 });
    await run.session.start();
    expect(run.engine.steps.map(({ rates }) => rates !== null)).toEqual([
      false,
      false,
      true,
      false,
      false,
      true,
    ]);
    expect(run.steps).toHaveLength(2);
    expect(run.steps[0]?.taskLosses[0]).toBeCloseTo((1 + 1 / 2 + 1 / 3) / 3, 6);
    expect(run.steps.map(({ examples }) => examples)).toEqual([12, 24]);
  });

  it('applies what there is when the data ends', async () => {
    const run = harness({ gradient_accumulation: 4 }, { source: countingSource(6) });
    await run.session.start();
    expect(run.engine.steps.map(({ rates }) => rates !== null)).toEqual([
      false,
      false,
      false,
      true,
      false,
      true,
    ]);
  });
});

describe('pause, step, stop', () => {
  it('pauses after the steps in flight and goes on with the next batch', async () => {
    const run = harness();
    run.engine.work = nextTask;
    const first = run.session.start();
    while (run.session.step < 2) await nextTask();
    await run.session.pause();
    expect(await first).toBe('paused');
    const at = run.session.step;
    expect(run.engine.inFlight).toBe(0);
    expect(run.engine.steps).toHaveLength(at);
    expect(at).toBeLessThan(6);
    expect(await run.session.start()).toBe('finished');
    expect(run.engine.steps.map(({ batch }) => batch)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('takes every step asked for, also those asked for on its way', async () => {
    const run = harness();
    const phases = await Promise.all([run.session.stepTo(1), run.session.stepTo(2), run.session.stepTo(3)]);
    expect(phases).toEqual(['paused', 'paused', 'paused']);
    expect(run.engine.steps).toHaveLength(3);
    expect(await Promise.all([run.session.stepTo(4), run.session.start()])).toEqual(['finished', 'finished']);
    expect(run.session.step).toBe(6);
    await Promise.all([run.session.stepTo(7), run.session.stepTo(8)]);
    expect(run.engine.steps).toHaveLength(8);
  });

  it('steps n, never beyond the end', async () => {
    const run = harness();
    expect(await run.session.steps(2)).toBe('paused');
    expect(run.session.step).toBe(2);
    expect(await run.session.steps()).toBe('paused');
    expect(run.session.step).toBe(3);
    expect(await run.session.steps(100)).toBe('finished');
    expect(run.session.step).toBe(6);
  });

  it('lets messages through though every promise is ready', async () => {
    const run = harness({ num_train_steps: 1e9 });
    const started = run.session.start();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await run.session.pause();
    expect(await started).toBe('paused');
    expect(run.session.step).toBeGreaterThan(10);
  });
});

describe('evaluation', () => {
  it('runs every n steps and at the end, and does not train', async () => {
    const run = harness({ num_train_steps: 5, eval_log_every_n: 2 }, { evaluations: [validation] });
    await run.session.start();
    expect(run.evaluations.map(({ step }) => step)).toEqual([2, 4, 5]);
    expect(run.engine.predictions).toBe(6);
    expect(run.engine.steps).toHaveLength(5);
    expect(run.evaluations[0]).toMatchObject({ partition: 'validation', stratum: null, examples: 8 });
  });

  it('is given up by a pause and done again on start', async () => {
    const opened: number[] = [];
    const run = harness(
      { num_train_steps: 4, eval_log_every_n: 2, num_eval_steps: 3 },
      {
        evaluations: [
          {
            ...validation,
            open: () => {
              opened.push(opened.length);
              if (opened.length === 1) void run.session.pause();
              return countingSource();
            },
          },
        ],
      },
    );
    expect(await run.session.start()).toBe('paused');
    expect(run.session.step).toBe(2);
    expect(run.evaluations).toHaveLength(0);
    expect(await run.session.start()).toBe('finished');
    expect(run.evaluations.map(({ step }) => step)).toEqual([2, 4]);
    expect(opened).toHaveLength(3);
  });
});

describe('checkpoints', () => {
  it('are taken every n and at the end, the newest kept', async () => {
    const store = new MemoryCheckpointStore();
    const run = harness(
      { num_train_steps: 7, checkpoint_every_n: 2, checkpoint_max_to_keep: 2 },
      { checkpoints: store },
    );
    await run.session.start();
    expect(run.checkpoints.map(({ step, kept }) => [step, kept])).toEqual([
      [2, [2]],
      [4, [2, 4]],
      [6, [4, 6]],
      [7, [6, 7]],
    ]);
    expect(await store.steps()).toEqual([6, 7]);
    expect((await store.load(6))?.state.optimizer.step).toBe(6);
    expect(await store.load(2)).toBeNull();
  });

  it('resume where they were taken: step, moments, schedule', async () => {
    const store = new MemoryCheckpointStore();
    const first = harness({ checkpoint_every_n: 4, gradient_accumulation: 2 }, { checkpoints: store });
    await first.session.steps(4);
    await first.session.pause();
    const second = harness({ gradient_accumulation: 2 });
    await second.session.restore(await stored(store, 4));
    expect(second.engine.loaded).toEqual([4]);
    await second.session.start();
    expect(second.steps.map(({ step, examples }) => [step, examples])).toEqual([
      [4, 40],
      [5, 48],
    ]);
    expect(second.engine.steps[1]?.rates?.['backbone']).toBeCloseTo(0.4, 12);
  });

  it('stay within the memory allowed, the newest always', async () => {
    const store = new MemoryCheckpointStore(60);
    const run = harness({ checkpoint_every_n: 1 }, { checkpoints: store });
    await run.session.start();
    // 24 bytes each.
    expect(await store.steps()).toEqual([5, 6]);
    expect(run.checkpoints.at(-1)?.kept).toEqual([5, 6]);
  });
});

describe('divergence', () => {
  it('stops at the step, names head and rate, and goes back to the last good checkpoint', async () => {
    const store = new MemoryCheckpointStore();
    const run = harness({ checkpoint_every_n: 2 }, { checkpoints: store });
    run.engine.losses = (call) => [1, call === 3 ? Number.NaN : 1];
    expect(await run.session.start()).toBe('diverged');
    expect(run.divergences).toHaveLength(1);
    expect(run.divergences[0]).toMatchObject({ step: 3, tasks: ['b'], lastGoodCheckpoint: 2 });
    expect(run.divergences[0]?.advice).toMatch(/step 3.*loss of b.*learning rate 0\.25 of b/);
    expect(run.steps.map(({ step }) => step)).toEqual([0, 1, 2]);
    await expect(run.session.start()).rejects.toThrow(/diverged/);
    run.engine.losses = () => [1, 1];
    await run.session.restore(await stored(store, 2));
    expect([run.session.phase, run.session.step]).toEqual(['paused', 2]);
    expect(await run.session.start()).toBe('finished');
    expect(run.steps.map(({ step }) => step)).toEqual([0, 1, 2, 2, 3, 4, 5]);
  });

  it('never keeps a checkpoint whose weights are not finite', async () => {
    const store = new MemoryCheckpointStore();
    const run = harness({ checkpoint_every_n: 2 }, { checkpoints: store });
    run.engine.losses = (call) => {
      if (call === 3) run.engine.weight = Number.POSITIVE_INFINITY;
      return [1, 1];
    };
    expect(await run.session.start()).toBe('diverged');
    expect(run.divergences[0]?.advice).toContain('weights of w');
    expect(await store.steps()).toEqual([2]);
    await run.session.restore(await stored(store, 2));
    expect(run.engine.weight).toBe(0);
  });

  it('names the data when the data is at fault', async () => {
    const bad = { ...batchOf(0), labels: Float32Array.of(1, 1, 0, Number.NaN, 1, 1, 0, 0) };
    const source = {
      layout,
      next: () => Promise.resolve(bad),
      seek: () => Promise.resolve(),
      dispose: () => {},
    };
    const run = harness({}, { source });
    run.engine.losses = () => [1, Number.NaN];
    await run.session.start();
    expect(run.divergences[0]?.advice).toMatch(/labels hold NaN in row 1, column 1 \(b\)/);
    expect(run.divergences[0]?.lastGoodCheckpoint).toBeNull();
  });

  it('goes on from a checkpoint with the data that came behind it', async () => {
    const store = new MemoryCheckpointStore();
    const run = harness({ checkpoint_every_n: 2 }, { checkpoints: store });
    await run.session.start();
    await run.session.restore(await stored(store, 2));
    expect(run.phases.at(-1)).toEqual(['paused', 2]);
    expect(await run.session.start()).toBe('finished');
    expect(run.engine.steps.slice(6).map(({ batch }) => batch)).toEqual([2, 3, 4, 5]);
  });

  it('takes steps beyond its last one, and more in all when it is extended', async () => {
    const run = harness({ num_train_steps: 3 });
    await run.session.start();
    expect(await run.session.steps(1)).toBe('finished');
    expect(run.session.step).toBe(4);
    run.session.extend(7);
    expect(run.phases.at(-1)).toEqual(['paused', 4]);
    await run.session.start();
    expect(run.engine.steps.map(({ batch }) => batch)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('says that the data has ended where a step more is asked for', async () => {
    const run = harness({}, { source: countingSource(3) });
    await run.session.start();
    await expect(run.session.steps(1)).rejects.toThrow(/data has ended.*more examples/);
  });
});

describe('saving in between', () => {
  it('is done at each pause, what was told before it first, and not twice at a step', async () => {
    const saved: number[] = [];
    const order: string[] = [];
    const run = harness(
      { num_train_steps: 8 },
      {
        autosave: {
          interval: Number.POSITIVE_INFINITY,
          save: async ({ step }) => {
            saved.push(step);
            order.push('save');
          },
        },
        callbacks: { beforeCheckpoint: async () => void order.push('before') },
      },
    );
    await run.session.steps(2);
    await run.session.steps(3);
    await run.session.pause();
    expect(saved).toEqual([2, 5]);
    expect(order).toEqual(['before', 'save', 'before', 'save']);
  });
});
