/** Evaluation: what it counts, strata, the teacher beside the model, cancelling. */
import { describe, expect, it } from 'vitest';
import type { BatchSource, RecapBatch } from '../data/recap-batch.ts';
import { bceWithLogits } from '../metrics/bce.ts';
import { NO_POSITIVES } from '../metrics/metric-value.ts';
import { evaluatePartition } from './evaluation.ts';
import type { EvaluationOptions } from './evaluation.ts';
import { ReplaySource } from './replay.ts';
import { batchOf, countingSource, FakeEngine, graph, layout } from './testing/fake-engine.ts';

function options(changes: Partial<EvaluationOptions> = {}): EvaluationOptions {
  return { engine: new FakeEngine(), graph, step: 3, batches: 2, stratifiers: [], seed: 1, ...changes };
}

const partition = (source: () => BatchSource, tasks: string[] = []) => ({
  partition: 'p',
  tasks,
  open: source,
});

function sourceOf(batch: RecapBatch): BatchSource {
  return { layout, next: () => Promise.resolve(batch), dispose: () => {} };
}

describe('evaluatePartition', () => {
  it('gives the metrics of every head over the batches asked for', async () => {
    const source = countingSource();
    const [event, ...rest] = await evaluatePartition(
      partition(() => source),
      options(),
    );
    expect(rest).toEqual([]);
    expect(event).toMatchObject({ step: 3, partition: 'p', stratum: null, examples: 8 });
    expect(source.taken).toBe(2);
    expect(source.disposed).toBe(true);
    // The fake engine's logits are 1 in rows 0 and 1, −1 in rows 2 and 3; labels are 1, 0, 1, 0.
    const loss =
      (bceWithLogits(1, 1) + bceWithLogits(1, 0) + bceWithLogits(-1, 1) + bceWithLogits(-1, 0)) / 4;
    const a = event?.tasks[0];
    expect(a).toMatchObject({ task: 'a', examples: 8, positives: 4, teacher: null });
    expect(a?.loss).toEqual({ kind: 'value', value: expect.closeTo(loss, 6) });
    expect(a?.auroc).toEqual({ kind: 'value', value: 0.5 });
    expect(a?.ctr).toEqual({ kind: 'value', value: 0.5 });
    expect(event?.loss).toEqual({ kind: 'value', value: expect.closeTo(loss, 6) });
    expect(a?.roc.x.at(-1)).toBe(1);
    expect(a?.calibration.x).toHaveLength(2);
  });

  it('weighs as training does, and knows the teacher', async () => {
    const weights = Float32Array.of(2, 2, 1, 1, 1, 1, 1, 1);
    const teacher = Float32Array.of(0.9, 0.9, 0.1, 0.1, 0.9, 0.9, 0.1, 0.1);
    const batch = { ...batchOf(0), weights, teacher };
    const [event] = await evaluatePartition(
      partition(() => sourceOf(batch)),
      options(),
    );
    const a = event?.tasks[0];
    const loss =
      (2 * bceWithLogits(1, 1) + bceWithLogits(1, 0) + bceWithLogits(-1, 1) + bceWithLogits(-1, 0)) / 4;
    expect(a?.loss).toEqual({ kind: 'value', value: expect.closeTo(loss, 6) });
    expect(a?.ctr).toEqual({ kind: 'value', value: expect.closeTo(0.6, 6) });
    expect(a?.teacher?.auroc).toEqual({ kind: 'value', value: 1 });
    expect(a?.teacher?.loss).toEqual({ kind: 'value', value: expect.closeTo((5 / 4) * -Math.log(0.9), 5) });
  });

  it('splits by a discrete column, and says when there is nothing to measure', async () => {
    const stratifiers = [
      { name: 'country', index: 0, value: 2 },
      { name: 'country', index: 0, value: 9 },
    ];
    const events = await evaluatePartition(
      partition(() => countingSource()),
      options({ stratifiers }),
    );
    expect(events.map(({ stratum, examples }) => [stratum, examples])).toEqual([
      [null, 8],
      ['country=2', 4],
      ['country=9', 0],
    ]);
    // Rows 2 and 3 have logit −1 and labels 1, 0.
    expect(events[1]?.tasks[0]?.pctr).toEqual({ kind: 'value', value: expect.closeTo(1 / (1 + Math.E), 6) });
    expect(events[2]?.loss.kind).toBe('undefined');
    const beyond = options({ stratifiers: [{ name: 'country', index: 1, value: 2 }] });
    await expect(
      evaluatePartition(
        partition(() => countingSource()),
        beyond,
      ),
    ).rejects.toThrow(/country reads discrete column 1, but the data has 1/);
  });

  it('has no AUROC and no RCE without positives', async () => {
    const batch = { ...batchOf(0), labels: new Float32Array(8) };
    const [event] = await evaluatePartition(
      partition(() => sourceOf(batch)),
      options(),
    );
    const absence = { kind: 'undefined', reason: NO_POSITIVES };
    expect(event?.tasks[0]).toMatchObject({
      auroc: absence,
      rce: absence,
      nrce: absence,
      intervals: { auroc: null, rce: null },
    });
  });

  it('gives only the tasks asked for, the whole partition for a negative count', async () => {
    const [event] = await evaluatePartition(
      partition(() => countingSource(3), ['b']),
      options({ batches: -1 }),
    );
    expect(event?.tasks.map(({ task }) => task)).toEqual(['b']);
    expect(event?.examples).toBe(12);
    await expect(
      evaluatePartition(
        partition(() => countingSource(), ['c']),
        options(),
      ),
    ).rejects.toThrow(/evaluates c/);
  });

  it('keeps as many predictions on the way as the engine says', async () => {
    const engine = new FakeEngine();
    engine.depth = 6;
    const predict = engine.predict.bind(engine);
    const waiting: (() => void)[] = [];
    const most: number[] = [];
    engine.predict = async (batch) => {
      await new Promise<void>((go) => {
        waiting.push(go);
        most.push(waiting.length);
        // The device answers once it has six, or the last.
        if (waiting.length === 6 || engine.predictions + waiting.length === 15)
          for (const next of waiting.splice(0)) next();
      });
      return predict(batch);
    };
    const [event] = await evaluatePartition(
      partition(() => countingSource()),
      options({ engine, batches: 15 }),
    );
    expect(event?.examples).toBe(60);
    expect(Math.max(...most)).toBe(6);
  });

  it('stops between batches when aborted, and disposes the source', async () => {
    const abort = new AbortController();
    const source = countingSource();
    const engine = new FakeEngine();
    const predict = engine.predict.bind(engine);
    engine.predict = (batch) => {
      if (engine.predictions === 2) abort.abort();
      return predict(batch);
    };
    const running = evaluatePartition(
      partition(() => source),
      options({ engine, batches: 100, signal: abort.signal }),
    );
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(engine.predictions).toBe(3);
    expect(source.disposed).toBe(true);
  });
});

