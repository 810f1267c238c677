/**
 * Tweets as a JSON file: a list of tweets, or an object with a `tweets` list, in our own form or in one of X's (API,
 * archive, embedded post).
 */
import { z } from '../config/zod.ts';
import { isPlainObject } from '../config/plain-object.ts';
import { parseJsonText } from '../config/text/json-text.ts';
import type { LocatedJson } from '../config/text/json-text.ts';
import { problemsOfIssues } from '../config/text/text-problem.ts';
import type { LocatedValue, Parsed } from '../config/text/text-problem.ts';
import { convertPosts } from './tweets-foreign.ts';
import { tweetListSchema } from './tweet-schema.ts';
import type { Tweet } from './tweets.ts';

const fileSchema = z.strictObject({
  /** Version of the program that wrote it. */
  app: z.string().optional(),
  tweets: tweetListSchema,
});

export type ParsedTweets = Parsed<Tweet[]> & {
  /** What was filled in because the file does not say it. */
  readonly notes?: readonly string[];
};

/** What the archive's tweets.js puts before its list. */
const ARCHIVE_HEAD = /^\uFEFF?\s*window\.YTD\.\w+\.part\d+\s*=/;

/**
 * Reads tweets from JSON text. Ids that are numbers keep all their digits.
 * @param now time that the ages of X's posts are counted from, in milliseconds since 1970
 * @returns the tweets with defaults filled in, or every problem with its path, line and column
 */
export function parseTweets(text: string, now: number = Date.now()): ParsedTweets {
  // As many spaces, so that places stay.
  const json = parseJsonText(text.replace(ARCHIVE_HEAD, (head) => head.replaceAll(/[^\n]/g, ' ')));
  if (!json.value) return json;
  const ours = withWholeIds(text, json.value);
  const posts = convertPosts(ours.value, now);
  if (posts) {
    const { tweets, paths, notes } = posts;
    const locate: LocatedValue['locate'] = ([row = 0, ...path], at) =>
      ours.locate([...(paths[Number(row)] ?? []), ...path], at);
    return { ...checked(tweetListSchema, { value: tweets, locate }, text), notes };
  }
  if (Array.isArray(ours.value)) return checked(tweetListSchema, ours, text);
  if (isPlainObject(ours.value)) {
    const file = checked(fileSchema, ours, text);
    return file.value ? { value: file.value.tweets, problems: [] } : file;
  }
  const message = 'These are no tweets: write a list, as [{"id": "1", …}], or {"tweets": […]}';
  return { value: null, problems: [{ message, path: [], line: 1, column: 1 }] };
}

function checked<T extends z.ZodType>(schema: T, located: LocatedValue, text: string): Parsed<z.output<T>> {
  const result = schema.safeParse(located.value);
  if (result.success) return { value: result.data, problems: [] };
  return { value: null, problems: problemsOfIssues(result.error.issues, text, located) };
}

/** Ids that are written as whole numbers become texts of the digits in the file, which a double would not hold. */
function withWholeIds(text: string, { value, locate }: LocatedJson): LocatedValue {
  const digits = /\d+(?![\d.eE])/y;
  const walk = (part: unknown, path: readonly (string | number)[]): unknown => {
    if (Array.isArray(part)) return part.map((item, i) => walk(item, [...path, i]));
    if (isPlainObject(part)) {
      return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, walk(item, [...path, key])]));
    }
    const key = path.at(-1);
    if (typeof part !== 'number' || typeof key !== 'string' || !/^(?:id|id_str|author_id)$/.test(key))
      return part;
    digits.lastIndex = locate(path, 'value');
    return digits.exec(text)?.[0] ?? part;
  };
  return { value: walk(value, []), locate };
}

/**
 * Tweets as JSON text that `parseTweets` reads back the same.
 * @param app version of the program, in files; none in a text to edit
 */
export function tweetsToJson(tweets: readonly Tweet[], app?: string): string {
  return `${JSON.stringify({ app, tweets }, null, 2)}\n`;
}
