/**
 * The ranking as a bundle carries it beside its runs: what a link would say of it, and the sets of weights that are kept.
 * Taken in, sets come to those that are here, and what is shown is theirs, as one edit.
 */
import { z } from '../../src/config/zod.ts';
import type { ScoreWeights } from '../../src/ranking/score-weights.ts';
import { bundleRankingText, readRanking } from '../../src/runs/bundle-ranking.ts';
import type { FoundRanking } from '../../src/runs/bundle.ts';
import type { ScoringState, ScoringStore } from '../stores/scoring.ts';
import type { OwnSet, TweetsChoice, TweetsStore } from '../stores/tweets.ts';
import { freshId } from '../stores/tweets.ts';
import { packedWeights, packedWeightsSchema, sameWeights, unpackedWeights } from './packed-weights.ts';
import { parsed, rankingIn, rankingOf } from './share-ranking.ts';

interface Stores {
  readonly scoring: ScoringStore;
  readonly tweets: TweetsStore;
}

const ownWeightsSchema = z.array(packedWeightsSchema).max(1000);

/** The text of the file; null where all is as it comes. */
export function rankingForBundle(stores: Stores, app: string): string | null {
  const own = stores.scoring.getState().ownWeights;
  const parts = {
    ...rankingOf(stores),
    ...(own.length > 0 && { ownWeights: own.map(packedWeights) }),
  };
  return Object.keys(parts).length === 0 ? null : bundleRankingText(parts, app);
}

/** What of a bundle's ranking comes into the stores. */
export interface BundledRanking {
  readonly scoring: Pick<ScoringState, 'weights' | 'headSet' | 'preset' | 'steps' | 'ownWeights'>;
  readonly tweets: TweetsChoice;
}

/**
 * Reads a bundle's ranking against what is here; nothing has changed yet.
 * @throws BundleError naming the place of what is wrong.
 */
export function bundledRanking(found: FoundRanking, { scoring, tweets }: Stores): BundledRanking {
  const source = readRanking(found.text, found.path);
  const shared = rankingIn(source);
  const packed = source.part('ownWeights', ownWeightsSchema) ?? [];
  const sets = packed.map((set, at) => parsed(source, ['ownWeights', at], unpackedWeights(set)));
  const { ownWeights } = scoring.getState();
  const all = withWeightSets(ownWeights, sets);
  const mine = (set: ScoreWeights): ScoreWeights => all.find((own) => sameNumbers(own, set)) ?? set;
  return {
    scoring: {
      ...shared.scoring,
      ownWeights: all,
      weights: mine(shared.scoring.weights),
      headSet: mine(shared.scoring.headSet),
    },
    tweets: joinedTweets(tweets.getState(), shared.tweets),
  };
}

/** Own sets and those of a bundle that are not among them. */
function withWeightSets(own: readonly ScoreWeights[], more: readonly ScoreWeights[]): ScoreWeights[] {
  const all = [...own];
  for (const set of more) {
    if (all.some((one) => sameNumbers(one, set))) continue;
    const id = freshId(
      'own',
      all.map((one) => one.id),
    );
    all.push({ ...set, id });
  }
  return all;
}

/** Whatever their ids are, which are of the browser that they are from. */
function sameNumbers(a: ScoreWeights, b: ScoreWeights): boolean {
  return sameWeights({ ...a, id: '' }, { ...b, id: '' });
}

/** What is shown is theirs; own sets, what was changed in them and added to them, stay. */
function joinedTweets(mine: TweetsChoice, theirs: TweetsChoice): TweetsChoice {
  const ids = new Map<string, string>();
  const ownSets: OwnSet[] = [...mine.ownSets];
  for (const set of theirs.ownSets) {
    const same = ownSets.find(
      ({ label, tweets }) => label === set.label && JSON.stringify(tweets) === JSON.stringify(set.tweets),
    );
    const id =
      same?.id ??
      freshId(
        'set',
        ownSets.map((own) => own.id),
      );
    ids.set(set.id, id);
    if (!same) ownSets.push({ ...set, id });
  }
  const there = (set: string): string => ids.get(set) ?? set;
  const renamed = (key: string): string => {
    const [set = '', ...rest] = key.split('/');
    return rest.length > 0 ? [there(set), ...rest].join('/') : key;
  };
  const isMine = (set: string): boolean =>
    mine.ownSets.some(({ id }) => id === set) && ![...ids.values()].includes(set);
  const kept = <T>(record: Readonly<Record<string, T>>, setOf: (key: string) => string): [string, T][] =>
    Object.entries(record).filter(([key]) => isMine(setOf(key)));
  return {
    set: there(theirs.set),
    ownSets,
    edits: Object.fromEntries([
      ...kept(mine.edits, (key) => key.split('/')[0] ?? ''),
      ...Object.entries(theirs.edits).map(([key, tweet]) => [renamed(key), tweet] as const),
    ]),
    added: Object.fromEntries([
      ...kept(mine.added, (set) => set),
      ...Object.entries(theirs.added).map(([set, list]) => [there(set), list] as const),
    ]),
  };
}

/** Into the stores. */
export function putBundledRanking(next: BundledRanking, { scoring, tweets }: Stores): void {
  scoring.getState().replace(next.scoring);
  tweets.getState().replace(next.tweets);
}
