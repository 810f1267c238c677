/**
 * One tweet of the list: its place, what a person would recognise, its score, and the ten probabilities. Few elements:
 * a new order moves most cards, and while training it comes every second or so.
 */
import { memo, Suspense } from 'react';
import { candidateOf } from '../../../src/ranking/tweets.ts';
import type { Tweet } from '../../../src/ranking/tweets.ts';
import type { ScoreWeights } from '../../../src/ranking/score-weights.ts';
import { age, compact, duration, score } from '../../format.ts';
import { classes } from '../../parts/classes.ts';
import { glossary } from '../../parts/glossary.ts';
import { useRanking } from '../../session/context.tsx';
import type { OrderEntry } from './order.ts';
import { ProbabilityBars } from './ProbabilityBars.tsx';
import styles from './TweetCard.module.css';
import { retryable } from '../../parts/retryable.ts';

const Breakdown = retryable(() => import('./Breakdown.tsx'));

interface TweetCardProps {
  readonly entry: OrderEntry;
  /** Number of tweets in the order. */
  readonly of: number;
  readonly tasks: readonly string[];
  readonly weights: ScoreWeights;
}

export const TweetCard = memo(function TweetCard({ entry, of, tasks, weights }: TweetCardProps) {
  const { tweet, ranked, probabilities, moved } = entry;
  const open = useRanking((state) => state.open === tweet.id);
  const toggle = useRanking((state) => state.toggle);
  return (
    <li
      className={classes(styles.card, open && styles.open)}
      style={{ order: ranked.rank }}
      data-id={tweet.id}
      aria-posinset={ranked.rank}
      aria-setsize={of}
    >
      <div className={styles.place} title="Place, and places up or down since the untrained order">
        {ranked.rank}
        <Movement moved={moved} />
      </div>
      <Words tweet={tweet} />
      <div className={styles.side}>
        <button
          type="button"
          className={styles.score}
          aria-expanded={open}
          aria-label={`Score ${score(ranked.score)}, take apart`}
          onClick={() => toggle(tweet.id)}
        >
          {score(ranked.score)}
        </button>
        <ProbabilityBars tasks={tasks} probabilities={probabilities} />
      </div>
      <Counts tweet={tweet} />
      {open && (
        <Suspense fallback={null}>
          <Breakdown entry={entry} tasks={tasks} weights={weights} />
        </Suspense>
      )}
    </li>
  );
});

/** Apart from the card: places and scores change every few steps, no tweet does. */
const Words = memo(function Words({ tweet }: { tweet: Tweet }) {
  const { author } = tweet;
  return (
    <div className={styles.tweet}>
      <div className={styles.line}>
        <span className={styles.author}>{author.name}</span>
        <span className={styles.handle}>@{author.handle}</span>
        {age(tweet.createdAtHoursAgo)}
        {!candidateOf(tweet).inNetwork && (
          <span className={styles.badge} title={glossary.OON}>
            OON
          </span>
        )}
      </div>
      <p className={styles.text}>{tweet.text}</p>
    </div>
  );
});

const Counts = memo(function Counts({ tweet }: { tweet: Tweet }) {
  return (
    <div className={styles.counts}>
      <Kind tweet={tweet} />
      {countsText(tweet)}
    </div>
  );
});

function Movement({ moved }: { moved: number | null }) {
  if (!moved) return null;
  const up = moved > 0;
  const n = Math.abs(moved);
  return (
    <span
      className={up ? styles.up : styles.down}
      role="img"
      aria-label={`${up ? 'up' : 'down'} ${n} since untrained`}
    >
      {up ? '▲' : '▼'}
      {n}
    </span>
  );
}

/** What kind of tweet it is, and its media. */
function Kind({ tweet }: { tweet: Tweet }) {
  const { media, isReply, isRetweet } = tweet;
  const kinds: string[] = [];
  if (isReply) kinds.push('Reply');
  if (isRetweet) kinds.push('Retweet');
  if (media.kind === 'image') kinds.push('Image');
  if (media.kind === 'video') kinds.push(`Video ${duration(media.durationSeconds)}`);
  if (media.kind === 'link') kinds.push(media.news ? 'News link' : 'Link');
  if (kinds.length === 0) return null;
  const title = media.kind === 'none' ? undefined : media.kind === 'link' ? media.title : media.description;
  return (
    <span className={styles.kind} title={title}>
      {kinds.join(' · ')}
    </span>
  );
}

function countsText({ counts: { likes, replies, reposts, quotes } }: Tweet): string {
  // Broken between two counts only.
  const of = (n: number, one: string, many: string): string => `${compact(n)}\u00A0${n === 1 ? one : many}`;
  const parts = [
    of(likes, 'like', 'likes'),
    of(replies, 'reply', 'replies'),
    of(reposts, 'retweet', 'retweets'),
  ];
  if (quotes > 0) parts.push(of(quotes, 'quote', 'quotes'));
  return parts.join('\u2002');
}
