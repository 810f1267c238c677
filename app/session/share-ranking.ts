/**
 * The ranking as links and bundles carry it: head weights, what comes after the score, and changed tweets, each only
 * where it is not as it comes.
 */
import { z } from '../../src/config/zod.ts';
import { heuristicPreset, heuristicPresets } from '../../src/ranking/heuristics/presets.ts';
import { heuristicStepsToJson } from '../../src/ranking/heuristics/presets.ts';
import { parseHeuristicSteps } from '../../src/ranking/heuristics/steps-file.ts';
import { scenarios } from '../../src/ranking/scenarios/index.ts';
import type { ScoreWeights } from '../../src/ranking/score-weights.ts';
import { tweetListSchema, tweetSchema } from '../../src/ranking/tweet-schema.ts';
import type { Tweet } from '../../src/ranking/tweets.ts';
import { LinkError, linkPart } from '../../src/runs/link.ts';
import type { Link, LinkPart } from '../../src/runs/link.ts';
import { valueDifferences } from '../../src/runs/recipe-forms.ts';
import type { ScoringChoice, ScoringStore } from '../stores/scoring.ts';
import { ALIKE, alike, stepsChanged } from '../stores/scoring.ts';
import { ALL, tweetsShown } from '../stores/tweets.ts';
import type { TweetsChoice, TweetsStore } from '../stores/tweets.ts';
import { differenceText } from './difference-text.ts';
import { packedWeights, packedWeightsSchema, unpackedWeights } from './packed-weights.ts';
import type { PackedWeights } from './packed-weights.ts';
import { changesOf, withChanges } from './tweet-changes.ts';
import { shareTexts } from '../texts/share.ts';
import '../stores/readers.ts';

interface Stores {
  readonly scoring: ScoringStore;
  readonly tweets: TweetsStore;
}

/** What a link says of the ranking, as the stores take it. */
export interface SharedRanking {
  readonly scoring: ScoringChoice;
  readonly tweets: TweetsChoice;
}

const FIRST_WEIGHTS = '2023-04-05';

const weightsSchema = z.strictObject({
  set: packedWeightsSchema.default(FIRST_WEIGHTS),
  /** Of models with own heads only. */
  own: packedWeightsSchema.optional(),
  /** The same as links of before have it: numbers by task. */
  heads: z.record(z.string(), z.number()).default({}),
});
const heuristicsSchema = z.strictObject({
  preset: z.enum(heuristicPresets.map(({ id }) => id)),
  steps: z.array(z.unknown()).optional(),
});
const tweetsSchema = z.strictObject({
  set: z.string().min(1).max(100),
  /** Of a changed tweet what differs from the sample, key by key; null takes a key away. */
  changes: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  /** The same as links of before have it: what stands under a key is whole. */
  edits: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  added: z.record(z.string(), tweetListSchema).default({}),
  ownSets: z
    .array(z.strictObject({ id: z.string().min(1), label: z.string(), tweets: tweetListSchema }))
    .default([]),
});

/** Where a ranking was read, and how it says what is wrong there. */
export interface RankingSource {
  readonly part: <T extends z.ZodType>(part: LinkPart, schema: T) => z.output<T> | undefined;
  readonly refusal: (path: RankingPath, why: string) => Error;
}

type RankingPath = readonly [LinkPart, ...(string | number)[]];

/** A link's. Refuses with LinkError. */
export function linkSource(link: Link): RankingSource {
  return {
    part: (part, schema) => linkPart(link, part, schema),
    refusal: ([part], why) => new LinkError(shareTexts.partUnusable(part, why)),
  };
}

/** What of the ranking is not as it comes. */
export function rankingOf({ scoring, tweets }: Stores): Partial<Pick<Link, LinkPart>> {
  const { weights, headSet, preset, steps } = scoring.getState();
  const { set, edits, added, ownSets } = tweets.getState();
  const [packed, own] = [packedWeights(weights), packedWeights(headSet)];
  const parts = { ...(packed !== FIRST_WEIGHTS && { set: packed }), ...(own !== ALIKE.id && { own }) };
  const changed = stepsChanged({ steps, preset });
  const originals = originalTweets(tweets.getState());
  const untouched = Object.keys(edits).length + Object.keys(added).length + ownSets.length === 0;
  return {
    ...(Object.keys(parts).length > 0 && { weights: parts }),
    ...((preset !== 'none' || changed) && {
      heuristics: { preset, ...(changed && { steps: JSON.parse(heuristicStepsToJson(steps)) as unknown }) },
    }),
    ...(!(untouched && set === ALL) && {
      tweets: {
        set,
        ...(Object.keys(edits).length > 0 && {
          changes: Object.fromEntries(
            Object.entries(edits).map(([key, tweet]) => [key, changesOf(originals.get(key), tweet)]),
          ),
        }),
        ...(Object.keys(added).length > 0 && { added }),
        ...(ownSets.length > 0 && { ownSets }),
      },
    }),
  };
}

