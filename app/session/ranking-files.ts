/** Files of head weights and of tweets, opened where their tools are or dropped anywhere: read by one code, kept by one. */
import { problemsText } from '../../src/config/text/text-problem.ts';
import { parseScoreWeights } from '../../src/ranking/score-weights-file.ts';
import type { ScoreWeights } from '../../src/ranking/score-weights.ts';
import { parseTweets } from '../../src/ranking/tweets-file.ts';
import type { Tweet } from '../../src/ranking/tweets.ts';
import { readTextFile } from '../parts/read-text-file.ts';
import type { RankingStore } from '../stores/ranking.ts';
import type { ScoringStore } from '../stores/scoring.ts';
import type { TweetsStore } from '../stores/tweets.ts';
import { SessionInputError } from './draft-recipe.ts';

export interface TakenTweets {
  readonly tweets: readonly Tweet[];
  /** What the text does not say. */
  readonly notes: readonly string[];
}

/** @throws SessionInputError for what is no text. */
export async function textOfFile(file: File): Promise<string> {
  const read = await readTextFile(file);
  if ('problem' in read) throw new SessionInputError(read.problem);
  return read.text;
}

/** Head weights of a text become a set of the person's own, and the one chosen. @throws SessionInputError with all that is wrong, at its place. */
export function takeWeights(text: string, { scoring }: { readonly scoring: ScoringStore }): ScoreWeights {
  const { value, problems } = parseScoreWeights(text);
  if (!value) throw new SessionInputError(problemsText(problems));
  scoring.getState().addWeights(value);
  return value;
}

/** Tweets of a text become a set of this name, and the one shown. @throws SessionInputError likewise. */
export function takeTweets(
  name: string,
  text: string,
  { tweets, ranking }: { readonly tweets: TweetsStore; readonly ranking: RankingStore },
): TakenTweets {
  const { value, problems, notes = [] } = parseTweets(text);
  if (!value) throw new SessionInputError(problemsText(problems));
  tweets.getState().saveAs(name.replace(/\.js(?:on)?$/i, ''), value);
  ranking.getState().select(null);
  return { tweets: value, notes };
}
