/** Undo and redo over the page's own stores: every kind of edit, in any order. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeDataSchema } from '../../src/data/make-data-schema.ts';
import { scenarios } from '../../src/ranking/scenarios/index.ts';
import { GOOD_CLICK, publishedWeights } from '../../src/ranking/score-weights.ts';
import { bundleRankingText } from '../../src/runs/bundle-ranking.ts';
import type { OwnTable } from '../stores/data.ts';
import { tweetsShown } from '../stores/tweets.ts';
import { bundledRanking, putBundledRanking } from './bundle-ranking.ts';
import type { Session } from './session.ts';
import { suggestions, takeBack, tryOut } from './suggestions.ts';
import { apart, memoryRun, storesOnly } from './testing.ts';
import { stillStands } from './tried.ts';

/** All that a person edits. */
function state({ config, data, settings, scoring, tweets, library }: Session) {
  const { name, original, text, valid } = config.getState();
  const { seed, engine, halfWeights, noisyShifts } = settings.getState();
  const given = data.getState();
  const { weights, ownWeights, headSet, preset, steps } = scoring.getState();
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
      table: given.table?.name,
      tableFile: given.tableFile?.name,
      schema: given.ownSchema?.name,
      masks: [...given.ownMasks],
    },
    scoring: { weights, ownWeights, headSet, preset, steps },
    tweets: { set, ownSets, edits, added },
    runs: (library.store.getState().runs ?? []).map(({ manifest: { id, name: called, note } }) => ({
      id,
      called,
      note,
    })),
  });
}

/** A promise where more than a store is changed. */
type Edit = (session: Session, n: number) => void | Promise<void>;

const short = 'training: {num_train_steps: 3}';
const tweetOf = ({ ranking }: Session, n: number) => {
  const { tweets } = ranking.getState();
  const tweet = tweets[n % tweets.length];
  if (!tweet) throw new Error('no tweets');
  return tweet;
};

const tableOf = (n: number): OwnTable => ({
  name: `table-${n}.csv`,
  size: n,
  columns: { heads: [], columns: [] } as unknown as OwnTable['columns'],
  schema: { name: 'schema', schema: makeDataSchema([]) },
  counts: null,
});

