/**
 * The ranking as links and bundles carry it: head weights, what comes after the score, and changed tweets, each only
 * where it is not as it comes.
 */
import { z } from '../../src/config/zod.ts';
import { heuristicPreset, heuristicPresets } from '../../src/ranking/heuristics/presets.ts';
import { heuristicStepsToJson } from '../../src/ranking/heuristics/presets.ts';
import { parseHeuristicSteps } from '../../src/ranking/heuristics/steps-file.ts';
import { scenarios } from '../../src/ranking/scenarios/index.ts';
import { parseScoreWeights, scoreWeightsToYaml } from '../../src/ranking/score-weights-file.ts';
import { publishedScoreWeights } from '../../src/ranking/score-weights.ts';
import type { ScoreWeights } from '../../src/ranking/score-weights.ts';
import { tweetListSchema, tweetSchema } from '../../src/ranking/tweet-schema.ts';
import type { Tweet } from '../../src/ranking/tweets.ts';
import { LinkError, linkPart } from '../../src/runs/link.ts';
import type { Link, LinkPart } from '../../src/runs/link.ts';
import { valueDifferences } from '../../src/runs/recipe-forms.ts';
import type { ScoringChoice, ScoringStore } from '../stores/scoring.ts';
import { stepsChanged } from '../stores/scoring.ts';
import { ALL, tweetsShown } from '../stores/tweets.ts';
import type { TweetsChoice, TweetsStore } from '../stores/tweets.ts';
import { differenceText } from './difference-text.ts';
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
  set: z.string().max(100_000).meta({ description: 'Id of a published set, or the text of another.' }),
  heads: z.record(z.string(), z.number()).default({}),
});
const heuristicsSchema = z.strictObject({
  preset: z.enum(heuristicPresets.map(({ id }) => id)),
  steps: z.array(z.unknown()).optional(),
});
const tweetsSchema = z.strictObject({
  set: z.string().min(1).max(100),
  /** Of a changed tweet what differs from the sample; null takes a key away. */
  edits: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  added: z.record(z.string(), tweetListSchema).default({}),
  ownSets: z
    .array(z.strictObject({ id: z.string().min(1), label: z.string(), tweets: tweetListSchema }))
    .default([]),
});

/** Where a ranking was read, and how it says what is wrong there. */
export interface RankingSource {
  readonly part: <T extends z.ZodType>(part: LinkPart, schema: T) => z.output<T> | undefined;
  readonly refusal: (path: readonly [LinkPart, ...(string | number)[]], why: string) => Error;
}

/** A link's. Refuses with LinkError. */
export function linkSource(link: Link): RankingSource {
  return {
    part: (part, schema) => linkPart(link, part, schema),
    refusal: ([part], why) => new LinkError(shareTexts.partUnusable(part, why)),
  };
}

/** What of the ranking is not as it comes. */
export function rankingOf({ scoring, tweets }: Stores): Partial<Pick<Link, LinkPart>> {
  const { weights, headWeights, preset, steps } = scoring.getState();
  const { set, edits, added, ownSets } = tweets.getState();
  const published = publishedScoreWeights.find(({ id }) => id === weights.id);
  const same = published && JSON.stringify(published) === JSON.stringify(weights);
  const plain = same && weights.id === FIRST_WEIGHTS && Object.keys(headWeights).length === 0;
  const changed = stepsChanged({ steps, preset });
  const originals = originalTweets(tweets.getState());
  const untouched = Object.keys(edits).length + Object.keys(added).length + ownSets.length === 0;
  return {
    ...(!plain && {
      weights: {
        set: same ? weights.id : scoreWeightsToYaml(weights),
        ...(Object.keys(headWeights).length > 0 && { heads: headWeights }),
      },
    }),
    ...((preset !== 'none' || changed) && {
      heuristics: { preset, ...(changed && { steps: JSON.parse(heuristicStepsToJson(steps)) as unknown }) },
    }),
    ...(!(untouched && set === ALL) && {
      tweets: {
        set,
        ...(Object.keys(edits).length > 0 && {
          edits: Object.fromEntries(
            Object.entries(edits).map(([key, tweet]) => [key, changedKeys(originals.get(key), tweet)]),
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
  const weights = source.part('weights', weightsSchema) ?? { set: FIRST_WEIGHTS, heads: {} };
  const heuristics = source.part('heuristics', heuristicsSchema) ?? { preset: 'none' as const };
  const given = source.part('tweets', tweetsSchema) ?? { set: ALL, edits: {}, added: {}, ownSets: [] };
  const originals = originalTweets(given);
  const known = [ALL, ...scenarios.map(({ id }) => id), ...given.ownSets.map(({ id }) => id)];
  return {
    scoring: {
      weights: weightsIn(weights.set, source),
      headWeights: weights.heads,
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
      edits: Object.fromEntries(
        Object.entries(given.edits).map(([key, change]) => [
          key,
          edited(source, key, originals.get(key), change),
        ]),
      ),
    },
  };
}

function weightsIn(set: string, source: RankingSource): ScoreWeights {
  const published = publishedScoreWeights.find(({ id }) => id === set);
  if (published) return published;
  const own = parsed(source, ['weights', 'set'], parseScoreWeights(set));
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

function edited(
  { refusal }: RankingSource,
  key: string,
  original: Tweet | undefined,
  change: Readonly<Record<string, unknown>>,
): Tweet {
  const whole = Object.entries({ ...original, ...change }).filter(([, value]) => value !== null);
  const tweet = tweetSchema.safeParse(Object.fromEntries(whole));
  if (tweet.success) return tweet.data;
  const words = original ? shareTexts.tweetUnreadable : shareTexts.tweetUnknown;
  throw refusal(['tweets', 'edits', key], words(key.slice(0, 60)));
}

/** Keys of a tweet that are not the original's; all of them where there is none. */
function changedKeys(original: Tweet | undefined, tweet: Tweet): Record<string, unknown> {
  const before: Record<string, unknown> = { ...original };
  const after: Record<string, unknown> = { ...tweet };
  return Object.fromEntries(
    [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => [name, after[name] ?? null]),
  );
}

/** By key, as they came. */
function originalTweets({ ownSets, added }: Pick<TweetsChoice, 'ownSets' | 'added'>): Map<string, Tweet> {
  const of = (set: string) => tweetsShown({ set, ownSets, edits: {}, added });
  const shown = [ALL, ...ownSets.map(({ id }) => id)].flatMap(of);
  return new Map(shown.map(({ key, original }) => [key, original]));
}

/** What would become different, in words. */
export function rankingDifferences(next: SharedRanking, { scoring, tweets }: Stores): string[] {
  const { weights, headWeights, preset, steps } = scoring.getState();
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
      { weights: { set: weights.label, ...weights.weights, rule: weights.rule }, ownHeads: headWeights },
      {
        weights: {
          set: next.scoring.weights.label,
          ...next.scoring.weights.weights,
          rule: next.scoring.weights.rule,
        },
        ownHeads: next.scoring.headWeights,
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
