/**
 * Ranking: probabilities → scores → heuristics → the final order, with what happened to each candidate on the way.
 *
 * Order is deterministic: a higher score first, equal scores in the order of the input. Steps run in their list's
 * order. Scaling steps multiply scores; before a step that drops or moves, and at the end, the list is sorted by score
 * if a factor has changed since it was last in order.
 */
import { byScore, shortNumber, withDefaults } from './heuristics/heuristic.ts';
import type { Candidate, Dropped, Entry, Heuristic } from './heuristics/heuristic.ts';
import type { HeuristicStep } from './heuristics/presets.ts';
import { heuristicById } from './heuristics/registry.ts';
import { scoreFunction } from './score.ts';
import type { ProbabilityTable } from './score.ts';
import type { ScoreWeights } from './score-weights.ts';

export interface RankingEvent {
  /** The heuristic's id. */
  readonly step: string;
  readonly kind: 'scaled' | 'moved' | 'dropped';
  /** A sentence for the tweet's card. */
  readonly reason: string;
}

interface ScoredCandidate {
  readonly id: string;
  /** Row in candidates and probabilities. */
  readonly index: number;
  readonly weightedSum: number;
  /** The score before any heuristic: the weighted sum after the serving map. */
  readonly baseScore: number;
  /** baseScore times all factors. */
  readonly score: number;
  /** 1-based position by baseScore alone, over all candidates. */
  readonly rankBefore: number;
  /** Factor by heuristic id, of the steps that applied, in their order. Their product is score / baseScore. */
  readonly factors: Readonly<Record<string, number>>;
  readonly events: readonly RankingEvent[];
}

export interface RankedTweet extends ScoredCandidate {
  /** 1-based final position. */
  readonly rank: number;
  /** Why it stands elsewhere than by its score alone, one or more sentences; null where it does not. */
  readonly reason: string | null;
}

export interface DroppedTweet extends ScoredCandidate {
  /** The step that dropped it. */
  readonly step: string;
  readonly reason: string;
}

export interface Ranking {
  /** In final order. */
  readonly ranked: readonly RankedTweet[];
  /** In the order in which they were dropped. */
  readonly dropped: readonly DroppedTweet[];
}

/** What the run over the steps knows of one candidate; mutable inside `rank` only. */
interface Trace {
  readonly factors: Record<string, number>;
  readonly events: RankingEvent[];
  droppedBy: string | null;
}

/**
 * Ranks candidates.
 * @param probabilities row i belongs to candidates[i]
 * @throws RangeError for row counts that differ, ids that occur twice, a step whose heuristic does not exist or occurs
 *   twice, a probability outside [0, 1]; each names the place
 */
