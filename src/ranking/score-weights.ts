/**
 * Score weights: how a model's probabilities become one weighted sum. The published sets are data here; a set says its rule
 * along with its numbers, because the set of 2023-03-31 is no plain weighted sum.
 */
import { heads } from './heads.ts';

/** Largest weight of a head, to either side. */
export const MAX_WEIGHT = 1_000_000;

export type ScoreRule =
  /** Σ weight · probability over all heads. */
  | { readonly kind: 'weighted_sum' }
  /**
   * As a weighted sum, but of the two `heads` only the larger probability counts, times `weight`; the other counts
   * nothing. Neither of the two has an entry in `weights`.
   */
  | { readonly kind: 'larger_of_two'; readonly heads: readonly [string, string]; readonly weight: number };

export interface ScoreWeights {
  /** Stable id: a publication date for published sets, free for own ones. */
  readonly id: string;
  readonly label: string;
  /** ISO date of publication; null for own sets. */
  readonly date: string | null;
  /** Where the numbers come from, one sentence. */
  readonly source: string;
  readonly rule: ScoreRule;
  /** Weight by task name; one of the ten heads without an entry weighs 0, another one as weightsOfHeads says. */
  readonly weights: Readonly<Record<string, number>>;
}

export const GOOD_CLICK = 'recap.engagement.is_good_clicked_convo_desc_favorited_or_replied';
export const GOOD_CLICK_V2 = 'recap.engagement.is_good_clicked_convo_desc_v2';

const shared = {
  'recap.engagement.is_favorited': 0.5,
  'recap.engagement.is_retweeted': 1,
  'recap.engagement.is_profile_clicked_and_profile_engaged': 12,
  'recap.engagement.is_video_playback_50': 0.005,
  'recap.engagement.is_replied_reply_engaged_by_author': 75,
  'recap.engagement.is_negative_feedback_v2': -74,
  'recap.engagement.is_report_tweet_clicked': -369,
};

export const publishedScoreWeights: readonly ScoreWeights[] = [
  {
    id: '2023-03-31',
    label: 'Published 2023-03-31',
    date: '2023-03-31',
    source:
      "The head weights stated with the code's first publication; of the two good-click heads only the larger counts.",
    rule: { kind: 'larger_of_two', heads: [GOOD_CLICK, GOOD_CLICK_V2], weight: 11 },
    weights: { ...shared, 'recap.engagement.is_replied': 27 },
  },
  {
    id: '2023-04-05',
    label: 'Published 2023-04-05',
    date: '2023-04-05',
    source: 'The head weights stated in the published heavy ranker documentation: one plain weighted sum.',
    rule: { kind: 'weighted_sum' },
    weights: {
      ...shared,
      'recap.engagement.is_replied': 13.5,
      [GOOD_CLICK]: 11,
      [GOOD_CLICK_V2]: 10,
    },
  },
];

/** What weights are and are not; shown wherever a person edits them. */
export const weightsCaution =
  'Weights multiply predicted probabilities. They are not exchange rates between counts: what a head adds to a score is its weight times how likely the act is, and the likelihoods differ by orders of magnitude.';

/**
 * The published set of that id.
 * @throws RangeError naming the known ids when there is none.
 */
export function publishedWeights(id: string): ScoreWeights {
  const set = publishedScoreWeights.find((entry) => entry.id === id);
  if (!set) {
    const known = publishedScoreWeights.map((entry) => entry.id).join(', ');
    throw new RangeError(`There are no published score weights "${id}"; there are ${known}.`);
  }
  return set;
}

/** Every head counts the same: where nobody has published weights, as for the heads of one's own table. */
export function equalWeights(tasks: readonly string[]): ScoreWeights {
  return {
    id: 'equal',
    label: 'All heads alike',
    date: null,
    source: 'Nobody has published weights for these heads: each weighs 1.',
    rule: { kind: 'weighted_sum' },
    weights: Object.fromEntries(tasks.map((task) => [task, 1])),
  };
}

/** The set that a model's heads are scored by before a person chooses: the latest published one that weighs any of them. */
export function defaultWeights(tasks: readonly string[]): ScoreWeights {
  const known = publishedScoreWeights.findLast((set) => tasks.some((task) => weightOf(set, task) !== 0));
  return known ? weightsOfHeads(tasks, known) : equalWeights(tasks);
}

const ten: ReadonlySet<string> = new Set(heads.map(({ task }) => task));

/** Whether a head is one of the ten that sets were published for. */
export function isOfTen(task: string): boolean {
  return ten.has(task);
}

/** Whether the set says what a head weighs. */
export function weighs(set: ScoreWeights, task: string): boolean {
  return inRule(set, task) || Object.hasOwn(set.weights, task);
}

/** The set as it weighs a model's heads: those of the person's own that it does not name weigh 1 each. */
export function weightsOfHeads(tasks: readonly string[], set: ScoreWeights): ScoreWeights {
  const unnamed = tasks.filter((task) => !isOfTen(task) && !weighs(set, task));
  if (unnamed.length === 0) return set;
  return { ...set, weights: { ...set.weights, ...Object.fromEntries(unnamed.map((task) => [task, 1])) } };
}

/**
 * The weight of a head as a person sees it in a table: under `larger_of_two` both heads show the shared weight, though
 * only one of them counts per tweet.
 */
export function weightOf(set: ScoreWeights, task: string): number {
  if (set.rule.kind === 'larger_of_two' && set.rule.heads.includes(task)) return set.rule.weight;
  return Object.hasOwn(set.weights, task) ? set.weights[task]! : 0;
}

/** The same set with one head's weight changed, for sliders; both heads of a larger_of_two rule share one weight. */
export function withWeight(set: ScoreWeights, task: string, weight: number): ScoreWeights {
  if (set.rule.kind === 'larger_of_two' && set.rule.heads.includes(task)) {
    return { ...set, rule: { ...set.rule, weight } };
  }
  return { ...set, weights: { ...set.weights, [task]: weight } };
}

/**
 * P = sum of the positive weights and N = |sum of the negative ones|, over the whole set whether or not a model has
 * every head. The shared weight of larger_of_two counts once.
 */
export function weightTotals(set: ScoreWeights): { readonly positive: number; readonly negative: number } {
  let positive = 0;
  let negative = 0;
  const all = Object.entries(set.weights)
    .filter(([task]) => !inRule(set, task))
    .map(([, weight]) => weight);
  if (set.rule.kind === 'larger_of_two') all.push(set.rule.weight);
  for (const weight of all) {
    if (weight > 0) positive += weight;
    else negative -= weight;
  }
  return { positive, negative };
}

function inRule(set: ScoreWeights, task: string): boolean {
  return set.rule.kind === 'larger_of_two' && set.rule.heads.includes(task);
}
