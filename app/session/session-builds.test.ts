/** Which runs the session builds by itself, and where it stands after a divergence. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitingText } from '../panels/ranking/waiting-text.ts';
import { statusText } from '../panels/training/status-text.ts';
import { MemoryHome } from '../../src/runs/homes/memory-home.ts';
import { RunFolder } from '../../src/runs/run-folder.ts';
import type { RunManifest } from '../../src/runs/manifest.ts';
import type { Session } from './session.ts';
import { keptRunsIn } from './testing.ts';
import {
  eventually,
  fakeWorkers,
  predictions,
  preset,
  production,
  sessionWith,
  step,
  weightsFile,
} from './testing-workers.ts';

let workers: ReturnType<typeof fakeWorkers>;
let session: Session;

beforeEach(() => {
  workers = fakeWorkers();
  session = sessionWith(workers);
});
afterEach(() => workers.close());

describe('a model too large to build unasked', () => {
  const status = () => statusText(session.run.getState());

  it('is left to Train after a change, and the way back needs nothing', async () => {
    const stop = session.start();
    await eventually(() => expect(session.run.getState().phase).toBe('paused'));
    session.config.getState().choosePreset('local_prod.yaml');
    await eventually(() => expect(session.run.getState().unbuilt).toBe(48_115_108));
    expect(workers.specs).toHaveLength(1);
    expect(status()).toContain('press Train');
    expect(waitingText(session.run.getState())).toMatch(/48\.1M parameters.*press Train/);

    session.config.getState().choosePreset('playground.yaml');
    await eventually(() => expect(session.run.getState().unbuilt).toBeNull());
    expect(workers.specs).toHaveLength(1);
    expect(status()).toBe('Ready, untrained');

    session.config.getState().choosePreset('local_prod.yaml');
    await session.train();
    expect(workers.specs).toHaveLength(2);
    expect(session.run.getState().unbuilt).toBeNull();
    expect(workers.calls.at(-1)).toBe('resume');
    stop();
  });

  it('is left to Train after a reload, and a smaller one is built by itself', async () => {
    session = sessionWith(workers, [production, preset]);
    const stop = session.start();
    await eventually(() => expect(session.run.getState().unbuilt).toBe(48_115_108));
    expect(session.run.getState().phase).toBe('idle');
    expect(workers.specs).toHaveLength(0);
    expect(status()).toContain('press Train');
    session.config.getState().choosePreset('playground.yaml');
    await eventually(() => expect(session.run.getState().phase).toBe('paused'));
    expect(session.run.getState().unbuilt).toBeNull();
    expect(workers.specs).toHaveLength(1);
    stop();
  });

  it('is replaced by a smaller one by itself once it was built', async () => {
    session = sessionWith(workers, [production, preset]);
    const stop = session.start();
    await session.prepare();
    session.config.getState().choosePreset('playground.yaml');
    await eventually(() => expect(workers.specs).toHaveLength(2));
    stop();
  });

  it('is built for weights that are imported', async () => {
    // Still above the limit, and made in less time.
    const narrower = {
      ...production,
      text: production.text.replaceAll('1024', '256').replaceAll('2048', '512'),
    };
    session = sessionWith(workers, [narrower]);
    const stop = session.start();
    await eventually(() => expect(session.run.getState().unbuilt).not.toBeNull());
    await session.importWeights(weightsFile(session));
    expect(workers.specs).toHaveLength(1);
    expect(session.run.getState().unbuilt).toBeNull();
    stop();
  });
});

describe('after a divergence', () => {
  it('goes back to a checkpoint: paused there, with charts and ranking of that step', async () => {
    await session.prepare();
    workers.emit('steps', [0, 1, 2, 3].map(step));
    workers.emit('checkpoint', { step: 2, loss: 1, kept: [2] });
    workers.emit('diverged', {
      step: 4,
      what: 'loss',
      tasks: [],
      advice: 'lower it',
      restorable: [2],
    });
    workers.emit('phase', { phase: 'diverged', step: 4, message: null });
    await eventually(() => expect(session.run.getState().phase).toBe('diverged'));
    expect(session.run.getState().divergence?.restorable).toEqual([2]);

    await session.restore(2);
    expect(workers.calls.at(-1)).toBe('restore');
    workers.emit('phase', { phase: 'paused', step: 2, message: null });
    workers.emit('watched', { step: 2, predictions: predictions(0.5) });
    await eventually(() => expect(session.ranking.getState().now?.step).toBe(2));
    expect(session.run.getState()).toMatchObject({ phase: 'paused', step: 2, divergence: null });
    expect([...(session.run.getState().series?.steps ?? [])]).toEqual([0, 1]);
  });
});

describe('after the graphics device was lost for good', () => {
  /** A session whose run is in this browser. */
  async function kept(): Promise<RunManifest> {
    const home = new MemoryHome();
    session = sessionWith(workers, [preset], { runs: keptRunsIn(home) });
    await session.prepare();
    const { manifest } = session.run.getState();
    if (!manifest) throw new Error('no run was made');
    (await RunFolder.create(home, manifest.id, manifest)).close();
    return manifest;
  }

  it('goes on from the newest state by the engine that is named, in new workers', async () => {
    const manifest = await kept();
    workers.emit('steps', [0, 1].map(step));
    workers.emit('phase', { phase: 'failed', step: 2, message: 'lost again' });
    await eventually(() => expect(session.run.getState().failure?.message).toBe('lost again'));
    expect(session.run.getState().step).toBe(2);
    await session.revive('tfjs-wasm');
    expect(workers.specs.at(-1)).toMatchObject({
      manifest: { id: manifest.id },
      start: { kind: 'resume', step: null, engine: 'tfjs-wasm' },
    });
    expect(workers.calls.at(-1)).toBe('resume');
    expect(session.run.getState().failure).toBeNull();
  });

  it('looks on where another tab has the run, and says which failures are of that kind', async () => {
    await kept();
    for (const name of ['RunBusyError', 'NoWebGpuError']) {
      workers.refuse.prepare = Object.assign(new Error(name), { name });
      workers.emit('steps', [step(0)]);
      workers.emit('phase', { phase: 'failed', step: 1, message: 'lost' });
      await eventually(() => expect(session.run.getState().failure?.message).toBe('lost'));
      const before = workers.calls.length;
      await session.revive();
      // Nothing is asked of a run that is not there.
      expect(workers.calls.slice(before)).not.toContain('resume');
      expect(session.run.getState()).toMatchObject({
        phase: 'paused',
        readOnly: name,
        busy: name === 'RunBusyError',
        failure: null,
      });
    }
  });
});
