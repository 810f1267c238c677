/**
 * From probabilities to a score: the weighted sum under the set's rule, then the serving code's map to a non-negative
 * score (heavy-ranker facts §6). All arithmetic is in double precision over the model's float32 probabilities, summed
 * in one fixed order, so that page and terminal print the same numbers.
 */
import { fixed, significant } from '../config/number-text.ts';
import { weightOf, weightTotals } from './score-weights.ts';
import type { ScoreWeights } from './score-weights.ts';

/** ε of the serving map: the width of the band that net-negative tweets share. */
export const SCORE_EPSILON = 0.001;

/** Probabilities of n candidates: row-major [n, tasks]. */
export interface ProbabilityTable {
  readonly tasks: readonly string[];
  readonly values: ArrayLike<number>;
}

export interface HeadContribution {
  readonly task: string;
  readonly probability: number;
  readonly weight: number;
  /** weight · probability, or 0 where the rule passes this head over. */
  readonly contribution: number;
  /** Under larger_of_two: 'counted' for the head that counts, 'passed_over' for the other; null otherwise. */
  readonly substitution: 'counted' | 'passed_over' | null;
}

export interface ScoreOffset {
  /** Which branch of the serving map applies. */
  readonly branch: 'no_weights' | 'negative' | 'positive';
  readonly positive: number;
  readonly negative: number;
  readonly epsilon: number;
  /** score − weightedSum: what the map adds. */
  readonly delta: number;
  /** The map with its numbers, one line. */
  readonly formula: string;
}

export interface ScoreBreakdown {
  /** In the table's task order. The contributions, added in this order, give weightedSum exactly. */
  readonly heads: readonly HeadContribution[];
  readonly weightedSum: number;
  readonly offset: ScoreOffset;
  /** The score before any heuristic. */
  readonly score: number;
  /** What the larger_of_two rule did here, one sentence; null under a plain weighted sum. */
  readonly substitution: string | null;
  /** Weighted heads that the model does not have: they add nothing. */
  readonly missingHeads: readonly string[];
}

/** A set made ready for one task order: scoring a row is then one loop. */
export interface ScoreFunction {
  readonly tasks: readonly string[];
  /** Weighted sum of row `row`. @throws RangeError naming head and row when a probability is not in [0, 1]. */
  weightedSum(values: ArrayLike<number>, row: number): number;
  /** The serving map: P + N = 0 → max(c, 0); c < 0 → (c + N)/(P + N)·ε; else c + ε. */
  offset(weightedSum: number): number;
}

/** Prepares `weights` for rows whose columns are `tasks`. */
export function scoreFunction(tasks: readonly string[], weights: ScoreWeights): ScoreFunction {
  const columnWeights = Float64Array.from(tasks, (task) => weightOf(weights, task));
  const pair =
    weights.rule.kind === 'larger_of_two'
      ? weights.rule.heads.map((task) => tasks.indexOf(task)).filter((column) => column >= 0)
      : [];
  const { positive, negative } = weightTotals(weights);
  return {
    tasks,
    weightedSum(values, row) {
      const start = row * tasks.length;
      const passedOver = passedOverColumn(values, start, pair);
      let sum = 0;
      for (let column = 0; column < tasks.length; column++) {
        const probability = values[start + column]!;
        if (!(probability >= 0 && probability <= 1)) {
          throw new RangeError(
            `Row ${row}: the probability of ${tasks[column]} is ${probability}; a score needs one between 0 and 1.`,
          );
        }
        if (column !== passedOver) sum += columnWeights[column]! * probability;
      }
      return sum;
    },
    offset: (weightedSum) => offsetScore(weightedSum, positive, negative),
  };
}

/** The serving map of the weighted sum c; P and N as in weightTotals. */
export function offsetScore(c: number, positive: number, negative: number): number {
  if (positive + negative === 0) return Math.max(c, 0);
  if (c < 0) return ((c + negative) / (positive + negative)) * SCORE_EPSILON;
  return c + SCORE_EPSILON;
}

/** Of the rule's two columns the one with the smaller probability; with equal ones the second. −1 where none is. */
function passedOverColumn(values: ArrayLike<number>, start: number, pair: readonly number[]): number {
  if (pair.length < 2) return -1;
  const [first, second] = [pair[0]!, pair[1]!];
  return values[start + second]! > values[start + first]! ? first : second;
}

/**
 * Everything a person needs to redo one score by hand. `probabilities` are one row in the order of `tasks`.
 * @throws RangeError naming the head when a probability is not in [0, 1].
 */
export function scoreBreakdown(
  tasks: readonly string[],
  probabilities: ArrayLike<number>,
  weights: ScoreWeights,
): ScoreBreakdown {
  const scorer = scoreFunction(tasks, weights);
  const weightedSum = scorer.weightedSum(probabilities, 0);
  const pairTasks: readonly string[] = weights.rule.kind === 'larger_of_two' ? weights.rule.heads : [];
  const pair = pairTasks.map((task) => tasks.indexOf(task)).filter((column) => column >= 0);
  const passedOver = passedOverColumn(probabilities, 0, pair);
  const heads = tasks.map((task, column): HeadContribution => {
    const probability = probabilities[column]!;
    const weight = weightOf(weights, task);
    const inPair = pair.includes(column);
    return {
      task,
      probability,
      weight,
      contribution: column === passedOver ? 0 : weight * probability,
      substitution: inPair ? (column === passedOver ? 'passed_over' : 'counted') : null,
    };
  });
  const { positive, negative } = weightTotals(weights);
  const score = scorer.offset(weightedSum);
  const weighted = [...Object.keys(weights.weights), ...pairTasks];
  return {
    heads,
    weightedSum,
    offset: {
      branch: positive + negative === 0 ? 'no_weights' : weightedSum < 0 ? 'negative' : 'positive',
      positive,
      negative,
      epsilon: SCORE_EPSILON,
      delta: score - weightedSum,
      formula: offsetFormula(weightedSum, positive, negative),
    },
    score,
    substitution: substitutionSentence(heads, pairTasks, weights),
    missingHeads: [...new Set(weighted)].filter(
      (task) => !tasks.includes(task) && weightOf(weights, task) !== 0,
    ),
  };
}

function offsetFormula(c: number, positive: number, negative: number): string {
  const sum = fixed(c, 6);
  if (positive + negative === 0) return `All weights are 0, so the score is max(${sum}, 0).`;
  if (c < 0) {
    return `The sum is negative, so the score is (${sum} + ${negative}) / (${positive} + ${negative}) × ${SCORE_EPSILON}: between 0 and ${SCORE_EPSILON}, below every tweet whose sum is not negative.`;
  }
  return `The score is ${sum} + ${SCORE_EPSILON}.`;
}

function substitutionSentence(
  heads: readonly HeadContribution[],
  pairTasks: readonly string[],
  weights: ScoreWeights,
): string | null {
  if (weights.rule.kind !== 'larger_of_two') return null;
  const counted = heads.find((head) => head.substitution === 'counted');
  const passed = heads.find((head) => head.substitution === 'passed_over');
  const present = heads.filter((head) => pairTasks.includes(head.task));
  if (present.length === 0) return `The model has neither of the two heads ${pairTasks.join(' and ')}.`;
  if (!counted || !passed)
    return `Only ${present[0]!.task} is in the model, so it counts, times ${weights.rule.weight}.`;
  return `The larger of the two probabilities counts, once: ${counted.task} (${significant(counted.probability, 3)}) × ${weights.rule.weight}; ${passed.task} (${significant(passed.probability, 3)}) is passed over.`;
}
