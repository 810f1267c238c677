/** Undo and redo over the page's own stores: every kind of edit, in any order. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import type { Session } from './session.ts';
import { memoryRun, storesOnly } from './testing.ts';

/** All that a person edits. */
function state({ config, data, settings, scoring, tweets }: Session) {
  const { name, original, text, valid } = config.getState();
  const { seed, engine, halfWeights, noisyShifts } = settings.getState();
  const given = data.getState();
  const { weights, ownWeights, headWeights, preset, steps } = scoring.getState();
  const { set, ownSets, edits, added } = tweets.getState();
  return structuredClone({
    config: { name, original, text, inForce: valid?.text },
    settings: { seed, engine, halfWeights, noisyShifts },
    data: {
      kind: given.kind,
      teacher: given.teacher,
      seed: given.seed,
      rawLabels: given.rawLabels,
      examples: given.examples,
      text: given.teacherText,
      settings: given.teacherConfig,
      files: given.files.map((file) => file.name),
    },
    scoring: { weights, ownWeights, headWeights, preset, steps },
    tweets: { set, ownSets, edits, added },
  });
}

type Edit = (session: Session, n: number) => void;

const short = 'training: {num_train_steps: 3}';
const tweetOf = ({ ranking }: Session, n: number) => {
  const { tweets } = ranking.getState();
  const tweet = tweets[n % tweets.length];
  if (!tweet) throw new Error('no tweets');
  return tweet;
};

/** One of each kind. `n` varies what it does. */
const edits: Readonly<Record<string, Edit>> = {
  typing: ({ config }, n) => config.getState().setText(`${short}\n# ${n}\n`),
  breaking: ({ config }, n) => config.getState().setText(`model: [${n}`),
  preset: ({ config }, n) => config.getState().choosePreset(n % 2 === 0 ? 'serial.yaml' : 'share-none.yaml'),
  opening: ({ config }, n) => config.getState().open(`mine-${n}.yaml`, `${short}\n# mine ${n}\n`),
  resetting: ({ config }) => config.getState().reset(),
  seed: ({ settings }, n) => settings.getState().set({ seed: n }),
  engine: ({ settings }, n) => settings.getState().set({ engine: n % 2 === 0 ? 'tfjs-wasm' : 'tfjs-cpu' }),
  source: ({ data }, n) =>
    data.getState().choose(n % 2 === 0 ? { kind: 'uniform' } : { kind: 'teacher', teacher: 'noise' }),
  teacher: ({ data }, n) => data.getState().setTeacherText(`effect_size: ${n % 6}\n`),
  files: ({ data }, n) => data.getState().setFiles([new File(['x'], `part-${n}.tfrecord`)]),
  dataSeed: ({ data }, n) => data.getState().choose({ seed: n, examples: n % 2 === 0 ? null : 1000 }),
  weight: ({ scoring }, n) => scoring.getState().setWeight('recap.engagement.is_favorited', n / 8),
  weights: ({ scoring }, n) => scoring.getState().chooseWeights(n % 2 === 0 ? '2023-03-31' : '2023-04-05'),
  ownWeights: ({ scoring }, n) => scoring.getState().saveWeights(`Mine ${n}`),
  heuristics: ({ scoring }, n) => scoring.getState().choosePreset(n % 2 === 0 ? '2023-07' : 'none'),
  step: ({ scoring }, n) =>
    scoring
      .getState()
      .steps.slice(0, 1)
      .forEach(({ id }) => {
        scoring.getState().setStep(id, { enabled: n % 2 === 0 });
      }),
  tweet: (session, n) => {
    const tweet = tweetOf(session, n);
    session.tweets.getState().edit(tweet.id, { ...tweet, text: `Edited ${n}` });
  },
  ownTweet: (session, n) => void session.tweets.getState().add({ ...tweetOf(session, n), id: `own-${n}` }),
  ownSet: (session, n) => session.tweets.getState().saveAs(`Set ${n}`, [tweetOf(session, n)]),
  together: (session, n) =>
    session.history.together('both', () => {
      session.settings.getState().set({ seed: n + 1 });
      session.config.getState().setText(`${short}\n# both ${n}\n`);
    }),
};

const sequence = fc.array(fc.tuple(fc.constantFrom(...Object.keys(edits)), fc.nat(30)), {
  minLength: 1,
  maxLength: 9,
});

