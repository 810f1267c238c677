/** The session against workers that are played by handlers in the test. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeSafetensors } from '../../src/formats/safetensors.ts';
import { MemoryHome } from '../../src/runs/homes/memory-home.ts';
import type { RunManifest } from '../../src/runs/manifest.ts';
import { RunFolder } from '../../src/runs/run-folder.ts';
import { WorkerDiedError } from '../../src/workers/rpc.ts';
import { statusText } from '../panels/training/status-text.ts';
import { errorsOf } from '../stores/config.ts';
import { suggestionTexts } from '../texts/suggestions.ts';
import { changeOf } from './run-changes.ts';
import type { Session } from './session.ts';
import { suggestions, takeBack, tryOut } from './suggestions.ts';
import {
  eventually,
  fakeWorkers,
  predictions,
  schemas,
  sessionWith,
  step,
  weightsFile,
} from './testing-workers.ts';
import { keptRunsIn } from './testing.ts';

let workers: ReturnType<typeof fakeWorkers>;
let session: Session;

beforeEach(() => {
  workers = fakeWorkers();
  session = sessionWith(workers);
});
afterEach(() => workers.close());

describe('Session', () => {
  it('prepares a run that is paused at step 0 and watches the sample tweets', async () => {
    expect(await session.prepare()).toBe(true);
    expect(session.run.getState()).toMatchObject({ phase: 'paused', step: 0, failure: null });
    expect(workers.calls).toEqual(['watch']);
    expect(workers.specs[0]).toMatchObject({ start: { kind: 'fresh' }, files: { train: [] } });
    expect(workers.specs[0]?.manifest.recipe).toMatchObject({
      data: { kind: 'teacher', preset: 'easy' },
      seeds: { weights: 1, data: 1 },
    });
  });

  it('names what has changed since the run was prepared', async () => {
    await session.prepare();
    expect(session.draft.getState().changes).toEqual([]);
    const { setText, text } = session.config.getState();
    setText(text.replace('num_train_steps: 1500', 'num_train_steps: 3'));
    session.settings.getState().set({ seed: 9 });
    session.data.getState().choose({ teacher: 'noise' });
    const { changes } = session.draft.getState();
    expect(changes).toEqual(
      expect.arrayContaining([
        'training.num_train_steps: 1500 → 3',
        'seeds.weights: 1 → 9',
        'data.preset: easy → noise',
      ]),
    );
  });

  it('takes over edits by itself only while nothing was trained or imported', async () => {
    await session.prepare();
    session.settings.getState().set({ seed: 2 });
    await session.train();
    expect(workers.specs.map(({ manifest }) => manifest.recipe.seeds.weights)).toEqual([1, 2]);
    expect(workers.calls.at(-1)).toBe('resume');

    await session.importWeights(weightsFile(session));
    session.settings.getState().set({ seed: 3 });
    await session.train();
    expect(workers.specs).toHaveLength(3);
    expect(workers.specs.at(-1)).toMatchObject({
      start: { kind: 'weights' },
      manifest: { recipe: { warmStart: { name: 'mine.safetensors' } } },
    });
  });

  it('counts the content of own files into the manifest, and takes no other file for them', async () => {
    const file = new File(['abc'], 'mine.tfrecord');
    session.data.getState().setFiles([file]);
    await session.prepare();
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    const known = () => session.run.getState().manifest?.recipe.data;
    await eventually(() =>
      expect(known()).toMatchObject({ files: [{ name: 'mine.tfrecord', sha256: abc }] }),
    );
    expect(session.draft.getState().changes).toEqual([]);
    await session.prepare();
    await eventually(() => expect(known()).toMatchObject({ files: [{ sha256: abc }] }));
  });

  it('says what was done to weights to make them fit', async () => {
    await session.prepare();
    expect(await session.importWeights(weightsFile(session, 'module.'))).toEqual({
      step: 0,
      notes: ['"module." was taken off the names of the tensors.'],
    });
  });

  it('does not take the order of imported weights for an untrained one', async () => {
    await session.prepare();
    workers.emit('watched', { step: 0, predictions: predictions(0.25) });
    await eventually(() => expect(session.ranking.getState().untrained).not.toBeNull());
    await session.importWeights(weightsFile(session));
    workers.emit('watched', { step: 0, predictions: predictions(0.5) });
    await eventually(() => expect(session.ranking.getState().now?.probabilities[0]).toBe(0.5));
    expect(session.ranking.getState().untrained).toBeNull();
  });

  it('says what a file that does not fit has, and leaves the run as it is', async () => {
    await session.prepare();
    const { manifest } = session.run.getState();
    await expect(session.importWeights(new File([], 'bad.safetensors'))).rejects.toThrow('0 bytes');
    const other = new File([writeSafetensors(new Map())], 'other.safetensors');
    await expect(session.importWeights(other)).rejects.toThrow(/missing/);
    expect(workers.specs).toHaveLength(1);
    expect(session.run.getState()).toMatchObject({ manifest, phase: 'paused' });
  });

  it('is called after the suggestion that it tries, as long as that stands', async () => {
    await session.prepare();
    const [suggestion] = suggestions;
    if (!suggestion) throw new Error('a suggestion');
    const tried = tryOut(suggestion, null, session);
    session.page.getState().setTried(tried);
    await session.prepare();
    expect(workers.specs.at(-1)?.manifest.name).toBe(suggestionTexts[suggestion.id].words);
    if (tried) takeBack(tried, session);
    await session.prepare();
    expect(workers.specs.at(-1)?.manifest.name).not.toBe(suggestionTexts[suggestion.id].words);
  });

  it('shows the run before beside one that tries a suggestion, with the key that changed; others begin from the same run', async () => {
    const home = new MemoryHome();
    session = sessionWith(workers, undefined, { runs: keptRunsIn(home) });
    /** Of the run that is open, as its worker would keep it. */
    const keep = async (): Promise<RunManifest> => {
      const { manifest } = session.run.getState();
      if (!manifest) throw new Error('a run is open');
      (await RunFolder.create(home, manifest.id, manifest)).close();
      workers.emit('steps', [step(0)]);
      await eventually(() => expect(session.run.getState().step).toBe(1));
      return manifest;
    };
    const [serial, rate, batch] = suggestions;
    if (!serial || !rate || !batch) throw new Error('three suggestions');
    const { setTried } = session.page.getState();
    const chosen = (): readonly string[] => session.comparison.store.getState().chosen;
    await session.prepare();
    const first = await keep();
    setTried(tryOut(serial, null, session));
    await session.restart();
    expect(chosen()).toEqual([first.id]);
    const second = await keep();
    expect(second.parent).toEqual({ run: first.id, step: 0 });
    const shown = [second, ...session.comparison.store.getState().runs.map(({ manifest }) => manifest)];
    expect(changeOf(second, shown)).toBe('model.backbone.mask_net_config.use_parallel: true → false');
    expect(changeOf(first, shown)).toBeNull();

    // In its place, and after it was taken back, another one is seen beside the same run.
    setTried(tryOut(rate, session.page.getState().tried, session));
    await session.restart();
    const third = await keep();
    expect([third.parent?.run, chosen()]).toEqual([first.id, [first.id]]);
    const { tried } = session.page.getState();
    if (tried) takeBack(tried, session);
    setTried(tryOut(batch, null, session));
    await session.restart();
    expect([session.run.getState().manifest?.parent?.run, chosen()]).toEqual([first.id, [first.id]]);
    expect(changeOf(await keep(), shown)).toBe('train_data.global_batch_size: 128 → 32');
  });

  it('takes the name and the note of the run that is open to its own worker, which writes it, and back', async () => {
    await session.prepare();
    const { manifest } = session.run.getState();
    if (!manifest) throw new Error('a run is open');
    await session.library.label(manifest, 'Mine', 'a note');
    expect(workers.calls.at(-1)).toBe('label');
    expect(session.run.getState().manifest).toMatchObject({ id: manifest.id, name: 'Mine', note: 'a note' });
    await session.history.undo();
    expect(session.run.getState().manifest).toMatchObject({ name: manifest.name, note: manifest.note });
    expect(session.library.store.getState().problem).toBeNull();
  });

  it('takes nothing of an old run once another one begins', async () => {
    await session.prepare();
    const old = workers.specs[0]?.manifest.id ?? '';
    workers.emit('steps', [step(0)]);
    await eventually(() => expect(session.run.getState().step).toBe(1));
    await session.restart();
    const event = { step: 400, partition: 'validation', stratum: null, examples: 1, loss: { kind: 'value', value: 1 }, tasks: [] } as const; // prettier-ignore
    workers.emit('steps', [step(399)], old);
    workers.emit('evaluation', event, old);
    workers.emit('checkpoint', { step: 400, loss: 1, kept: [400] }, old);
    workers.emit('watched', { step: 400, predictions: predictions(0.5) }, old);
    workers.emit('diverged', { step: 400, what: 'loss', tasks: [], advice: 'old', restorable: [] }, old);
    workers.emit('phase', { phase: 'failed', step: 400, message: 'old' }, old);
    workers.emit('steps', [step(0), step(1)]);
    await eventually(() => expect(session.run.getState().step).toBe(2));
    expect(session.run.getState()).toMatchObject({
      evaluations: [],
      checkpoints: [],
      divergence: null,
      failure: null,
      manifest: { parent: { run: old, step: 0 } },
    });
    expect([...(session.run.getState().series?.steps ?? [])]).toEqual([0, 1]);
    expect(session.ranking.getState().now).toBeNull();
  });

  it('says why a run could not be prepared, and that a worker has died', async () => {
    workers.refuse.prepare = new Error('no such column');
    expect(await session.prepare()).toBe(false);
    expect(session.run.getState().failure).toEqual({ kind: 'prepare', message: 'no such column' });

    workers.refuse.prepare = null;
    await session.prepare();
    // While a run trains nothing is asked of the worker: its death is heard all the same.
    session.run.getState().setActivity({ kind: 'saving', what: null, done: 0, total: null }, 0);
    workers.training.die(new WorkerDiedError('The worker stopped.'));
    expect(statusText(session.run.getState())).toBe('Failed');
    expect(session.run.getState()).toMatchObject({ phase: 'failed', failure: { kind: 'worker' } });
  });

  it('asks for the data schema that the configuration names, at its place, and takes it when it comes', () => {
    const stop = session.start();
    const { setText, text } = session.config.getState();
    const changed = text.replace('playground-segdense.json', 'mine.json');
    setText(changed);
    const [problem] = errorsOf(session.config.getState().problems);
    expect(problem?.message).toMatch(/mine\.json.*data panel/);
    expect(changed.slice(problem?.from, problem?.to)).toBe('mine.json');
    expect(session.config.getState().valid?.text).toBe(text);

    const schema = schemas.get('playground-segdense.json')!;
    session.data.getState().set({ ownSchema: { name: 'mine.json', schema } });
    expect(session.config.getState().problems).toEqual([]);
    expect(session.config.getState().valid?.text).toBe(changed);
    stop();
  });

  it('shows what the data has against the configuration at its place, and keeps the last valid one', () => {
    const { setText, text } = session.config.getState();
    const unfit = text.replace('continuous_feature_truncation: 96', 'continuous_feature_truncation: 960');
    setText(unfit);
    const [problem] = errorsOf(session.config.getState().problems);
    expect(unfit.slice(problem?.from, problem?.to)).toBe('960');
    expect(problem?.message).toContain('more than the 128');
    expect(session.draft.getState().recipe?.config).toBe(text);
  });

  it('counts a Step that is pressed before it is known which run was open', async () => {
    const stop = session.start();
    expect(session.run.getState().starting).toBe(true);
    await session.step();
    expect(session.run.getState().starting).toBe(false);
    expect(workers.specs).toHaveLength(1);
    expect(workers.calls.filter((call) => call === 'step')).toHaveLength(1);
    stop();
  });

  it('collects steps for a frame', async () => {
    await session.prepare();
    workers.emit('steps', [step(0), step(1)]);
    workers.emit('steps', [step(2)]);
    await eventually(() => expect(session.run.getState().step).toBe(3));
    expect([...(session.run.getState().series?.steps ?? [])]).toEqual([0, 1, 2]);
  });
});
