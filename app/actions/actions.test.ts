/** The registry: every action stands in it once, its keys are its own, and what the stores say decides what can be done. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { heuristicPreset } from '../../src/ranking/heuristics/presets.ts';
import { publishedWeights } from '../../src/ranking/score-weights.ts';
import { newManifest } from '../../src/runs/new-manifest.ts';
import { memoryRun, storesOnly } from '../session/testing.ts';
import { weightsFor } from '../stores/scoring.ts';
import { views } from '../views/views.ts';
import { GROUPS, perform, titleOf, whyNot } from './action.ts';
import type { Action } from './action.ts';
import { actions, actionsNow } from './actions.ts';
import { fit } from './match.ts';
import { ariaKeys, isPressed, keyNames, parseKeys } from './keys.ts';
import type { KeyPress } from './keys.ts';
import { resetConfigAction } from './config-actions.ts';
import { exportChosenAction } from './share-actions.ts';
import { trainSweepAction } from './sweep-actions.ts';
import { evaluateAction, extendAction, restartAction, stepAction, trainAction } from './run-actions.ts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('the list', () => {
  it('names every action once, in a known group, with a title', () => {
    const session = storesOnly();
    expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
    const titles = actions.map((action) => `${action.group}: ${titleOf(action, session)}`);
    expect(new Set(titles).size).toBe(actions.length);
    for (const action of actions) {
      expect(GROUPS).toContain(action.group);
      expect(titleOf(action, session)).toMatch(/\S/);
      expect(whyNot(action, session)).not.toBe('');
    }
  });

  it('gives keys to one action only, and none that go into text while typing', () => {
    const keys = actions.flatMap((action) => (action.keys === undefined ? [] : [action]));
    expect(keys.length).toBeGreaterThan(8);
    for (const action of keys) {
      const { key, mod, shift, alt } = parseKeys(action.keys ?? '');
      const pressed = press(key, { ctrlKey: mod, shiftKey: shift, altKey: alt });
      expect(keys.filter((other) => isPressed(other.keys ?? '', pressed))).toEqual([action]);
      if (action.whileTyping === true) expect(mod).toBe(true);
    }
  });

  it('has every view', () => {
    for (const { id, key } of views) {
      expect(actions.find((action) => action.id === `go.${id}`)?.keys).toBe(key);
    }
  });
});

describe('what can be done', () => {
  const begun = () => {
    const session = storesOnly();
    const { recipe } = session.draft.getState();
    if (!recipe) throw new Error('the first preset is no recipe');
    session.run.getState().begin(newManifest({ recipe, app: 'test' }));
    return session;
  };
  const can = (session: ReturnType<typeof begun>, ...list: Action[]): boolean[] =>
    list.map((action) => whyNot(action, session) === null);

  it('follows the run', () => {
    const session = begun();
    const { setPhase } = session.run.getState();
    const list = [trainAction, stepAction, restartAction, extendAction];
    expect(can(session, ...list)).toEqual([false, false, false, false]);
    expect(whyNot(trainAction, session)).toBe('The model is being built.');
    session.run.setState({ starting: false });
    setPhase('paused', 0, null);
    expect(can(session, ...list)).toEqual([true, true, false, false]);
    expect(titleOf(trainAction, session)).toBe('Train');
    setPhase('running', 3, null);
    expect(can(session, ...list)).toEqual([true, false, true, false]);
    expect(titleOf(trainAction, session)).toBe('Pause');
    setPhase('paused', 3, null);
    expect(titleOf(trainAction, session)).toBe('Continue');
    setPhase('finished', 3, null);
    expect(can(session, ...list)).toEqual([true, true, true, true]);
    expect([trainAction, extendAction].map((action) => titleOf(action, session))).toEqual([
      'Train again',
      'Train 1,500 steps more',
    ]);
    expect(can(session, evaluateAction)).toEqual([false]);
    session.run.getState().set({ readOnly: 'Another tab has it.' });
    expect(whyNot(trainAction, session)).toContain('Another tab has it.');
  });

  it('names the changes that a restart takes up, once there is something to restart', () => {
    const session = begun();
    session.settings.getState().set({ seed: 7 });
    expect(titleOf(restartAction, session)).toBe('Restart');
    session.run.getState().setPhase('paused', 2, null);
    expect(titleOf(restartAction, session)).toBe('Restart · 1 change');
  });

  it('resets the configuration only where it was changed', async () => {
    const session = storesOnly();
    expect(can(session, resetConfigAction)).toEqual([false]);
    const { text, setText } = session.config.getState();
    setText(`${text}\n# mine\n`);
    await perform(resetConfigAction, session);
    expect(session.config.getState().text).toBe(text);
  });

  it('says on the page what went wrong, and does nothing that cannot be done', async () => {
    const session = storesOnly();
    const broken: Action = {
      id: 'x',
      group: 'page',
      title: () => 'Fail',
      run: () => Promise.reject(new Error('No disk.')),
    };
    await perform({ ...broken, whyNot: () => 'never' }, session);
    expect(session.page.getState().said).toBeNull();
    await perform(broken, session);
    expect(session.page.getState().said).toMatchObject({ tone: 'error', text: 'No disk.' });
  });
});

describe('what a person looks for', () => {
  it('is found by words of the title first, then by others, and by no scattered letters', () => {
    expect(fit('copy link', 'Copy link', 'Share')).toBe(1);
    expect(fit('link copy', 'Copy link', 'Share')).toBe(0.8);
    expect(fit('share url', 'Copy link', 'Share address URL')).toBe(0.4);
    expect(fit('copy link', 'Preset: Serial MaskNet', 'Configuration serial.yaml')).toBe(0);
    const session = storesOnly();
    for (const action of actions) {
      const title = titleOf(action, session);
      expect(fit(title, title, '')).toBe(1);
    }
  });
});

describe('what there is just now', () => {
  beforeEach(() => void vi.stubGlobal('location', { hash: '' }));
  afterEach(() => void vi.unstubAllGlobals());

  it('has the checkpoints, the kept runs and what is shown, each once and with its reason', async () => {
    const session = await memoryRun(['First', 'Second']);
    await session.library.refresh();
    const now = () => actionsNow(session, session.library.store.getState().runs ?? []);
    const find = (title: string): Action => {
      const found = now().filter((action) => titleOf(action, session) === title);
      if (!found[0] || found.length > 1) throw new Error(`${found.length} actions are "${title}"`);
      return found[0];
    };
    const runs = session.library.store.getState().runs ?? [];
    const [first] = runs.filter(({ manifest }) => manifest.name === 'First');
    if (!first) throw new Error('a run was kept');
    session.run.getState().begin(first.manifest);
    session.run.setState({
      checkpoints: [20, 40].map((step) => ({ step, loss: 0.5, kept: [20, 40] })) as never,
    });
    expect(whyNot(find('Go back to step 40'), session)).toBe('The model is being built.');
    session.run.getState().setPhase('paused', 40, null);
    expect(whyNot(find('Go back to step 20'), session)).toBeNull();
    expect(whyNot(find('Branch from step 20'), session)).toBeNull();
    expect(whyNot(find('Open run: First'), session)).toBe('It is open.');
    expect(whyNot(find('Delete run: First'), session)).toContain('open another run first');

    let shown: string | null = 'Nothing is drawn yet.';
    let taken = 0;
    const away = session.offers.add(() => [
      { id: 'chart.csv', title: 'Loss as CSV', why: shown, run: () => void taken++ },
    ]);
    await perform(find('Loss as CSV'), session);
    expect(taken).toBe(0);
    shown = null;
    await perform(find('Loss as CSV'), session);
    expect(taken).toBe(1);
    expect(new Set(now().map(({ id }) => id)).size).toBe(now().length);
    for (const action of now()) {
      expect(GROUPS).toContain(action.group);
      expect(titleOf(action, session)).toMatch(/\S/);
      expect(whyNot(action, session)).not.toBe('');
    }
    away();
    expect(now().map((action) => titleOf(action, session))).not.toContain('Loss as CSV');

    await perform(find('Delete run: Second'), session);
    expect(session.library.store.getState().runs?.map(({ manifest }) => manifest.name)).toEqual(['First']);
  });

  it('has every kept run, however many: older ones by their words only; each is named, noted, compared and chosen', async () => {
    const names = Array.from({ length: 11 }, (_, i) => `Run number ${i}`);
    const session = await memoryRun(names);
    const { library } = session;
    await library.refresh();
    const runs = library.store.getState().runs ?? [];
    const all = actionsNow(session, runs).filter(({ group }) => group === 'runs');
    for (const { manifest } of runs) {
      const own = all.filter(({ id }) => id.endsWith(manifest.id));
      expect(own.map(({ id }) => id.split('.')[1])).toEqual([
        'open',
        'show',
        'name',
        'note',
        'baseline',
        'mark',
        'delete',
      ]);
      expect(new Set(own.map(({ unlisted }) => unlisted ?? false)).size).toBe(1);
    }
    expect(all.filter(({ unlisted }) => unlisted === true)).toHaveLength(3 * 7);
    const { manifest } = runs[10]!;
    const act = (what: string) => {
      const action = all.find(({ id }) => id === `runs.${what}.${manifest.id}`);
      if (!action) throw new Error(what);
      return perform(action, session);
    };
    await act('name');
    expect(library.store.getState().editing).toEqual({ run: manifest.id, what: 'name' });
    await act('note');
    expect(library.store.getState().editing).toEqual({ run: manifest.id, what: 'note' });
    for (const baseline of [manifest.id, null]) {
      await act('baseline');
      expect(library.store.getState().baseline).toBe(baseline);
    }
    await act('mark');
    expect(library.store.getState().marked).toEqual([manifest.id]);
  });

  it('has the sets of weights and tweets: kept under a name, chosen, reset, deleted', async () => {
    const session = storesOnly();
    const { scoring, tweets, ranking, page } = session;
    const act = async (id: string): Promise<void> => {
      const action = actionsNow(session, []).find((one) => one.id === id);
      if (!action) throw new Error(id);
      expect(whyNot(action, session)).toBeNull();
      await perform(action, session);
    };
    const why = (id: string): string | null | undefined => {
      const action = actions.find((one) => one.id === id);
      return action && whyNot(action, session);
    };
    expect(why('ranking.weights.reset')).toBe('Published 2023-04-05 is as it was.');
    expect(why('ranking.weights.delete')).toBe('Published 2023-04-05 is no set of your own.');
    scoring.getState().setWeight('recap.engagement.is_favorited', 3);
    await act('ranking.weights.reset');
    expect(scoring.getState().weights).toBe(publishedWeights('2023-04-05'));
    await act('ranking.weights.keep');
    expect([ranking.getState().tool, page.getState().naming]).toEqual(['weights', 'weights']);
    scoring.getState().saveWeights('Mine');
    await act('ranking.weights.2023-03-31');
    await act('ranking.weights.own-1');
    await act('ranking.weights.delete');
    expect(scoring.getState().ownWeights).toEqual([]);

    // Heads of a table have sets of their own.
    const heads = ['buys', 'leaves'];
    scoring.getState().setWeight('leaves', -2, heads);
    scoring.getState().saveWeights('Table', heads);
    const probabilities = new Float32Array(0);
    ranking.getState().addSnapshot({ step: 1, tasks: heads, probabilities, untrained: false });
    scoring.getState().setWeight('leaves', 5, heads);
    await act('ranking.weights.reset');
    await act('ranking.weights.equal');
    expect(weightsFor(heads, scoring.getState()).weights).toEqual({ buys: 1, leaves: 1 });
    await act('ranking.weights.own-1');
    expect(weightsFor(heads, scoring.getState()).weights).toEqual({ buys: 1, leaves: -2 });
    await act('ranking.weights.delete');
    ranking.getState().clear();

    expect(why('ranking.tweets.delete')).toBe('These tweets are no set of your own.');
    expect(why('ranking.tweet.remove')).toBe('Choose a tweet of the list first.');
    await act('ranking.tweets.add');
    expect(ranking.getState()).toMatchObject({ tool: 'tweet', selected: 'all/own-1' });
    await act('ranking.tweet.remove');
    expect(tweets.getState().added).toEqual({ all: [] });
    const [tweet] = ranking.getState().tweets;
    if (!tweet) throw new Error('no tweets');
    tweets.getState().edit(tweet.id, { ...tweet, text: 'Other' });
    ranking.getState().select(tweet.id);
    await act('ranking.tweet.reset');
    expect(why('ranking.tweets.reset')).toBe('It is as it was.');
    tweets.getState().saveAs('Set', [tweet]);
    await act('ranking.tweets.all');
    await act('ranking.tweets.set-1');
    await act('ranking.tweets.delete');
    expect(tweets.getState()).toMatchObject({ set: 'all', ownSets: [] });
    await act('ranking.heuristics.2023-07');
    scoring.getState().setStep('reply', { enabled: false });
    await act('ranking.heuristics.reset');
    expect(scoring.getState().steps).toBe(heuristicPreset('2023-07').steps);
  });

  it('has suggestions, switches of charts and engine, the teacher and the tour', async () => {
    const session = storesOnly();
    const act = async (id: string): Promise<void> => {
      const action = actionsNow(session, []).find((one) => one.id === id);
      if (!action) throw new Error(id);
      expect(whyNot(action, session)).toBeNull();
      await perform(action, session);
    };
    const { text } = session.config.getState();
    await act('config.try.serial');
    await act('config.try.batch');
    expect(session.config.getState().text).not.toContain('use_parallel: false');
    expect(session.config.getState().text).not.toBe(text);
    await act('config.takeBack');
    expect(session.config.getState().text).toBe(text);

    await act('charts.axis.examples');
    await act('charts.logX');
    await act('charts.outliers');
    expect(session.chartView.getState()).toMatchObject({ axis: 'examples', logX: true, outliersOut: true });
    await act('charts.head.recap.engagement.is_favorited');
    await act('charts.logY');
    await act('config.halfWeights');
    await act('config.noisyShifts');
    expect(session.settings.getState()).toMatchObject({
      hiddenHeads: ['recap.engagement.is_favorited'],
      logLoss: true,
      halfWeights: true,
      noisyShifts: true,
    });
    await act('data.rawLabels');
    session.data.getState().setTeacherValue(['effect_size'], 3);
    await act('data.teacher.reset');
    const { rawLabels, teacherText, teacherOriginal } = session.data.getState();
    expect([rawLabels, teacherText]).toEqual([true, teacherOriginal.text]);
    for (const step of ['', '.next', '.back', '.leave']) await act(`page.tour${step}`);
    for (const id of ['run.revive', 'run.prepare', 'run.reopen', 'run.halfRate', 'data.cancelReading']) {
      const action = actions.find((one) => one.id === id);
      expect(action && whyNot(action, session)).toMatch(/\.$/);
    }
  });

  it('takes away the runs that were chosen, and forgets those that are gone', async () => {
    const session = await memoryRun(['First', 'Second', 'Third']);
    const { library } = session;
    await library.refresh();
    const [third, second] = (library.store.getState().runs ?? []).map(({ manifest }) => manifest);
    if (!second || !third) throw new Error('runs were kept');
    expect(whyNot(exportChosenAction, session)).toBe('Choose runs in the Runs view first.');
    for (const { id } of [second, third]) library.mark(id, true);
    expect(titleOf(exportChosenAction, session)).toBe('Export 2 chosen runs as a bundle');
    await library.remove(third);
    expect(titleOf(exportChosenAction, session)).toBe('Export 1 chosen run as a bundle');
    library.mark(second.id, false);
    expect(library.store.getState().marked).toEqual([]);
  });

  it('trains a sweep once its keys are given', async () => {
    const session = storesOnly();
    expect(whyNot(trainSweepAction, session)).toBe('Choose a key and its values in the Runs view first.');
    session.sweep.setAxis(0, { key: 'seeds.weights' });
    expect(whyNot(trainSweepAction, session)).toBeNull();
    await perform(trainSweepAction, session);
    expect(session.page.getState().said).toMatchObject({
      tone: 'error',
      text: 'Give seeds.weights at least one value.',
    });
    session.sweep.store.setState({ at: 0 });
    expect(whyNot(trainSweepAction, session)).toBe('A sweep trains already.');
  });
});

describe('keys', () => {
  it('are the press they say and no other', () => {
    expect(isPressed('Mod+K', press('k', { ctrlKey: true }))).toBe(true);
    expect(isPressed('Mod+K', press('k', { metaKey: true }))).toBe(true);
    expect(isPressed('Mod+K', press('k'))).toBe(false);
    expect(isPressed('Mod+K', press('K', { ctrlKey: true, shiftKey: true }))).toBe(false);
    expect(isPressed('Mod+K', press('k', { ctrlKey: true, altKey: true }))).toBe(false);
    expect(isPressed('?', press('?', { shiftKey: true }))).toBe(true);
    expect(isPressed('1', press('1', { shiftKey: true }))).toBe(false);
    expect(isPressed('1', press('1', { ctrlKey: true }))).toBe(false);
  });

  it('are written as they stand on the keyboard', () => {
    expect(keyNames('Mod+Shift+Z', false)).toEqual(['Ctrl', 'Shift', 'Z']);
    expect(keyNames('Mod+Enter', true)).toEqual(['⌘', 'Enter']);
    expect(ariaKeys('Mod+K')).toBe('Control+K Meta+K');
    expect(ariaKeys('?')).toBe('?');
    expect(() => parseKeys('Ctrl+K')).toThrow(RangeError);
  });
});
