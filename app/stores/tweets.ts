/**
 * The tweets that are ranked: the sample sets, what a person has changed in them, tweets and sets of their own. A change
 * never touches the sample: it is kept beside it, by key, so that it can be marked and taken back.
 */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { scenarios } from '../../src/ranking/scenarios/index.ts';
import type { Tweet } from '../../src/ranking/tweets.ts';
import { persist, restore } from './persistence.ts';
import type { KeyValue } from './persistence.ts';
import { sessionTexts } from '../texts/session.ts';
import { readers } from './reading.ts';

/** A set of tweets that a person saved or opened. */
export interface OwnSet {
  readonly id: string;
  readonly label: string;
  readonly tweets: readonly Tweet[];
}

/** A tweet as the page shows it. */
export interface ShownTweet {
  /** The tweet's own id in the sample sets, else that of its set before it: unique on the whole page. */
  readonly key: string;
  readonly tweet: Tweet;
  /** As it came, without the person's changes. */
  readonly original: Tweet;
  readonly edited: boolean;
  /** Added by the person, so it can be removed. */
  readonly added: boolean;
}

export interface TweetsState {
  /** A scenario's id, 'all', or the id of an own set. */
  readonly set: string;
  readonly ownSets: readonly OwnSet[];
  /** Changed tweets by key. */
  readonly edits: Readonly<Record<string, Tweet>>;
  /** Tweets added to a set, by the set's id. */
  readonly added: Readonly<Record<string, readonly Tweet[]>>;
  readonly choose: (set: string) => void;
  readonly edit: (key: string, tweet: Tweet) => void;
  readonly reset: (key: string) => void;
  readonly resetAll: () => void;
  /** Adds to the set shown. @returns its key. */
  readonly add: (tweet: Tweet) => string;
  readonly remove: (key: string) => void;
  /** Keeps the tweets shown, changes included, as a set of the person's own, and shows it. */
  readonly saveAs: (label: string, tweets: readonly Tweet[]) => void;
  readonly removeSet: (id: string) => void;
  /** All at once, as from a link or an undone edit. */
  readonly replace: (choice: TweetsChoice) => void;
}

/** Which tweets are ranked. */
export type TweetsChoice = Pick<TweetsState, 'set' | 'ownSets' | 'edits' | 'added'>;

export type TweetsStore = StoreApi<TweetsState>;

export const ALL = 'all';
/** The part's first name; what was kept under it is still read. */
const PART = 'lab-tweets';
const MAX_KEPT_TWEETS = 500;

export function createTweetsStore(storage: KeyValue | null): TweetsStore {
  const kept = restore(storage, PART);
  const ownSets = keptSets(kept['ownSets']);
  const known = [ALL, ...scenarios.map(({ id }) => id), ...ownSets.map(({ id }) => id)];
  const store = createStore<TweetsState>()((set, get) => ({
    set: known.find((id) => id === kept['set']) ?? ALL,
    ownSets,
    edits: keptTweets(kept['edits']),
    added: keptLists(kept['added']),
    choose: (id) => set({ set: id }),
    edit: (key, tweet) => set({ edits: { ...get().edits, [key]: tweet } }),
    reset: (key) => set({ edits: without(get().edits, key) }),
    resetAll: () => set({ edits: {} }),
    add(tweet) {
      const { set: id, added } = get();
      set({ added: { ...added, [id]: [...(added[id] ?? []), tweet] } });
      return keyOf(id, tweet);
    },
    remove(key) {
      const { added, edits } = get();
      const left = Object.entries(added).map(([id, tweets]): [string, readonly Tweet[]] => [
        id,
        tweets.filter((tweet) => keyOf(id, tweet) !== key),
      ]);
      set({ added: Object.fromEntries(left), edits: without(edits, key) });
    },
    saveAs(label, tweets) {
      const id = freshId(
        'set',
        get().ownSets.map((own) => own.id),
      );
      set({ ownSets: [...get().ownSets, { id, label, tweets }], set: id });
    },
    removeSet(id) {
      const { ownSets: sets, set: shown, added } = get();
      set({
        ownSets: sets.filter((own) => own.id !== id),
        added: without(added, id),
        ...(shown === id ? { set: ALL } : {}),
      });
    },
    replace: (choice) => set(choice),
  }));
  persist(store, storage, PART, ({ set, ownSets: sets, edits, added }) => ({
    set,
    ownSets: sets,
    edits,
    added,
  }));
  return store;
}