/** One of each kind. `n` varies what it does. */
const edits: Readonly<Record<string, Edit>> = {
  typing: ({ config }, n) => config.getState().setText(`${short}\n# ${n}\n`),
  breaking: ({ config }, n) => config.getState().setText(`model: [${n}`),
  preset: ({ config }, n) => config.getState().choosePreset(n % 2 === 0 ? 'serial.yaml' : 'share-none.yaml'),
  opening: ({ config }, n) => config.getState().open(`mine-${n}.yaml`, `${short}\n# mine ${n}\n`),
  resetting: ({ config }) => config.getState().reset(),
  seed: ({ settings }, n) => settings.getState().set({ seed: n }),
  engine: ({ settings }, n) => settings.getState().set({ engine: n % 2 === 0 ? 'tfjs-wasm' : 'tfjs-cpu' }),
  halfWeights: ({ settings }) => settings.getState().set({ halfWeights: !settings.getState().halfWeights }),
  noisyShifts: ({ settings }) => settings.getState().set({ noisyShifts: !settings.getState().noisyShifts }),
  rawLabels: ({ data }) => data.getState().choose({ rawLabels: !data.getState().rawLabels }),
  suggestion: (session, n) => {
    const suggestion = suggestions[n % suggestions.length];
    if (suggestion)
      session.page.getState().setTried(tryOut(suggestion, session.page.getState().tried, session));
  },
  suggestionTakenBack: (session) => {
    const { tried } = session.page.getState();
    if (tried && stillStands(tried, session)) takeBack(tried, session);
  },
  source: ({ data }, n) =>
    data.getState().choose(n % 2 === 0 ? { kind: 'uniform' } : { kind: 'teacher', teacher: 'noise' }),
  teacherValue: ({ data }, n) => data.getState().setTeacherValue(['effect_size'], n / 10),
  table: ({ data }, n) => data.getState().setTable(tableOf(n), new File(['a,b'], `table-${n}.csv`)),
  schema: ({ data }, n) =>
    data.getState().set({ ownSchema: { name: `schema-${n}.json`, schema: tableOf(n).schema.schema } }),
  masks: ({ data }, n) => data.getState().set({ ownMasks: new Map([[`mask-${n}.npy`, Int32Array.of(n)]]) }),
  teacher: ({ data }, n) => data.getState().setTeacherText(`effect_size: ${n % 6}\n`),
  files: ({ data }, n) => data.getState().setFiles([new File(['x'], `part-${n}.tfrecord`)]),
  dataSeed: ({ data }, n) => data.getState().choose({ seed: n, examples: n % 2 === 0 ? null : 1000 }),
  weight: ({ scoring }, n) => scoring.getState().setWeight('recap.engagement.is_favorited', n / 8),
  weights: ({ scoring }, n) => scoring.getState().chooseWeights(n % 2 === 0 ? '2023-03-31' : '2023-04-05'),
  ownWeights: ({ scoring }, n) => scoring.getState().saveWeights(`Mine ${n}`),
  ownWeightsDeleted: ({ scoring }) => {
    const { ownWeights, removeWeights } = scoring.getState();
    ownWeights.slice(0, 1).forEach(({ id }) => removeWeights(id));
  },
  weightsReset: ({ scoring }) => scoring.getState().resetWeights(),
  addWeights: ({ scoring }, n) =>
    scoring.getState().addWeights({ ...publishedWeights('2023-03-31'), label: `File ${n}` }),
  headWeight: ({ scoring }, n) => scoring.getState().setWeight('a head of my own', n),
  headSet: ({ scoring }, n) => scoring.getState().saveWeights(`Heads ${n}`, ['a head of my own']),
  headSetReset: ({ scoring }) => scoring.getState().resetWeights(['a head of my own']),
  headSetChosen: ({ scoring }) => scoring.getState().chooseWeights('equal', ['a head of my own']),
  bundledRanking: (session, n) => {
    const text = bundleRankingText(
      {
        weights: { set: '2023-03-31' },
        tweets: { set: 'all', changes: { [tweetOf(session, n).id]: { text: `${n}` } } },
      },
      'test',
    );
    const ranking = bundledRanking({ path: 'ranking.json', text }, session);
    session.history.together('ranking', () => putBundledRanking(ranking, session));
  },
  constant: ({ scoring }, n) => {
    const { steps, setConstant } = scoring.getState();
    for (const { id, constants } of steps.slice(0, 1)) {
      Object.keys(constants).forEach((name) => setConstant(id, name, n / 31));
    }
  },
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
  tweetReset: (session, n) => session.tweets.getState().reset(tweetOf(session, n).id),
  tweetsReset: ({ tweets }) => tweets.getState().resetAll(),
  ownTweetDeleted: ({ tweets }) => {
    const { remove } = tweets.getState();
    tweetsShown(tweets.getState())
      .filter(({ added }) => added)
      .slice(0, 1)
      .forEach(({ key }) => remove(key));
  },
  ownSetDeleted: ({ tweets }) => {
    const { ownSets, removeSet } = tweets.getState();
    ownSets.slice(0, 1).forEach(({ id }) => removeSet(id));
  },
  scenario: ({ tweets }, n) => tweets.getState().choose(n % 2 === 0 ? 'all' : (scenarios[0]?.id ?? '')),
  runDeleted: async ({ library }, n) => {
    const { runs } = library.store.getState();
    const run = runs?.[n % runs.length];
    if (run) await library.remove(run.manifest);
  },
  runNamed: async ({ library }, n) => {
    const { runs } = library.store.getState();
    const run = runs?.[n % runs.length];
    if (run) await library.label(run.manifest, `Run ${n}`, n % 2 === 0 ? '' : `Note ${n}`);
  },
  ownTweet: (session, n) => void session.tweets.getState().add({ ...tweetOf(session, n), id: `own-${n}` }),
  ownSet: (session, n) => session.tweets.getState().saveAs(`Set ${n}`, [tweetOf(session, n)]),
  together: (session, n) =>
    session.history.together('both', () => {
      session.settings.getState().set({ seed: n + 1 });
      session.config.getState().setText(`${short}\n# both ${n}\n`);
    }),
};

