/** What the loop keeps and goes back to, and where it stops by itself, with an engine that computes nothing. */
import { describe, expect, it } from 'vitest';
import type { Checkpoint } from './checkpoint-store.ts';
import { MemoryCheckpointStore } from './checkpoint-store.ts';
import type { StepEvent } from './events.ts';
import { batchOf, countingSource, layout } from './testing/fake-engine.ts';
import { harness, stored } from './testing/session-harness.ts';

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

describe('a checkpoint on its way', () => {
  /** A store that keeps once it is let. */
  class SlowStore extends MemoryCheckpointStore {
    readonly begun: number[] = [];
    let: () => void = () => {};
    readonly #gate = new Promise<void>((resolve) => (this.let = resolve));

    override async save(checkpoint: Checkpoint): Promise<void> {
      this.begun.push(checkpoint.step);
      await this.#gate;
      await super.save(checkpoint);
    }
  }

  it('stops no step, and is of the step where it was due', async () => {
    const store = new SlowStore();
    const run = harness(
      { num_train_steps: 9, checkpoint_every_n: 4 },
      {
        checkpoints: store,
        callbacks: {
          onStep: (event) => {
            told.push(event);
            // The next one is due at 8: it waits for the one on its way.
            if (event.step === 6) store.let();
          },
        },
      },
    );
    const told: StepEvent[] = [];
    expect(await run.session.start()).toBe('finished');
    expect(store.begun).toEqual([4, 8, 9]);
    for (const step of [4, 8, 9]) {
      const kept = await stored(store, step);
      expect(kept).toMatchObject({ step, loss: told[step - 1]?.loss, examples: 4 * step });
      expect(kept.position).toMatchObject({ used: step });
      expect(kept.state.optimizer.step).toBe(step);
    }
  });

  it('of every step, with eight in flight', async () => {
    const store = new MemoryCheckpointStore();
    const run = harness({ num_train_steps: 20 });
    run.engine.depth = 8;
    const waiting: (() => void)[] = [];
    run.engine.work = () =>
      new Promise((done) => {
        waiting.push(done);
        // The engine answers once it has as much as it wants, or all.
        if (waiting.length === 8 || run.engine.steps.length === 20)
          for (const next of waiting.splice(0)) next();
      });
    await run.session.start();
    expect(run.engine.maxInFlight).toBe(8);
    const second = harness({ num_train_steps: 20, checkpoint_every_n: 1 }, { checkpoints: store });
    second.engine.depth = 8;
    await second.session.start();
    expect(await store.steps()).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(second.steps).toEqual(second.steps.toSorted((a, b) => a.step - b.step));
    expect((await stored(store, 7)).loss).toBe(second.steps[6]?.loss);
  });

  it('that cannot be kept ends the loop behind the steps in flight', async () => {
    const store = new MemoryCheckpointStore();
    store.save = () => Promise.reject(new Error('the disk is full'));
    const run = harness({ num_train_steps: 20, checkpoint_every_n: 3 }, { checkpoints: store });
    run.engine.depth = 8;
    await expect(run.session.start()).rejects.toThrow('the disk is full');
    expect(run.session.phase).toBe('failed');
    // All that the engine did is told: its state is that of the last step told.
    expect(run.steps).toHaveLength(run.engine.updates);
    expect((await run.session.checkpoint()).step).toBe(run.engine.updates);
  });

  it('is kept before it is told that a later step failed, or that the data did', async () => {
    const failing = async (options: { readonly step?: number; readonly batch?: number }) => {
      const store = new SlowStore();
      const data = countingSource();
      const next = data.next.bind(data);
      data.next = () => {
        if (data.taken !== options.batch) return next();
        store.let();
        return Promise.reject(new Error('it broke'));
      };
      const run = harness(
        { num_train_steps: 20, checkpoint_every_n: 4 },
        { checkpoints: store, source: data },
      );
      run.engine.depth = 3;
      run.engine.losses = (call) => {
        if (call === options.step) {
          setTimeout(store.let);
          throw new Error('it broke');
        }
        return [1, 1];
      };
      await expect(run.session.start()).rejects.toThrow('it broke');
      expect(run.session.phase).toBe('failed');
      expect(run.steps.map(({ step }) => step)).toEqual(
        Array.from({ length: options.step ?? options.batch ?? 0 }, (_, step) => step),
      );
      expect(run.checkpoints.map(({ step }) => step)).toEqual([4]);
      return store.steps();
    };
    expect(await failing({ step: 6 })).toEqual([4]);
    // The last steps were on their way, and the checkpoint is of the last of them.
    expect(await failing({ batch: 4 })).toEqual([4]);
    expect(await failing({ batch: 5 })).toEqual([4]);
  });

  it('is the one to go back to when a later step diverges meanwhile, and none when an earlier one does', async () => {
    const diverging = async (bad: number) => {
      const store = new MemoryCheckpointStore();
      const run = harness({ num_train_steps: 20, checkpoint_every_n: 4 }, { checkpoints: store });
      run.engine.depth = 8;
      run.engine.losses = (call) => [1, call >= bad ? Number.NaN : 1];
      expect(await run.session.start()).toBe('diverged');
      expect(run.divergences).toHaveLength(1);
      expect(await store.steps()).toEqual(run.checkpoints.map(({ step }) => step));
      return run.divergences[0];
    };
    expect(await diverging(5)).toMatchObject({ step: 5, restorable: [4] });
    expect(await diverging(3)).toMatchObject({ step: 3, restorable: [] });
  });
});

describe('divergence', () => {
  it('stops at the step, names head and rate, and goes back to the last good checkpoint', async () => {
    const store = new MemoryCheckpointStore();
    const run = harness({ checkpoint_every_n: 2 }, { checkpoints: store });
    run.engine.losses = (call) => [1, call === 3 ? Number.NaN : 1];
    expect(await run.session.start()).toBe('diverged');
    expect(run.divergences).toHaveLength(1);
    expect(run.divergences[0]).toMatchObject({ step: 3, what: 'loss', tasks: ['b'], restorable: [2] });
    expect(run.divergences[0]?.advice).toMatch(
      /step 3.*loss of b.*learning rate 0\.25 of b.*half of it, 0\.125/,
    );
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
      return [1, call > 3 ? Number.NaN : 1];
    };
    expect(await run.session.start()).toBe('diverged');
    expect(run.divergences).toHaveLength(1);
    // Told at the updates done, as the run's own step, with the rate that was in force.
    expect(run.divergences[0]).toMatchObject({ step: run.session.step, what: 'weights', restorable: [2] });
    expect(run.divergences[0]?.advice).toMatch(
      /After step 4 the weights of a \(w first\).*learning rate 0\.5 of a, .*half of it, 0\.25/,
    );
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
    expect(run.divergences[0]?.restorable).toEqual([]);
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