/** The tweets of the set shown, changes applied, in the set's order. */
export function tweetsShown({
  set,
  ownSets,
  edits,
  added,
}: Pick<TweetsState, 'set' | 'ownSets' | 'edits' | 'added'>): ShownTweet[] {
  const entry = (home: string, original: Tweet, isAdded: boolean): ShownTweet => {
    const key = keyOf(home, original);
    const changed = edits[key];
    return {
      key,
      tweet: changed ?? original,
      original,
      edited: changed !== undefined,
      added: isAdded,
    };
  };
  const of = (home: string, tweets: readonly Tweet[]): ShownTweet[] => [
    ...tweets.map((tweet) => entry(home, tweet, false)),
    ...(added[home] ?? []).map((tweet) => entry(home, tweet, true)),
  ];
  if (set === ALL) {
    const everywhere = scenarios.flatMap(({ id, tweets }) => of(id, tweets));
    return [...everywhere, ...of(ALL, [])];
  }
  const own = ownSets.find(({ id }) => id === set);
  if (own) return of(own.id, own.tweets);
  const scenario = scenarios.find(({ id }) => id === set) ?? scenarios[0]!;
  return of(scenario.id, scenario.tweets);
}

/** A new tweet to start from: nobody's, without counts, in network. Its id is none of `taken`. */
export function draftTweet(taken: readonly string[]): Tweet {
  const id = freshId('own', taken);
  return {
    id,
    author: {
      id: `author-${id}`,
      name: sessionTexts.ownTweetAuthor,
      handle: 'you',
      verified: false,
      creator: false,
      followers: 1_000,
      cluster: 0,
    },
    text: sessionTexts.ownTweet,
    media: { kind: 'none' },
    createdAtHoursAgo: 1,
    inNetwork: true,
    isReply: false,
    isRetweet: false,
    counts: { likes: 10, replies: 2, reposts: 1, quotes: 0, views: 500 },
  };
}

/** The tweet with one named feature set; undefined takes the person's value away again. */
export function withFeature(tweet: Tweet, name: string, value: number | undefined): Tweet {
  const features = { ...tweet.features };
  if (value === undefined) delete features[name];
  else features[name] = value;
  const { features: _old, ...rest } = tweet;
  return Object.keys(features).length > 0 ? { ...rest, features } : rest;
}

/** Whether a change came to nothing: the tweet is as it was. */
export function sameTweet(a: Tweet, b: Tweet): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function keyOf(home: string, tweet: Tweet): string {
  const isScenario = scenarios.some(({ id }) => id === home);
  return isScenario && tweet.id.startsWith(`${home}-`) ? tweet.id : `${home}/${tweet.id}`;
}

export function freshId(prefix: string, taken: readonly string[]): string {
  let n = 1;
  while (taken.includes(`${prefix}-${n}`)) n++;
  return `${prefix}-${n}`;
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  const { [key]: _gone, ...rest } = record;
  return rest;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keptTweets(value: unknown): Record<string, Tweet> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_KEPT_TWEETS)
      .flatMap(([key, entry]): [string, Tweet][] => {
        const parsed = readers().tweetSchema.safeParse(entry);
        return parsed.success ? [[key, parsed.data]] : [];
      }),
  );
}

function keptLists(value: unknown): Record<string, readonly Tweet[]> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]): [string, readonly Tweet[]][] => {
      const parsed = readers().tweetListSchema.safeParse(entry);
      return parsed.success ? [[key, parsed.data]] : [];
    }),
  );
}

function keptSets(value: unknown): readonly OwnSet[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown): OwnSet[] => {
    if (!isRecord(entry) || typeof entry['id'] !== 'string' || typeof entry['label'] !== 'string') return [];
    const tweets = readers().tweetListSchema.safeParse(entry['tweets']);
    return tweets.success ? [{ id: entry['id'], label: entry['label'], tweets: tweets.data }] : [];
  });
}
