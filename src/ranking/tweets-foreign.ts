/**
 * Posts as X itself writes them (API v2 with its includes, API v1.1, the archive's tweets.js, the syndication of an
 * embedded post) → tweets of our own form. What such a file does not say is filled in and told in a note.
 */
import { isPlainObject } from '../config/plain-object.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Converted {
  /** In our form, to be checked by its schema; each at its source's position. */
  readonly tweets: readonly unknown[];
  /** Path of each tweet in the file. */
  readonly paths: readonly (readonly (string | number)[])[];
  readonly notes: readonly string[];
}

const HOUR_MS = 3_600_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * @param now time that ages are counted from, in milliseconds since 1970.
 * @returns null for what is none of X's forms
 */
export function convertPosts(value: unknown, now: number): Converted | null {
  const found = postsOf(value);
  if (!found) return null;
  const { posts, prefix, includes } = found;
  const users = byKey(includes['users'], 'id');
  const media = byKey(includes['media'], 'media_key');
  const tweets: unknown[] = [];
  const paths: (string | number)[][] = [];
  const missing = { author: 0, date: 0 };
  for (const [i, entry] of posts.entries()) {
    const inner = objectAt(entry, 'tweet');
    const post = inner ?? (isPlainObject(entry) ? entry : {});
    const user = users.get(String(post['author_id'])) ?? objectAt(post, 'user');
    if (!user) missing.author++;
    const created = timeOf(post['created_at']);
    if (created === null) missing.date++;
    tweets.push(
      tweetOf(post, user ?? null, media, created === null ? 0 : Math.max(0, (now - created) / HOUR_MS)),
    );
    paths.push([
      ...prefix,
      ...(Array.isArray(value) || prefix.length > 0 ? [i] : []),
      ...(inner ? ['tweet'] : []),
    ]);
  }
  const many = (count: number) =>
    count === posts.length ? 'these posts' : `${count} of the ${posts.length} posts`;
  const notes = ['A file of X does not say whom the viewer follows: every author is taken as followed.'];
  if (missing.author > 0)
    notes.push(
      `The file names no author for ${many(missing.author)}: they are taken as one's own, without followers.`,
    );
  if (missing.date > 0)
    notes.push(`There is no readable created_at in ${many(missing.date)}: they are taken as new.`);
  return { tweets, paths, notes };
}

function postsOf(value: unknown): { posts: readonly unknown[]; prefix: string[]; includes: Json } | null {
  const alike = (posts: readonly unknown[]) => posts.length > 0 && posts.every(isPost);
  if (Array.isArray(value)) return alike(value) ? { posts: value, prefix: [], includes: {} } : null;
  if (!isPlainObject(value)) return null;
  const data: unknown = value['data'];
  const includes = objectAt(value, 'includes') ?? {};
  if (Array.isArray(data) && alike(data)) return { posts: data, prefix: ['data'], includes };
  return isPost(value) ? { posts: [value], prefix: [], includes } : null;
}

/** By keys that only X's forms have. */
function isPost(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const post = objectAt(value, 'tweet') ?? value;
  if ('createdAtHoursAgo' in post || 'author' in post) return false;
  return (
    'full_text' in post ||
    ('text' in post &&
      ['created_at', 'id_str', 'public_metrics', 'author_id', 'edit_history_tweet_ids'].some(
        (key) => key in post,
      ))
  );
}

function tweetOf(post: Json, user: Json | null, media: ReadonlyMap<string, Json>, hours: number): Json {
  const metrics = objectAt(post, 'public_metrics') ?? {};
  const count = (...values: unknown[]) => Math.max(0, Math.round(numberOf(values) ?? 0));
  const text = textOf(objectAt(post, 'note_tweet')?.['text'], post['full_text'], post['text']);
  const referenced = list(post['referenced_tweets']);
  const refersTo = (type: string) => referenced.some((other) => other['type'] === type);
  return {
    id: post['id_str'] ?? post['id'],
    author: authorOf(user),
    text,
    media: mediaOf(post, media),
    createdAtHoursAgo: hours,
    inNetwork: true,
    isReply:
      refersTo('replied_to') ||
      (post['in_reply_to_status_id_str'] ?? post['in_reply_to_status_id'] ?? null) !== null,
    isRetweet: refersTo('retweeted') || 'retweeted_status' in post || text.startsWith('RT @'),
    counts: {
      likes: count(metrics['like_count'], post['favorite_count']),
      replies: count(metrics['reply_count'], post['reply_count'], post['conversation_count']),
      reposts: count(metrics['retweet_count'], post['retweet_count']),
      quotes: count(metrics['quote_count'], post['quote_count']),
      views: count(metrics['impression_count'], objectAt(post, 'views')?.['count'], post['view_count']),
    },
  };
}

