/** What of the page can be undone: how each store's edits are read, put back and called. */
import type { StoreApi } from 'zustand/vanilla';
import type { ConfigStore, EditedConfig } from '../stores/config.ts';
import type { DataState, DataStore } from '../stores/data.ts';
import type { EditPart } from '../stores/history.ts';
import type { ScoringState, ScoringStore } from '../stores/scoring.ts';
import type { Settings, SettingsStore } from '../stores/settings.ts';
import type { TweetsState, TweetsStore } from '../stores/tweets.ts';
import { editTexts } from '../texts/edits.ts';

export const CONFIG_PART = 'config';

/** Parts stand in one list, whatever their values are: each is only ever given what it has read itself. */
const anyPart = <T extends object>(part: EditPart<T>): EditPart => part as unknown as EditPart;

function configPart(store: ConfigStore): EditPart {
  return anyPart<EditedConfig>({
    id: CONFIG_PART,
    subscribe: (changed) => store.subscribe(changed),
    read: () => {
      const { name, original, text, valid } = store.getState();
      return { name, original, text, valid };
    },
    write: (value) => store.getState().put(value),
    // Which configuration is in force follows from the text and the data.
    same: (a, b) => a.text === b.text && a.name === b.name && a.original === b.original,
    describe: (before, after) =>
      before.name !== after.name || before.original !== after.original
        ? editTexts.config(after.name)
        : editTexts.configText,
    joins: (before, after) => (before.name === after.name ? 'text' : null),
  });
}

/** Keys of a store's state as a part. */
function partOf<S extends object, K extends keyof S & string>(
  store: StoreApi<S>,
  keys: readonly K[],
  part: Pick<EditPart<Pick<S, K>>, 'id' | 'describe' | 'joins'> & { readonly with?: Partial<S> },
): EditPart {
  const { with: more, ...words } = part;
  return anyPart<Pick<S, K>>({
    ...words,
    subscribe: (changed) => store.subscribe(changed),
    read: () => {
      const state = store.getState();
      return Object.fromEntries(keys.map((key) => [key, state[key]])) as Pick<S, K>;
    },
    write: (value) => store.setState({ ...value, ...more } as Partial<S>),
  });
}

const DATA_KEYS = [
  'kind',
  'teacher',
  'seed',
  'rawLabels',
  'examples',
  'teacherOriginal',
  'teacherText',
  'teacherConfig',
  'teacherProblems',
  'files',
  'table',
  'tableFile',
  'wanted',
  'ownSchema',
  'ownMasks',
] as const satisfies readonly (keyof DataState)[];

function dataPart(store: DataStore): EditPart {
  return partOf(store, DATA_KEYS, {
    id: 'data',
    with: { page: 0 },
    describe: (before, after) => {
      if (before.kind !== after.kind || before.teacher !== after.teacher) return editTexts.source;
      if (before.teacherText !== after.teacherText) return editTexts.teacher;
      return before.seed === after.seed ? editTexts.data : editTexts.dataSeed;
    },
    joins: (before, after) => (before.teacherText === after.teacherText ? null : 'teacher'),
  });
}

const RUN_SETTINGS = [
  'seed',
  'engine',
  'halfWeights',
  'noisyShifts',
] as const satisfies readonly (keyof Settings)[];

/** Of the settings, those that a run is made from. */
function settingsPart(store: SettingsStore): EditPart {
  return partOf(store, RUN_SETTINGS, {
    id: 'settings',
    describe: (before, after) => (before.seed === after.seed ? editTexts.engine : editTexts.seed),
  });
}

const SCORING_KEYS = [
  'weights',
  'ownWeights',
  'headSet',
  'preset',
  'steps',
] as const satisfies readonly (keyof ScoringState)[];

function scoringPart(store: ScoringStore): EditPart {
  return partOf(store, SCORING_KEYS, {
    id: 'scoring',
    describe: (before, after) =>
      before.preset !== after.preset || before.steps !== after.steps ? editTexts.steps : editTexts.weights,
    joins: (before, after) => {
      // A slider that is dragged: the same number, many times.
      const named = before.ownWeights !== after.ownWeights || before.preset !== after.preset;
      const [moved, ...more] = named ? [] : [...numbersMoved(before, after)];
      return moved !== undefined && more.length === 0 ? moved : null;
    },
  });
}

type Scoring = Pick<ScoringState, (typeof SCORING_KEYS)[number]>;

/** Weights and constants that differ, each by its name; what is no number, such as a set that was chosen, as a name that never comes again. */
function* numbersMoved(before: Scoring, after: Scoring): Generator<string> {
  for (const slot of ['weights', 'headSet'] as const) {
    const [a, b] = [before[slot], after[slot]];
    if (a === b) continue;
    if (a.id !== b.id) yield* ['another set', 'of weights'];
    for (const task of new Set([...Object.keys(a.weights), ...Object.keys(b.weights)])) {
      if (a.weights[task] !== b.weights[task]) yield `weight of ${task} in ${slot}`;
    }
    if (a.rule !== b.rule) yield `weight of the larger of two in ${slot}`;
  }
  if (before.steps === after.steps) return;
  for (const [at, step] of after.steps.entries()) {
    const was = before.steps[at];
    if (was === step) continue;
    if (was?.id !== step.id || was.enabled !== step.enabled) yield* ['another step', 'or none'];
    for (const [name, value] of Object.entries(step.constants)) {
      if (was?.constants[name] !== value) yield `${name} of ${step.id}`;
    }
  }
}

const TWEETS_KEYS = ['set', 'ownSets', 'edits', 'added'] as const satisfies readonly (keyof TweetsState)[];

function tweetsPart(store: TweetsStore): EditPart {
  return partOf(store, TWEETS_KEYS, {
    id: 'tweets',
    describe: (before, after) => {
      if (before.ownSets !== after.ownSets) return editTexts.ownSet;
      if (before.added !== after.added) return editTexts.ownTweet;
      return before.edits === after.edits ? editTexts.tweets : editTexts.tweet;
    },
    joins: (before, after) => {
      const keys = [...Object.keys(before.edits), ...Object.keys(after.edits)];
      const changed = new Set(keys.filter((key) => before.edits[key] !== after.edits[key]));
      const others =
        before.added === after.added && before.ownSets === after.ownSets && before.set === after.set;
      return others && changed.size === 1 ? `tweet ${[...changed].join('')}` : null;
    },
  });
}

interface Stores {
  readonly data: DataStore;
  readonly settings: SettingsStore;
  readonly config: ConfigStore;
  readonly scoring: ScoringStore;
  readonly tweets: TweetsStore;
}

/** In the order in which they are put back: data first, a configuration is checked against it. */
export function editParts(stores: Stores): readonly EditPart[] {
  return [
    dataPart(stores.data),
    settingsPart(stores.settings),
    configPart(stores.config),
    scoringPart(stores.scoring),
    tweetsPart(stores.tweets),
  ];
}