describe('undo', () => {
  it('restores after each edit exactly the state before it, back to the first, and redo the way there', async () => {
    await fc.assert(
      fc.asyncProperty(sequence, async (list) => {
        const session = storesOnly({ clock: apart() });
        const { history } = session;
        const before = state(session);
        let edited = 0;
        for (const [kind, n] of list) {
          const former = state(session);
          edits[kind]?.(session, n);
          history.seal();
          const then = state(session);
          if (history.store.getState().past.length === edited) {
            expect(then).toEqual(former);
            continue;
          }
          edited++;
          await history.undo();
          expect(state(session)).toEqual(former);
          await history.redo();
          expect(state(session)).toEqual(then);
        }
        const after = state(session);
        while (await history.undo());
        expect(state(session)).toEqual(before);
        while (await history.redo());
        expect(state(session)).toEqual(after);
      }),
      { seed: 12, numRuns: 10 },
    );
  });

  it('takes typing back at once, and a pause apart', async () => {
    let now = 0;
    const session = storesOnly({ clock: () => now });
    const { history, config } = session;
    const first = config.getState().text;
    const type = (text: string, pause: number): void => {
      now += pause;
      config.getState().setText(text);
      history.seal();
    };
    for (const text of ['a', 'ab', 'abc']) type(text, 100);
    type('abc d', 2000);
    await history.undo();
    expect(config.getState().text).toBe('abc');
    await history.undo();
    expect(config.getState().text).toBe(first);
    expect(await history.undo()).toBe(false);
    await history.redo();
    expect(config.getState().text).toBe('abc');
    type('another', 2000);
    expect(history.redoable()).toBeNull();
  });

  it("an editor takes back its own part's edits, but never one that others rest on", async () => {
    const session = storesOnly({ clock: apart() });
    const { history, config, settings } = session;
    const text = (): string => config.getState().text;
    const first = text();
    config.getState().setText('a');
    history.seal();
    settings.getState().set({ seed: 5 });
    history.seal();
    await history.undo('config');
    expect([text(), settings.getState().seed]).toEqual([first, 5]);
    await history.redo('config');
    history.together('both', () => {
      config.getState().setText('b');
      settings.getState().set({ seed: 6 });
    });
    settings.getState().set({ seed: 7 });
    history.seal();
    await history.undo('config');
    expect([text(), settings.getState().seed]).toEqual(['b', 6]);
    await history.undo('config');
    expect([text(), settings.getState().seed]).toEqual(['a', 5]);
  });

  it('closes an edit at the end of the turn', async () => {
    const session = storesOnly({ clock: apart() });
    session.settings.getState().set({ seed: 5 });
    session.data.getState().choose({ seed: 6 });
    await Promise.resolve();
    expect(session.history.store.getState().past).toHaveLength(1);
    session.settings.getState().set({ smoothing: 0.1, theme: 'dark' });
    await Promise.resolve();
    expect(session.history.store.getState().past).toHaveLength(1);
  });
});

describe('deletions', () => {
  let session: Session;
  beforeAll(async () => {
    session = await memoryRun(['First', 'Second']);
    await session.library.refresh();
  });
  const names = (): string[] =>
    (session.library.store.getState().runs ?? []).map(({ manifest }) => manifest.name).toSorted();

  it('of runs come back in the order in which they went, and go again', async () => {
    const [second, first] = (session.library.store.getState().runs ?? []).map(({ manifest }) => manifest);
    if (!first || !second) throw new Error('two runs were made');
    await session.library.remove(first);
    await session.library.remove(second);
    expect(names()).toEqual([]);
    expect(session.history.undoable()).toBe(`deletion of ${second.name}`);
    await session.history.undo();
    expect(names()).toEqual([second.name]);
    await session.history.undo();
    expect(names()).toEqual(['First', 'Second']);
    await session.history.redo();
    expect(names()).toEqual([second.name]);
    await session.history.undo();
  });

  it("are taken back by the notice's button too, once", async () => {
    const [run] = (session.library.store.getState().runs ?? []).map(({ manifest }) => manifest);
    if (!run) throw new Error('a run was made');
    await session.library.remove(run);
    session.settings.getState().set({ seed: 77 });
    session.history.seal();
    await session.library.bringBack();
    expect(names()).toEqual(['First', 'Second']);
    expect(session.library.store.getState().removed).toBeNull();
    expect(session.history.undoable()).toBe('seed');
  });

  it('of names too', async () => {
    const [run] = (session.library.store.getState().runs ?? []).map(({ manifest }) => manifest);
    if (!run) throw new Error('a run was made');
    await session.library.label(run, 'Another name', '');
    expect(names()).toContain('Another name');
    await session.history.undo();
    expect(names()).toEqual(['First', 'Second']);
  });
});

/** A clock whose every reading lies far from the last: nothing is joined. */
function apart(): () => number {
  let now = 0;
  return () => (now += 10_000);
}
