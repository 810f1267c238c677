/** Files let go of on the page: each goes where its kind belongs, or is refused by name and changes nothing. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeTfRecord } from '../../src/formats/tfrecord.ts';
import { writeSafetensors } from '../../src/formats/safetensors.ts';
import { scoreWeightsToYaml } from '../../src/ranking/score-weights-file.ts';
import { publishedWeights } from '../../src/ranking/score-weights.ts';
import { heuristicStepsToJson } from '../../src/ranking/heuristics/presets.ts';
import { heuristicPreset } from '../../src/ranking/heuristics/presets.ts';
import { manifestText, newManifest } from '../../src/runs/new-manifest.ts';
import { sampleTweets } from './built-in.ts';
import { rankingForBundle } from './bundle-ranking.ts';
import { kindOf } from './file-kinds.ts';
import type { FileKind } from './file-kinds.ts';
import { takeFiles } from './take-files.ts';
import { memoryRun, storesOnly } from './testing.ts';
import type { Session } from './session.ts';

const config = (name: string): string =>
  readFileSync(new URL(`../../configs/${name}`, import.meta.url), 'utf8');
const file = (name: string, ...parts: BlobPart[]): File => new File(parts, name);
const record = encodeTfRecord(new Uint8Array([1, 2, 3]));
const manifest = (session: Session) => {
  const { recipe } = session.draft.getState();
  if (!recipe) throw new Error('no recipe');
  return newManifest({ recipe: { ...recipe, seeds: { weights: 8, data: 9 } }, name: 'Theirs', app: 'test' });
};
/** A weight changed and kept as a set of its own, constants changed, a sample tweet edited, a set of tweets kept. */
function rankingOf(session: Session): string {
  const { scoring, tweets, ranking, app } = session;
  scoring.getState().setWeight('recap.engagement.is_favorited', 2.5);
  scoring.getState().saveWeights('Theirs');
  scoring.getState().setWeight('recap.engagement.is_replied', 3);
  scoring.getState().choosePreset('2023-07');
  scoring.getState().setConstant('reply', 'factor', 0.5);
  const [tweet] = ranking.getState().tweets;
  if (!tweet) throw new Error('no tweets');
  tweets.getState().edit(tweet.id, { ...tweet, text: 'An edited tweet.' });
  tweets.getState().saveAs('Ours', [tweet]);
  tweets.getState().edit(`set-1/${tweet.id}`, { ...tweet, text: 'Edited in their set.' });
  const text = rankingForBundle({ scoring, tweets }, app);
  if (text === null) throw new Error('nothing of it is changed');
  return text;
}

const sample: Readonly<Record<FileKind, () => File>> = {
  bundle: () => file('runs.zip', 'PK\x03\x04 and so on'),
  weights: () =>
    file(
      'm.bin',
      new Uint8Array(
        writeSafetensors(new Map([['a', { dtype: 'F32', shape: [1], data: new Float32Array(1) }]])),
      ),
    ),
  config: () => file('mine.yaml', config('serial.yaml')),
  manifest: () => file('m.json', manifestText(manifest(storesOnly()))),
  table: () => file('people.csv', 'a,b\n1,2\n'),
  records: () => file('data', record),
  schema: () => file('schema.json', config('playground-segdense.json')),
  masks: () => file('mask.npy', new Uint8Array([0x93]), 'NUMPY'),
  tweets: () => file('tweets.json', JSON.stringify(sampleTweets.slice(0, 2))),
  scoreWeights: () =>
    file('w.yaml', scoreWeightsToYaml({ ...publishedWeights('2023-03-31'), label: 'Theirs' })),
  heuristics: () => file('steps.json', heuristicStepsToJson(heuristicPreset('2023-07').steps)),
  ranking: () => file('ranking.json', rankingOf(storesOnly())),
  teacher: () => file('teacher.yaml', config('data/noise.yaml')),
};