function authorOf(user: Json | null): Json {
  if (!user) return { id: 'own', name: 'You', handle: 'you', followers: 0 };
  const handle = textOf(user['username'], user['screen_name']) || 'unknown';
  const metrics = objectAt(user, 'public_metrics') ?? {};
  return {
    id: textOf(user['id_str'], user['id']) || handle,
    name: (textOf(user['name']) || handle).slice(0, 50),
    handle,
    verified: user['verified'] === true || user['is_blue_verified'] === true,
    followers: Math.max(0, numberOf([metrics['followers_count'], user['followers_count']]) ?? 0),
  };
}

function mediaOf(post: Json, byId: ReadonlyMap<string, Json>): Json {
  const keys = objectAt(post, 'attachments')?.['media_keys'];
  const named = (Array.isArray(keys) ? keys : []).flatMap((key): Json[] => {
    const found = byId.get(String(key));
    return found ? [found] : [];
  });
  const entities = objectAt(post, 'entities');
  const extended = objectAt(post, 'extended_entities');
  const [first] = [
    ...named,
    ...list(extended?.['media']),
    ...list(post['mediaDetails']),
    ...list(entities?.['media']),
  ];
  if (first) {
    const description = textOf(first['alt_text'], first['ext_alt_text']).slice(0, 1_000);
    const ms = numberOf([
      first['duration_ms'],
      objectAt(first, 'video_info')?.['duration_millis'],
      objectAt(post, 'video')?.['durationMs'],
    ]);
    if (first['type'] !== 'video' || ms === null || ms <= 0) return { kind: 'image', description };
    const views = numberOf([
      objectAt(first, 'public_metrics')?.['view_count'],
      objectAt(post, 'video')?.['viewCount'],
    ]);
    return { kind: 'video', description, durationSeconds: ms / 1000, views: Math.max(0, views ?? 0) };
  }
  const [link] = list(entities?.['urls']);
  if (!link) return { kind: 'none' };
  return {
    kind: 'link',
    title: textOf(link['title'], link['display_url'], link['expanded_url'], link['url']).slice(0, 200),
  };
}

/** ISO 8601 as API v2 writes it, or 'Wed Oct 10 20:19:24 +0000 2018' as the older forms do; null for anything else. */
function timeOf(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const old = /^\w{3} (\w{3}) (\d{1,2}) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d) (\d{4})$/.exec(value);
  const [, name = '', day = '', clock, hours, minutes, year] = old ?? [];
  const month = String(MONTHS.indexOf(name) + 1).padStart(2, '0');
  const iso = old ? `${year}-${month}-${day.padStart(2, '0')}T${clock}${hours}:${minutes}` : value;
  const time = /^\d{4}-\d\d-\d\dT/.test(iso) ? Date.parse(iso) : NaN;
  return Number.isFinite(time) ? time : null;
}

/** The first of the values that is a finite number, or a text of one as the archive writes counts. */
function numberOf(values: readonly unknown[]): number | null {
  for (const value of values) {
    const number = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
  }
  return null;
}

function textOf(...values: readonly unknown[]): string {
  const found = values.find((value) => typeof value === 'string' || typeof value === 'number');
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
}

function objectAt(value: unknown, key: string): Json | undefined {
  const inner = isPlainObject(value) ? value[key] : undefined;
  return isPlainObject(inner) ? inner : undefined;
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter((entry): entry is Json => isPlainObject(entry)) : [];
}

function byKey(value: unknown, key: string): ReadonlyMap<string, Json> {
  return new Map(list(value).map((entry) => [String(entry[key]), entry]));
}
