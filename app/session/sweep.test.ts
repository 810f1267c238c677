/** A sweep trains its runs one after another, and ends where a person does something else. */
import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { RunEntry } from '../../src/workers/runs-protocol.ts';
import type { SweepRun } from '../../src/runs/sweep.ts';
import type { SweptRun } from './sweep.ts';
import { Sweep } from './sweep.ts';
import { restOfSweep } from './sweep-plan.ts';

const settle = () => new Promise<void>((done) => setTimeout(done));
const runs = ['one', 'two', 'three'].map((name, i): SweepRun => ({ name, values: [i], recipe: {} as never }));

function trained(fails: readonly string[] = []) {
  const run = createStore<SweptRun>()(() => ({
    manifest: null,
    phase: 'idle',
    message: 'No room.',
  }));
  const begun: string[] = [];
  const at = (id: string, phase: SweptRun['phase']) =>
    run.setState({ manifest: { id } as SweptRun['manifest'], phase });
  const sweep = new Sweep(
    {
      run,
      trainRecipe: (_recipe, name) => {
        if (fails.includes(name)) return Promise.resolve(null);
        begun.push(name);
        at(name, 'running');
        return Promise.resolve(name);
      },
      trainOn: (id) => {
        begun.push(`${id} on`);
        at(id, 'running');
        return Promise.resolve(true);
      },
    },
    null,
  );
  return { sweep, begun, at };
}

/** Entries of the first runs by what their folders say. */
const kept = (...phases: readonly SweptRun['phase'][]) =>
  phases.map((phase, i) => ({
    manifest: { id: runs[i]!.name, recipe: {} as never },
    status: { phase } as RunEntry['status'],
  }));

const NONE = { manifest: null, phase: 'idle' } as const;

describe('a sweep', () => {
  it('begins the next run when one has ended, diverged ones too, and not before', async () => {
    const { sweep, begun, at } = trained();
    const done = sweep.start(['key'], runs);
    await settle();
    expect(begun).toEqual(['one']);
    at('one', 'paused');
    await settle();
    expect(begun).toEqual(['one']);
    at('one', 'finished');
    await settle();
    expect(sweep.store.getState().at).toBe(1);
    at('two', 'diverged');
    await settle();
    at('three', 'finished');
    await done;
    expect(sweep.store.getState()).toMatchObject({
      at: null,
      problem: null,
      cells: [{ run: 'one' }, { run: 'two' }, { run: 'three' }],
    });
  });

  it('ends when another run is opened, and says so', async () => {
    const { sweep, begun, at } = trained();
    const done = sweep.start(['key'], runs);
    await settle();
    at('another', 'paused');
    await done;
    expect(begun).toEqual(['one']);
    expect(sweep.store.getState().problem).toContain('Another run');
  });

  it('goes on where it was interrupted, in the run that it had begun', async () => {
    const { sweep, begun, at } = trained();
    sweep.store.setState({
      keys: ['key'],
      cells: runs.map(({ name, values }, i) => ({ name, values, run: i < 2 ? name : null })),
    });
    const rest = restOfSweep(sweep.store.getState().cells, kept('finished', 'running'), NONE);
    expect(rest).toEqual({ from: 1, begun: 'two' });
    const done = sweep.goOn(runs, rest!);
    await settle();
    expect(begun).toEqual(['two on']);
    at('two', 'finished');
    await settle();
    at('three', 'finished');
    await done;
    expect(begun).toEqual(['two on', 'three']);
    const { cells } = sweep.store.getState();
    expect(cells.map(({ run }) => run)).toEqual(['one', 'two', 'three']);
    expect(restOfSweep(cells, kept('finished', 'finished', 'diverged'), NONE)).toBeNull();
  });

  it('has left what no step of is kept, and nothing of what was deleted since', () => {
    const cells = runs.map(({ name, values }) => ({ name, values, run: name }));
    expect(restOfSweep(cells, kept('finished', 'finished'), NONE)).toEqual({ from: 2, begun: null });
    expect(restOfSweep(cells, kept('finished', 'finished', 'finished').slice(2), NONE)).toBeNull();
    expect(restOfSweep([], [], NONE)).toBeNull();
    // The run that is open knows of its end before the list has it.
    const open = { manifest: { id: 'three' } as SweptRun['manifest'], phase: 'finished' } as const;
    expect(restOfSweep(cells, kept('finished', 'finished'), open)).toBeNull();
  });

  it('ends after the run that trains when it is told to, and at one that can’t be made', async () => {
    const told = trained();
    const done = told.sweep.start(['key'], runs);
    await settle();
    told.sweep.stop();
    told.at('one', 'finished');
    await done;
    expect(told.begun).toEqual(['one']);
    expect(told.sweep.store.getState().problem).toBeNull();
    const failing = trained(['one']);
    await failing.sweep.start(['key'], runs);
    expect(failing.sweep.store.getState().problem).toBe('one could not be made: No room.');
  });
});