export function rank(
  candidates: readonly Candidate[],
  probabilities: ProbabilityTable,
  weights: ScoreWeights,
  steps: readonly HeuristicStep[],
): Ranking {
  checkRows(candidates, probabilities);
  const active = activeSteps(steps);
  const scorer = scoreFunction(probabilities.tasks, weights);
  const sums = candidates.map((_, row) => scorer.weightedSum(probabilities.values, row));
  const start = candidates.map((candidate, index): Entry => {
    const baseScore = scorer.offset(sums[index]!);
    return { candidate, index, baseScore, score: baseScore };
  });
  const before = start.toSorted(byScore);
  const rankBefore = new Map(before.map((entry, position) => [entry.index, position + 1]));
  const traces = candidates.map((): Trace => ({ factors: {}, events: [], droppedBy: null }));
  const droppedEntries: Entry[] = [];

  let list: Entry[] = before;
  let inOrder = true;
  const drop = (step: string, gone: readonly Dropped[]) => {
    for (const { entry, reason } of gone) {
      const trace = traces[entry.index]!;
      trace.events.push({ step, kind: 'dropped', reason });
      trace.droppedBy = step;
      droppedEntries.push(entry);
    }
  };

  for (const { heuristic, constants } of active) {
    if (heuristic.kind === 'scale') {
      const gone = heuristic.drops?.(list, constants) ?? [];
      drop(heuristic.id, gone);
      const goneEntries = new Set(gone.map(({ entry }) => entry));
      const left = goneEntries.size > 0 ? list.filter((entry) => !goneEntries.has(entry)) : list;
      const scalings = heuristic.scale(left, constants);
      list = left.map((entry, position) => {
        const scaling = scalings[position];
        if (!scaling) return entry;
        const trace = traces[entry.index]!;
        trace.factors[heuristic.id] = scaling.factor;
        if (scaling.factor === 1) return entry;
        trace.events.push({ step: heuristic.id, kind: 'scaled', reason: scaling.reason });
        inOrder = false;
        return { ...entry, score: entry.score * scaling.factor };
      });
    } else {
      if (!inOrder) list.sort(byScore);
      inOrder = true;
      const selection = heuristic.select(list, constants);
      drop(heuristic.id, selection.dropped);
      for (const { entry, reason } of selection.moved) {
        traces[entry.index]!.events.push({ step: heuristic.id, kind: 'moved', reason });
      }
      list = [...selection.kept];
    }
  }
  if (!inOrder) list.sort(byScore);

  const describe = (entry: Entry): ScoredCandidate => {
    const { factors, events } = traces[entry.index]!;
    return {
      id: entry.candidate.id,
      index: entry.index,
      weightedSum: sums[entry.index]!,
      baseScore: entry.baseScore,
      score: entry.score,
      rankBefore: rankBefore.get(entry.index)!,
      factors,
      events,
    };
  };
  const anyDropped = droppedEntries.length > 0;
  return {
    ranked: list.map((entry, position) => {
      const scored = describe(entry);
      return { ...scored, rank: position + 1, reason: changeReason(scored, position + 1, anyDropped) };
    }),
    dropped: droppedEntries.map((entry) => {
      const scored = describe(entry);
      const reason = scored.events.at(-1)!.reason;
      return { ...scored, step: traces[entry.index]!.droppedBy!, reason };
    }),
  };
}

function checkRows(candidates: readonly Candidate[], { tasks, values }: ProbabilityTable): void {
  if (values.length !== candidates.length * tasks.length) {
    throw new RangeError(
      `${candidates.length} candidates with ${tasks.length} heads need ${candidates.length * tasks.length} probabilities; there are ${values.length}.`,
    );
  }
  const rows = new Map<string, number>();
  for (const [row, { id }] of candidates.entries()) {
    const first = rows.get(id);
    if (first !== undefined) {
      throw new RangeError(`Candidates ${first} and ${row} both have the id "${id}"; ids must differ.`);
    }
    rows.set(id, row);
  }
}

function activeSteps(steps: readonly HeuristicStep[]) {
  const seen = new Set<string>();
  const active: { heuristic: Heuristic; constants: Readonly<Record<string, number>> }[] = [];
  for (const step of steps) {
    if (seen.has(step.id)) {
      throw new RangeError(`The heuristic "${step.id}" occurs twice; a list names each one once.`);
    }
    seen.add(step.id);
    const heuristic = heuristicById(step.id);
    if (step.enabled) active.push({ heuristic, constants: withDefaults(heuristic, step.constants) });
  }
  return active;
}

/** The tweet's own events, or what its neighbours' events did to it. */
function changeReason(scored: ScoredCandidate, rank: number, anyDropped: boolean): string | null {
  const { rankBefore, events, score, baseScore } = scored;
  if (rank === rankBefore && events.length === 0) return null;
  const way =
    rank === rankBefore
      ? `Stays at ${rank}.`
      : `${rank < rankBefore ? 'Up' : 'Down'} from ${rankBefore} to ${rank}.`;
  if (events.length > 0) {
    const product =
      Object.keys(scored.factors).length > 1 ? ` Together × ${shortNumber(score / baseScore)}.` : '';
    return `${way} ${events.map((event) => event.reason).join(' ')}${baseScore > 0 ? product : ''}`;
  }
  const cause =
    rank > rankBefore
      ? 'tweets from below were scaled up or moved past it'
      : anyDropped
        ? 'tweets above it were dropped, scaled down or moved'
        : 'tweets above it were scaled down or moved';
  return `${way} Nothing changed its own score: ${cause}.`;
}