/** @throws what the source refuses a part with that is not what this page knows, naming it. */
export function rankingIn(source: RankingSource): SharedRanking {
  const weights = source.part('weights', weightsSchema) ?? { set: FIRST_WEIGHTS, own: undefined, heads: {} };
  const heuristics = source.part('heuristics', heuristicsSchema) ?? { preset: 'none' as const };
  const given = source.part('tweets', tweetsSchema) ?? {
    set: ALL,
    changes: {},
    edits: {},
    added: {},
    ownSets: [],
  };
  const originals = originalTweets(given);
  const known = [ALL, ...scenarios.map(({ id }) => id), ...given.ownSets.map(({ id }) => id)];
  return {
    scoring: {
      weights: weightsIn(['weights', 'set'], weights.set, source),
      headSet:
        weights.own === undefined ? alike(weights.heads) : weightsIn(['weights', 'own'], weights.own, source),
      preset: heuristics.preset,
      steps:
        heuristics.steps === undefined
          ? heuristicPreset(heuristics.preset).steps
          : parsed(source, ['heuristics', 'steps'], parseHeuristicSteps(JSON.stringify(heuristics.steps))),
    },
    tweets: {
      set: known.includes(given.set) ? given.set : ALL,
      ownSets: given.ownSets,
      added: given.added,
      edits: Object.fromEntries([
        ...Object.entries(given.edits).map(([key, change]) => {
          const whole = Object.entries({ ...originals.get(key), ...change });
          const left = Object.fromEntries(whole.filter(([, value]) => value !== null));
          return [key, edited(source, ['tweets', 'edits', key], originals.has(key), left)];
        }),
        ...Object.entries(given.changes).map(([key, change]) => {
          const whole = withChanges(originals.get(key), change);
          return [key, edited(source, ['tweets', 'changes', key], originals.has(key), whole)];
        }),
      ]),
    },
  };
}

function weightsIn(path: RankingPath, packed: PackedWeights, source: RankingSource): ScoreWeights {
  const own = parsed(source, path, unpackedWeights(packed));
  // Its number is the sender's: here it may be that of another set.
  return own.id.startsWith('own-') ? { ...own, id: 'shared' } : own;
}

/** @throws what the source refuses with. */
export function parsed<T, P>(
  { refusal }: { readonly refusal: (path: P, why: string) => Error },
  path: P,
  {
    value,
    problems,
  }: { readonly value: T | null; readonly problems: readonly { readonly message: string }[] },
): T {
  if (value !== null) return value;
  throw refusal(path, problems[0]?.message ?? shareTexts.emptyPart);
}

function edited({ refusal }: RankingSource, path: RankingPath, known: boolean, whole: object): Tweet {
  const tweet = tweetSchema.safeParse(whole);
  if (tweet.success) return tweet.data;
  const words = known ? shareTexts.tweetUnreadable : shareTexts.tweetUnknown;
  throw refusal(path, words(String(path.at(-1)).slice(0, 60)));
}

/** By key, as they came. */
function originalTweets({ ownSets, added }: Pick<TweetsChoice, 'ownSets' | 'added'>): Map<string, Tweet> {
  const of = (set: string) => tweetsShown({ set, ownSets, edits: {}, added });
  const shown = [ALL, ...ownSets.map(({ id }) => id)].flatMap(of);
  return new Map(shown.map(({ key, original }) => [key, original]));
}

/** What would become different, in words. */
export function rankingDifferences(next: SharedRanking, { scoring, tweets }: Stores): string[] {
  const { weights, headSet, preset, steps } = scoring.getState();
  const { set, edits, added, ownSets } = tweets.getState();
  const texts = (before: object, after: object): string[] =>
    valueDifferences(before, after).map(differenceText);
  const tweetsOf = (choice: TweetsChoice): number =>
    Object.keys(choice.edits).length +
    Object.values(choice.added).reduce((sum, list) => sum + list.length, 0) +
    choice.ownSets.length;
  const now = { set, edits, added, ownSets };
  const others = valueDifferences({ ...now, set: '' }, { ...next.tweets, set: '' }).length > 0;
  return [
    ...texts(
      { weights: { set: weights.label, ...weights.weights, rule: weights.rule }, ownHeads: headSet.weights },
      {
        weights: {
          set: next.scoring.weights.label,
          ...next.scoring.weights.weights,
          rule: next.scoring.weights.rule,
        },
        ownHeads: next.scoring.headSet.weights,
      },
    ),
    ...texts({ heuristics: preset }, { heuristics: next.scoring.preset }),
    ...texts({ heuristics: byId(steps) }, { heuristics: byId(next.scoring.steps) }),
    ...texts({ tweets: set }, { tweets: next.tweets.set }),
    ...(others ? [shareTexts.tweetsGiveWay(tweetsOf(now), tweetsOf(next.tweets))] : []),
  ];
}

function byId(steps: ScoringChoice['steps']): object {
  return Object.fromEntries(steps.map(({ id, ...rest }) => [id, rest]));
}

/** Into the stores. */
export function putRanking(next: SharedRanking, { scoring, tweets }: Stores): void {
  scoring.getState().replace(next.scoring);
  tweets.getState().replace(next.tweets);
}
