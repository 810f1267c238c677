/** A run's recorded predictions as orders: each tweet's rank over the steps, and how close to the teacher each order was. */
import type { MetricValue } from '../../src/metrics/metric-value.ts';
import { baseScores, orderAgreement } from '../../src/ranking/compare.ts';
import type { HeuristicStep } from '../../src/ranking/heuristics/presets.ts';
import { rank } from '../../src/ranking/rank.ts';
import { rowsOfTable } from '../../src/ranking/ranked-view.ts';
import type { ProbabilityTable } from '../../src/ranking/score.ts';
import type { ScoreWeights } from '../../src/ranking/score-weights.ts';
import { candidateOf } from '../../src/ranking/tweets.ts';
import type { Tweet } from '../../src/ranking/tweets.ts';
import { labTrainingTexts } from '../texts/lab-tools.ts';
import type { Snapshot } from './ranking.ts';
import type { TwinTable } from './twin-table.ts';

export interface Trajectories {
  readonly steps: readonly number[];
  /** By tweet id: its place at each of the steps, null where a heuristic dropped it. */
  readonly places: ReadonlyMap<string, readonly (number | null)[]>;
}

export interface AgreementPoint {
  readonly step: number;
  readonly ndcgAt10: MetricValue;
  readonly spearman: MetricValue;
  readonly top10Overlap: MetricValue;
}

/** Which rows of a snapshot to rank: those of `shown` among all the watched tweets. */
export function rowsOf(watched: readonly Tweet[], shown: readonly Tweet[]): number[] {
  const ids = new Set(shown.map(({ id }) => id));
  return watched.flatMap(({ id }, row) => (ids.has(id) ? [row] : []));
}

function tableOf({ tasks, probabilities }: Snapshot, rows: readonly number[]): ProbabilityTable {
  return rowsOfTable({ tasks, values: probabilities }, rows);
}

/**
 * Ranks each snapshot, remembering the ones it has ranked: a running run adds one at a time. A remembered order holds as
 * long as the rows, the weights and the steps are the same objects.
 */
export class TrajectoryMaker {
  private key: readonly unknown[] = [];
  private places = new WeakMap<Snapshot, ReadonlyMap<string, number>>();

  make(
    history: readonly Snapshot[],
    watched: readonly Tweet[],
    rows: readonly number[],
    weights: ScoreWeights,
    steps: readonly HeuristicStep[],
  ): Trajectories {
    const key = [rows, weights, steps];
    if (key.some((part, i) => part !== this.key[i])) this.places = new WeakMap();
    this.key = key;
    const candidates = rows.map((row) => candidateOf(watched[row]!));
    const orders = history.map((snapshot) => {
      const known = this.places.get(snapshot);
      if (known) return known;
      const { ranked } = rank(candidates, tableOf(snapshot, rows), weights, steps);
      const places = new Map(ranked.map((entry) => [entry.id, entry.rank]));
      this.places.set(snapshot, places);
      return places;
    });
    return {
      steps: history.map(({ step }) => step),
      places: new Map(candidates.map(({ id }) => [id, orders.map((places) => places.get(id) ?? null)])),
    };
  }
}

/** The score's order against the teacher's at each snapshot, before heuristics. @param teacher row i belongs to rows[i] */
export function agreements(
  history: readonly Snapshot[],
  rows: readonly number[],
  teacher: ProbabilityTable,
  weights: ScoreWeights,
): AgreementPoint[] {
  const reference = baseScores(teacher, weights);
  return history.map((snapshot) => ({
    step: snapshot.step,
    ...orderAgreement(baseScores(tableOf(snapshot, rows), weights), reference),
  }));
}

/** Tweets to draw: those among the first `top` at the end or at the start, the last order's first. */
export function topTweets({ places }: Trajectories, top = 10): string[] {
  const end = (id: string): number => places.get(id)?.at(-1) ?? Infinity;
  return [...places.keys()].filter((id) => end(id) <= top).toSorted((a, b) => end(a) - end(b));
}

type Named = ReadonlyMap<string, string>;

/** Where each tweet was at first, at best and is now. @param trajectories null for none. */
export function placesTable(
  trajectories: Trajectories | null,
  shown: readonly string[],
  names: Named,
): TwinTable {
  const { tweet, untrained, best, now, dropped } = labTrainingTexts;
  return {
    columns: [tweet, untrained, best, now],
    rows: shown.map((id) => {
      const line = trajectories?.places.get(id) ?? [];
      const ranked = line.filter((place) => place !== null);
      const least = ranked.length > 0 ? Math.min(...ranked) : null;
      return [names.get(id) ?? id, line[0] ?? dropped, least, line.at(-1) ?? dropped];
    }),
  };
}

/** Every place: one row a step, one column a tweet; none where it was dropped. */
export function placesByStep(
  trajectories: Trajectories | null,
  shown: readonly string[],
  names: Named,
): TwinTable {
  return {
    columns: [labTrainingTexts.step, ...shown.map((id) => names.get(id) ?? id)],
    rows: (trajectories?.steps ?? []).map((step, at) => [
      step,
      ...shown.map((id) => trajectories?.places.get(id)?.[at] ?? null),
    ]),
  };
}