describe('ReplaySource', () => {
  it('gives the same batches each time, taking no more than the limit', async () => {
    const source = countingSource();
    const replay = new ReplaySource(source, 3);
    const read = async () => {
      const opened = replay.open();
      const seen: (number | undefined)[] = [];
      for (let batch = await opened.next(); batch; batch = await opened.next())
        seen.push(batch.continuous[0]);
      return seen;
    };
    expect(await read()).toEqual([0, 1, 2]);
    expect(await read()).toEqual([0, 1, 2]);
    expect(source.taken).toBe(3);
    replay.dispose();
    expect(source.disposed).toBe(true);
  });

  it('keeps no more than the memory allowed', async () => {
    const source = countingSource();
    // A fake batch has 16 + 16 + 32 bytes.
    const replay = new ReplaySource(source, -1, 100);
    for (let pass = 0; pass < 2; pass++) {
      const opened = replay.open();
      expect(await opened.next()).not.toBeNull();
      expect(await opened.next()).not.toBeNull();
      expect(await opened.next()).toBeNull();
    }
    expect(source.taken).toBe(2);
  });

  it('ends where its source does', async () => {
    const replay = new ReplaySource(countingSource(1), -1);
    const opened = replay.open();
    expect((await opened.next())?.size).toBe(4);
    expect(await opened.next()).toBeNull();
    expect((await replay.open().next())?.size).toBe(4);
  });
});
