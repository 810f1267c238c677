/** Tweets as a JSON file: a list of tweets, or an object with a `tweets` list. */
import { z } from 'zod';
import { parseJsonText } from './text/json-text.ts';
import { problemsOfIssues } from './text/text-problem.ts';
import type { Parsed } from './text/text-problem.ts';
import { tweetListSchema } from './tweets.ts';
import type { Tweet } from './tweets.ts';

const fileSchema = z.strictObject({ tweets: tweetListSchema });

/**
 * Reads tweets from JSON text.
 * @returns the tweets with defaults filled in, or every problem with its path, line and column
 */
export function parseTweets(text: string): Parsed<Tweet[]> {
  const json = parseJsonText(text);
  if (!json.value) return json;
  const { value, locate } = json.value;
  if (Array.isArray(value)) {
    const result = tweetListSchema.safeParse(value);
    if (result.success) return { value: result.data, problems: [] };
    return { value: null, problems: problemsOfIssues(result.error.issues, text, locate) };
  }
  const result = fileSchema.safeParse(value);
  if (result.success) return { value: result.data.tweets, problems: [] };
  return { value: null, problems: problemsOfIssues(result.error.issues, text, locate) };
}

/** Tweets as JSON text that `parseTweets` reads back the same. */
export function tweetsToJson(tweets: readonly Tweet[]): string {
  return `${JSON.stringify({ tweets }, null, 2)}\n`;
}
