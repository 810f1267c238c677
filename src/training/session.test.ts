/** The loop's intervals, pausing and evaluating, with an engine that computes nothing. */
import { describe, expect, it } from 'vitest';
import { nextTask } from './event-loop.ts';
import { countingSource } from './testing/fake-engine.ts';
import { harness, validation } from './testing/session-harness.ts';

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
