/**
 * A candidate set as one production request scores it: 1,500 tweets generated from templates with a seed. The same seed
 * gives the same tweets anywhere. About half are in network, and some authors have many tweets, as in life.
 */
import { Random } from '../../data/random.ts';
import { stableExp, stableLog } from '../../data/stable-math.ts';
import type { Tweet, TweetAuthor, TweetMedia } from '../tweets.ts';
import { familyNames, givenNames, phraseSets } from './phrases.ts';

/** What one production request scores. */
export const CANDIDATES = 1_500;

const STREAM = { authors: 1, tweets: 2 };
const AUTHORS = 420;

interface CandidateAuthor {
  readonly author: TweetAuthor;
  readonly followed: boolean;
  readonly fatigueDays: number | null;
}

/**
 * Generates `count` candidates.
 * @throws RangeError unless count is a whole number of at least 0
 */
export function generateCandidates(seed: number, count: number = CANDIDATES): Tweet[] {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new RangeError(`The number of candidates must be a whole number of at least 0, it is ${count}.`);
  }
  const authors = makeAuthors(new Random(seed, STREAM.authors));
  const random = new Random(seed, STREAM.tweets);
  return Array.from({ length: count }, (_, i) => makeTweet(random, `candidate-${i + 1}`, authors));
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.int(list.length)]!;
}

function makeAuthors(random: Random): CandidateAuthor[] {
  return Array.from({ length: AUTHORS }, (_, i): CandidateAuthor => {
    const given = pick(random, givenNames);
    const family = pick(random, familyNames);
    const popularity = random.normal();
    const followers = Math.min(20_000_000, Math.floor(3_000 * stableExp(2 * popularity)));
    return {
      author: {
        id: `author-${i + 1}`,
        name: `${given} ${family}`,
        handle: `${given}_${family}`.toLowerCase().slice(0, 15).replace(/_$/, '') + String(i + 1),
        verified: random.bernoulli(popularity > 1 ? 0.6 : 0.08) === 1,
        creator: random.bernoulli(popularity > 0.5 ? 0.25 : 0.03) === 1,
        followers,
        cluster: random.int(phraseSets.length),
      },
      followed: random.bernoulli(0.5) === 1,
      fatigueDays: random.bernoulli(0.04) === 1 ? random.int(200) : null,
    };
  });
}

/** Author i with a probability that falls with i, so that some have a dozen tweets and many have one. */
function busyAuthor(random: Random, authors: readonly CandidateAuthor[]): CandidateAuthor {
  const u = random.double();
  return authors[Math.floor(u * u * authors.length)]!;
}

function makeTweet(random: Random, id: string, authors: readonly CandidateAuthor[]): Tweet {
  const { author, followed, fatigueDays } = busyAuthor(random, authors);
  const phrases = phraseSets[author.cluster]!;
  const filled = pick(random, phrases.lines).replace(/\{(\w+)\}/g, (_, slot: string) =>
    slot === 'n' ? String(2 + random.int(11)) : pick(random, phrases.lists[slot]!),
  );
  const text = filled.replace(/\b(a) (?=[aeiou])/gi, '$1n ');
  const hours = Math.round(Math.min(71.9, -14 * stableLog(1 - random.double())) * 10) / 10;
  const reach = 0.45 * stableLog(1 + author.followers) + 1.1 * random.normal();
  const likes = Math.floor(stableExp(reach));
  const count = (share: number) => Math.floor(likes * share * stableExp(0.7 * random.normal()));
  const isReply = random.bernoulli(0.14) === 1;
  const replies = count(text.includes('?') ? 0.3 : 0.09);
  return {
    id,
    author,
    text: isReply ? `@${busyAuthor(random, authors).author.handle} ${sentence(text)}` : sentence(text),
    media: makeMedia(random, likes),
    createdAtHoursAgo: hours,
    inNetwork: followed,
    isReply,
    isRetweet: !isReply && random.bernoulli(0.12) === 1,
    counts: { likes, replies, reposts: count(0.12), quotes: count(0.02), views: 100 + count(35) },
    ...(fatigueDays === null ? {} : { feedbackFatigueDays: fatigueDays }),
    ...ills(random),
  };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function makeMedia(random: Random, likes: number): TweetMedia {
  const u = random.double();
  if (u < 0.5) return { kind: 'none' };
  if (u < 0.74) return { kind: 'image', description: 'A photograph' };
  if (u < 0.9) {
    const durationSeconds = Math.round(Math.min(3_600, Math.max(3, 35 * stableExp(random.normal()))));
    return {
      kind: 'video',
      description: 'A clip',
      durationSeconds,
      views: 20 + Math.floor(likes * 22 * random.double()),
    };
  }
  return { kind: 'link', title: 'A page worth reading', news: random.bernoulli(0.4) === 1 };
}

/** A few in a hundred are offensive, spam or seen before. */
function ills(random: Random): Pick<Tweet, 'features'> {
  const features: Record<string, number> = {};
  if (random.bernoulli(0.02) === 1) features['recap.tweetfeature.is_offensive'] = 1;
  if (random.bernoulli(0.015) === 1) features['timelines.earlybird.label_spam_flag'] = 1;
  if (random.bernoulli(0.05) === 1) features['time_features.is_tweet_recycled'] = 1;
  if (random.bernoulli(0.06) === 1) features['recap.tweetfeature.has_trend'] = 1;
  return Object.keys(features).length > 0 ? { features } : {};
}