describe('a kind', () => {
  for (const [kind, make] of Object.entries(sample)) {
    it(`is told by what is in the file: ${kind}`, async () => {
      expect(await kindOf(make())).toEqual({ kind });
    });
  }

  it('goes by the name where the bytes tell too little', async () => {
    expect(await kindOf(file('a.csv.gz', gzipSync('a,b\n')))).toEqual({ kind: 'table' });
    expect(await kindOf(file('part-0.gz', gzipSync(record)))).toEqual({ kind: 'records' });
    expect(await kindOf(file('book.xlsx', 'PK\x03\x04'))).toEqual({ kind: 'table' });
    expect(await kindOf(file('t.parquet', 'PAR1'))).toEqual({ kind: 'table' });
    // Damaged at its start: its reader says where.
    expect(await kindOf(file('x.tfrecord', new Uint8Array([255, 254, 1, 0, 9])))).toEqual({
      kind: 'records',
    });
    expect(await kindOf(file('broken.yaml', 'model: [a'))).toEqual({ kind: 'config' });
    expect(await kindOf(file('rows.txt', 'a\tb\n1\t2\n'))).toEqual({ kind: 'table' });
    expect(await kindOf(file('mine.txt', config('serial.yaml')))).toEqual({ kind: 'config' });
  });

  it('is none for what no one here reads, and the reason says what is wanted', async () => {
    for (const [name, content, words] of [
      ['cat.png', '\x89PNG\r\n', /it is a picture.*\.yaml/],
      ['paper.pdf', '%PDF-1.7', /PDF/],
      ['empty.yaml', '', /empty/],
      ['a.exe', '\x00\xff\x00\xfe', /nothing here reads it/],
      ['notes.md', 'Dear diary', /nothing here reads/],
      ['notes.txt', 'Dear diary,', /nothing here reads/],
      ['word.yaml', 'hello', /nothing here reads/],
      ['metrics.jsonl', '{"step":0,"loss":1}\n{"step":1,"loss":1}\n', /bundle/],
      ['columns.json', '{"heads":[],"columns":[]}', /drop the table/],
    ] as const) {
      const bytes = Uint8Array.from(content, (char) => char.charCodeAt(0));
      expect(await kindOf(file(name, bytes)), name).toEqual({ refusal: expect.stringMatching(words) });
    }
  });
});

