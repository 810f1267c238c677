/** The steps from the first head to the final score, each starting where the last one ended, ready to draw and to print. */
import { heuristicById } from '../../../src/ranking/heuristics/registry.ts';
import type { DroppedTweet, RankedTweet } from '../../../src/ranking/rank.ts';
import type { HeadContribution, ScoreBreakdown } from '../../../src/ranking/score.ts';

interface Span {
  /** The running total before and after. */
  readonly from: number;
  readonly to: number;
}

export type WaterfallRow =
  | (Span & { readonly kind: 'head'; readonly head: HeadContribution })
  | (Span & { readonly kind: 'sum' | 'score' | 'final' })
  | (Span & { readonly kind: 'offset' })
  | (Span & {
      readonly kind: 'factor';
      readonly id: string;
      readonly label: string;
      readonly factor: number;
    });

export interface Waterfall {
  readonly rows: readonly WaterfallRow[];
  readonly low: number;
  readonly high: number;
  /** Digits after the point that every added number is printed with. */
  readonly digits: number;
}

export function waterfall(breakdown: ScoreBreakdown, scored: RankedTweet | DroppedTweet): Waterfall {
  const rows: WaterfallRow[] = [];
  let total = 0;
  for (const head of breakdown.heads) {
    const from = total;
    total += head.contribution;
    rows.push({ kind: 'head', head, from, to: total });
  }
  rows.push({ kind: 'sum', from: 0, to: breakdown.weightedSum });
  rows.push({ kind: 'offset', from: breakdown.weightedSum, to: breakdown.score });
  const factors = Object.entries(scored.factors).filter(([, factor]) => factor !== 1);
  if (factors.length > 0) rows.push({ kind: 'score', from: 0, to: breakdown.score });
  let score = breakdown.score;
  for (const [id, factor] of factors) {
    const from = score;
    score *= factor;
    rows.push({ kind: 'factor', id, label: heuristicById(id).label, factor, from, to: score });
  }
  rows.push({ kind: 'final', from: 0, to: scored.score });
  const ends = rows.flatMap(({ from, to }) => [from, to]);
  return {
    rows,
    low: Math.min(0, ...ends),
    high: Math.max(1e-9, ...ends),
    digits: Math.abs(scored.score) < 0.01 ? 6 : 4,
  };
}
