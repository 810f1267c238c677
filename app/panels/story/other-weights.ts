/** The other published weights over the same guesses, and what that does to the order, counted. */
import { rankedView } from '../../../src/ranking/ranked-view.ts';
import { publishedScoreWeights } from '../../../src/ranking/score-weights.ts';
import type { ScoreWeights } from '../../../src/ranking/score-weights.ts';
import { candidateOf } from '../../../src/ranking/tweets.ts';
import { count, weightText } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { pretrainedMisfit } from '../../session/pretrained.ts';
import type { Session } from '../../session/session.ts';
import { rankedBy } from '../../stores/ranking.ts';
import { weightsFor } from '../../stores/scoring.ts';
import { tweetsShown } from '../../stores/tweets.ts';
import { storyTexts } from '../../texts/story.ts';

/** Takes the published set that is not in use. @returns what moved in words; null where there is no order yet. */
export function takeOtherWeights(session: Session): string | null {
  const before = orderOf(session);
  const scoring = session.scoring.getState();
  const other = publishedScoreWeights.find((set) => set.id !== scoring.weights.id);
  if (!other) return null;
  scoring.chooseWeights(other.id);
  const after = orderOf(session);
  if (!before || !after) return null;
  return [movedText(before, after, other.label), ...weightsText(scoring.weights, other)].join(' ');
}

/** Sentences on what one set weighs otherwise than the one before, the most at most. */
export function weightsText(before: ScoreWeights, now: ScoreWeights, most = 2): string[] {
  const heads = Object.keys(now.weights).filter(
    (task) => before.weights[task] !== undefined && before.weights[task] !== now.weights[task],
  );
  const weight = (set: ScoreWeights, task: string): string => weightText(set.weights[task] ?? 0);
  const told = heads
    .slice(0, most)
    .map((task) => storyTexts.weighs(headStyle(task).label, weight(now, task), weight(before, task)));
  if (before.rule.kind === now.rule.kind) return told;
  return [...told, now.rule.kind === 'larger_of_two' ? storyTexts.onlyLikelier : storyTexts.bothCount];
}

/** Tweets from the first to the last. */
export type Order = readonly { readonly key: string; readonly author: string }[];

export function movedText(before: Order, after: Order, label: string): string {
  const moved = after.filter(({ key }, at) => before[at]?.key !== key).length;
  const [was, is] = [before[0], after[0]];
  const first =
    was?.key === is?.key
      ? storyTexts.staysFirst(is?.author ?? '')
      : storyTexts.nowFirst(is?.author ?? '', was?.author ?? '');
  return storyTexts.otherWeights(label, count(moved), count(after.length), first);
}

function orderOf({ tweets, ranking, scoring, draft, rankingModel }: Session): Order | null {
  const shown = tweetsShown(tweets.getState());
  const { at, snapshot } = rankedBy(ranking.getState(), pretrainedMisfit(draft.getState().config));
  if (!snapshot) return null;
  const table = rankingModel.predictions.table(shown, snapshot.tasks, at);
  if (!table) return null;
  const { steps } = scoring.getState();
  const weights = weightsFor(snapshot.tasks, scoring.getState());
  const { ranked } = rankedView(shown, ({ tweet }) => candidateOf(tweet), table, weights, steps, null);
  return ranked.map(({ item }) => ({ key: item.key, author: item.tweet.author.name }));
}