describe('files that are dropped', () => {
  const said = (session: Session) => session.page.getState().said;

  it('go where they belong', async () => {
    const session = storesOnly();
    const drop = (...kinds: FileKind[]) =>
      takeFiles(
        kinds.map((kind) => sample[kind]()),
        session,
      );
    expect(await drop('config')).toBe('train');
    expect(session.config.getState()).toMatchObject({ name: 'mine.yaml', text: config('serial.yaml') });
    expect(await drop('teacher')).toBe('train');
    expect(session.data.getState()).toMatchObject({
      kind: 'teacher',
      teacherText: config('data/noise.yaml'),
    });
    expect(await drop('scoreWeights', 'heuristics')).toBe('rank');
    expect(session.scoring.getState().weights.label).toBe('Theirs');
    expect(session.scoring.getState().steps).toEqual(heuristicPreset('2023-07').steps);
    expect(await drop('tweets')).toBe('rank');
    expect(session.tweets.getState().ownSets.map(({ label, tweets }) => [label, tweets.length])).toEqual([
      ['tweets', 2],
    ]);
    await drop('records', 'records');
    expect(session.data.getState()).toMatchObject({
      kind: 'files',
      files: [{ name: 'data' }, { name: 'data' }],
    });
    await drop('schema');
    expect(session.data.getState().ownSchema?.name).toBe('schema.json');
    await drop('manifest');
    expect(session.settings.getState().seed).toBe(8);
    while (await session.history.undo());
    expect(session.settings.getState().seed).toBe(1);
    expect(session.config.getState().name).toBe('playground.yaml');
  });

  it('hold runs: a bundle taken in is in the list', async () => {
    const from = await memoryRun(['First', 'Second']);
    await from.library.refresh();
    const ids = (from.library.store.getState().runs ?? []).map(({ manifest: { id } }) => id);
    const zip = await from.runs.call('bundle', { runs: ids });
    const to = storesOnly();
    expect(await takeFiles([file('both.zip', zip)], to)).toBe('runs');
    const names = (to.library.store.getState().runs ?? []).map((entry) => entry.manifest.name);
    expect(names.toSorted()).toEqual(['First', 'Second']);
    expect(said(to)).toMatchObject({ tone: 'info', title: '2 runs taken in.' });
    await takeFiles([file('both.zip', zip)], to);
    expect(said(to)?.text).toContain('was here already');
  });

  it('hold runs and their ranking: it is shown, own sets stay, and one undo takes it back', async () => {
    const from = await memoryRun(['First']);
    const text = rankingOf(from);
    await from.library.refresh();
    const runs = (from.library.store.getState().runs ?? []).map(({ manifest: { id } }) => id);
    const bundle = (ranking: string | null) => from.runs.call('bundle', { runs, ranking });
    const to = storesOnly();
    to.scoring.getState().saveWeights('Mine');
    to.tweets.getState().saveAs('Mine', sampleTweets.slice(1, 3));
    to.tweets.getState().edit('set-1/x', sampleTweets[1]!);
    const before = [structuredClone(to.tweets.getState().edits), to.scoring.getState().weights];
    await takeFiles([file('runs.zip', await bundle(null))], to);
    expect([to.tweets.getState().edits, to.scoring.getState().weights]).toEqual(before);

    await takeFiles([file('runs.zip', await bundle(text))], to);
    expect(said(to)?.text).toMatch(/First.*weights Theirs, heuristics 2023-07.*Undo/);
    const { scoring, tweets } = to;
    const theirs = from.scoring.getState();
    expect(scoring.getState()).toMatchObject({ preset: '2023-07', steps: theirs.steps });
    expect(scoring.getState().weights.weights).toEqual(theirs.weights.weights);
    expect(scoring.getState().ownWeights.map(({ id, label }) => [id, label])).toEqual([
      ['own-1', 'Mine'],
      ['own-2', 'Theirs'],
    ]);
    expect(tweets.getState().ownSets.map(({ id, label }) => [id, label])).toEqual([
      ['set-1', 'Mine'],
      ['set-2', 'Ours'],
    ]);
    expect(tweets.getState().set).toBe('set-2');
    const [tweet] = sampleTweets;
    expect(Object.keys(tweets.getState().edits)).toEqual(['set-1/x', tweet?.id, `set-2/${tweet?.id}`]);
    // Once more: nothing comes twice.
    await takeFiles([file('ranking.json', text)], to);
    expect(scoring.getState().ownWeights).toHaveLength(2);
    expect(tweets.getState().ownSets).toHaveLength(2);
    await to.history.undo();
    await to.history.undo();
    expect([to.tweets.getState().edits, to.scoring.getState().weights]).toEqual(before);
  });

  it('hold a ranking that is not right: the place is named, and no run is taken in', async () => {
    const from = await memoryRun(['First']);
    await from.library.refresh();
    const runs = (from.library.store.getState().runs ?? []).map(({ manifest: { id } }) => id);
    const head = '{\n  "format": "heavy-ranker-ranking",\n  "version": 1,\n  ';
    for (const [rest, words] of [
      ['"weights": {"set": "weights: {a: x}"}}', /line 4, column 22: weights\.set: .*a/],
      ['"weights": {"sets": "2023-04-05"}}', /line 4, column \d+: weights\.set/],
      ['"ownWeights": ["weights: {}", "label: [x"]}', /line 4, column \d+: ownWeights\[1\]: /],
      ['"heuristics": {"preset": "none", "steps": [{"id": "nothing"}]}}', /line 4.*heuristics\.steps/],
      ['"tweets": {"set": "all", "edits": {"calm-day-1": {"text": 5}}}}', /line 4.*tweet calm-day-1/],
      ['"tweets": {"set": "all", "added": {"all": [{"id": ""}]}}}', /line 4.*tweets\.added\.all\[0\]/],
    ] as const) {
      const to = storesOnly();
      const ranking = head + rest;
      await takeFiles([file('runs.zip', await from.runs.call('bundle', { runs, ranking }))], to);
      expect(said(to)).toMatchObject({ tone: 'error', title: 'runs.zip does not fit, nothing was changed.' });
      expect(said(to)?.text).toMatch(/ranking\.json: line/);
      expect(said(to)?.text).toMatch(words);
      await to.library.refresh();
      expect(to.library.store.getState().runs).toEqual([]);
    }
  });

  it('of weights say so where they weigh no head of the model shown', async () => {
    const session = storesOnly();
    const tasks = ['recap.engagement.is_favorited'];
    const { addSnapshot } = session.ranking.getState();
    addSnapshot({ step: 3, tasks, probabilities: new Float32Array(1), untrained: false });
    const { weights } = session.scoring.getState();
    await takeFiles([file('w.json', '{"weights": {"churn": 2}}')], session);
    expect(said(session)).toMatchObject({ tone: 'info', title: 'Own weights is kept among your own sets.' });
    expect(said(session)?.text).toContain('It weighs churn');
    expect(session.scoring.getState().weights).toBe(weights);
  });

  it('that do not fit are refused by name, the others are taken, and nothing else changes', async () => {
    const session = storesOnly();
    const before = session.config.getState().text;
    await takeFiles(
      [
        file(
          'cat.png',
          Uint8Array.from('\x89PNG', (char) => char.charCodeAt(0)),
        ),
      ],
      session,
    );
    expect(said(session)).toMatchObject({ tone: 'error', title: 'cat.png is not taken:' });
    await takeFiles([file('bad.zip', 'PK\x03\x04nonsense'), sample.scoreWeights()], session);
    expect(said(session)).toMatchObject({ tone: 'error', title: '2 files:' });
    expect(said(session)?.text).toMatch(/bad\.zip does not fit.*weighed by Theirs/);
    await takeFiles([file('a.yaml', 'a word'), file('b.yaml', 'another')], session);
    expect(said(session)?.text).toMatch(/a\.yaml is not taken.*b\.yaml is not taken/);
    expect(said(session)?.text.match(/Files for this page are/g)).toHaveLength(1);
    await takeFiles([file('tweets.json', '[{"id": 1,')], session);
    expect(said(session)?.text).toMatch(/line 1/i);
    await takeFiles([file('m.json', '{"format":"heavy-ranker-run","version":99}')], session);
    expect(said(session)?.text).toMatch(/newer version/);
    expect(session.config.getState().text).toBe(before);
    expect(session.tweets.getState().ownSets).toEqual([]);
  });
});