/** First something of each kind that can be deleted. */
const OWN: readonly (readonly [string, number])[] = [
  ['ownWeights', 1],
  ['ownSet', 1],
  ['ownTweet', 1],
  ['tweet', 3],
  ['heuristics', 0],
  ['weight', 5],
  ['headWeight', 3],
  ['suggestion', 0],
];
const kinds = Object.keys(edits);
const sequence = fc
  .tuple(
    fc.shuffledSubarray(kinds, { minLength: 11, maxLength: 14 }),
    fc.array(fc.nat(30), { minLength: 14, maxLength: 14 }),
  )
  .map(([list, numbers]) => [...OWN, ...list.map((kind, i) => [kind, numbers[i] ?? 0] as const)]);

describe('undo', () => {
  it('restores after each edit exactly the state before it, back to the first, and redo the way there', async () => {
    const effective = new Set<string>();
    await fc.assert(
      fc.asyncProperty(sequence, async (list) => {
        const session = await memoryRun(['First', 'Second'], { clock: apart() });
        await session.library.refresh();
        const { history } = session;
        const before = state(session);
        let edited = 0;
        for (const [kind, n] of list) {
          const former = state(session);
          await edits[kind]?.(session, n);
          history.seal();
          const then = state(session);
          if (history.store.getState().past.length === edited) {
            expect(then).toEqual(former);
            continue;
          }
          edited++;
          effective.add(kind);
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
      { seed: 14, numRuns: 16 },
    );
    expect([...effective].toSorted()).toEqual(kinds.toSorted());
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

  it('takes a slider back at once, whatever it moves, and another one apart', async () => {
    let now = 0;
    const session = storesOnly({ clock: () => now });
    const { history, scoring } = session;
    const first = state(session);
    const move = (work: (state: ReturnType<typeof scoring.getState>) => void): void => {
      now += 100;
      work(scoring.getState());
      history.seal();
    };
    scoring.getState().choosePreset('2023-07');
    scoring.getState().chooseWeights('2023-03-31');
    history.seal();
    now += 2000;
    const steps = history.store.getState().past.length;
    for (const value of [1, 2, 3]) move((to) => to.setWeight('recap.engagement.is_favorited', value));
    for (const value of [1, 2, 3]) move((to) => to.setWeight(GOOD_CLICK, value));
    for (const value of [2, 3, 4]) move((to) => to.setWeight('buys', value, ['buys', 'leaves']));
    for (const value of [2, 3, 4]) move((to) => to.setWeight('leaves', value, ['buys', 'leaves']));
    for (const value of [0.5, 0.6]) move((to) => to.setConstant('reply', 'factor', value));
    for (const value of [0.3, 0.2]) move((to) => to.setConstant('author_diversity', 'decay', value));
    for (const enabled of [false, true]) move((to) => to.setStep('reply', { enabled }));
    expect(history.store.getState().past.length - steps).toBe(8);
    while (await history.undo());
    expect(state(session)).toEqual(first);
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

  it('of what stands in the charts, is chosen and compared with leave no trace, and come back as they stood', async () => {
    const { library, comparison } = session;
    const [second, first] = (library.store.getState().runs ?? []).map(({ manifest }) => manifest);
    if (!first || !second) throw new Error('two runs were made');
    for (const { id } of [first, second]) {
      await comparison.toggle(id);
      library.mark(id, true);
    }
    library.store.getState().set({ baseline: first.id });
    const shown = () => {
      const { chosen, runs } = comparison.store.getState();
      const { marked, baseline } = library.store.getState();
      return {
        chosen,
        drawn: runs.map(({ manifest }) => manifest.name),
        marked: marked.toSorted(),
        baseline,
      };
    };
    const before = shown();
    expect(before.drawn).toEqual([first.name, second.name]);
    await library.remove(first);
    expect(shown()).toEqual({
      chosen: [second.id],
      drawn: [second.name],
      marked: [second.id],
      baseline: null,
    });
    await session.history.undo();
    expect(shown()).toEqual(before);
    await library.label(first, 'In the legend', '');
    expect(shown().drawn).toEqual(['In the legend', second.name]);
    await session.history.undo();
    expect(shown()).toEqual(before);
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
