/**
 * One tweet of the ranking: its place, what a person would recognise, its score, and what changed since an earlier order.
 * Small beside the training, in full with the tools. Few elements: a new order moves most cards, and while training it
 * comes every second or so.
 */
import { memo, Suspense } from 'react';
import { candidateOf, countsOf, mediaOf } from '../../../src/ranking/tweets.ts';
import type { Tweet } from '../../../src/ranking/tweets.ts';
import type { ScoreWeights } from '../../../src/ranking/score-weights.ts';
import type { Change } from '../../../src/ranking/ranked-view.ts';
import { age, changeText, compact, duration, score as scoreText } from '../../format.ts';
import { classes } from '../../parts/classes.ts';
import { glossaryTexts } from '../../texts/glossary.ts';
import { Icon } from '../../parts/Icon.tsx';
import { retryable } from '../../parts/retryable.ts';
import type { TweetEntry } from '../../stores/pins.ts';
import type { ShownTweet } from '../../stores/tweets.ts';
import { ProbabilityBars } from './ProbabilityBars.tsx';
import { rankingTexts } from '../../texts/ranking.ts';
import styles from './TweetCard.module.css';

const BreakdownTable = retryable(() => import('./BreakdownTable.tsx'));
const CardDetails = retryable(() => import('./CardDetails.tsx'));

/** Small: bars of the heads, the breakdown inside. Full: avatar, media, badges and reasons; the tools take it apart. */
export type Density = 'small' | 'full';

interface TweetCardProps {
  readonly entry: TweetEntry;
  /** Number of tweets in the order. */
  readonly of: number;
  readonly density: Density;
  readonly tasks: readonly string[];
  readonly weights: ScoreWeights;
  readonly since: string;
  readonly selected: boolean;
  readonly onSelect: (key: string) => void;
}

export const TweetCard = memo(
  function TweetCard({ entry, of, density, tasks, weights, since, selected, onSelect }: TweetCardProps) {
    const { item, rank, score, change, reason, probabilities } = entry;
    const small = density === 'small';
    const open = small && selected;
    return (
      <li
        className={classes(
          styles.card,
          small ? styles.small : styles.full,
          open ? styles.open : selected && styles.selected,
          rank === null && styles.gone,
        )}
        style={{ order: rank ?? 0 }}
        data-id={item.key}
        data-testid="card"
        {...(rank !== null && { 'aria-posinset': rank, 'aria-setsize': of })}
      >
        <div className={styles.place}>
          <span className={styles.rank} data-testid="rank">
            {rank ?? '–'}
          </span>
          <Moved change={change} since={since} />
        </div>
        {!small && <Avatar author={item.tweet.author} />}
        <Words tweet={item.tweet} selected={selected} expands={small} onSelect={onSelect} id={item.key} />
        <div className={styles.side}>
          <span className={styles.score} data-testid="score" title={String(score)}>
            {scoreText(score)}
          </span>
          {small ? (
            <ProbabilityBars tasks={tasks} probabilities={probabilities} />
          ) : (
            change &&
            change.score !== 0 && (
              <span
                className={classes(styles.delta, change.score > 0 ? styles.up : styles.down)}
                data-testid="score-change"
              >
                {changeText(change.score)}
              </span>
            )
          )}
        </div>
        {small ? (
          <Counts item={item} />
        ) : (
          <Suspense fallback={null}>
            <CardDetails item={item} reason={reason} />
          </Suspense>
        )}
        {open && (
          <div className={styles.breakdown}>
            <Suspense fallback={null}>
              <BreakdownTable entry={entry} tasks={tasks} weights={weights} />
            </Suspense>
            {reason && <p className={styles.note}>{reason}</p>}
          </div>
        )}
      </li>
    );
  },
  (a, b) =>
    a.of === b.of &&
    a.density === b.density &&
    a.since === b.since &&
    a.selected === b.selected &&
    a.onSelect === b.onSelect &&
    // Bars and breakdown stand on the small one only.
    (a.density === 'full' || (a.entry === b.entry && a.weights === b.weights)) &&
    a.entry.item.tweet === b.entry.item.tweet &&
    a.entry.item.edited === b.entry.item.edited &&
    a.entry.rank === b.entry.rank &&
    a.entry.score === b.entry.score &&
    a.entry.reason === b.entry.reason &&
    a.entry.change?.places === b.entry.change?.places &&
    a.entry.change?.score === b.entry.change?.score &&
    a.entry.change?.status === b.entry.change?.status,
);

interface WordsProps {
  readonly tweet: Tweet;
  readonly id: string;
  readonly selected: boolean;
  readonly expands: boolean;
  readonly onSelect: (key: string) => void;
}

/** Apart from the card: places and scores change every few steps, no tweet does. */
const Words = memo(function Words({ tweet, id, selected, expands, onSelect }: WordsProps) {
  const { author } = tweet;
  const candidate = candidateOf(tweet);
  return (
    <div className={styles.words}>
      <button
        type="button"
        className={styles.line}
        {...(expands ? { 'aria-expanded': selected } : { 'aria-pressed': selected })}
        onClick={() => onSelect(id)}
      >
        <span className={styles.author}>{author.name}</span>
        {candidate.verified && (
          <span className={styles.verified} title={rankingTexts.verified}>
            <Icon name="check" size={10} />
          </span>
        )}
        <span className={styles.handle}>@{author.handle}</span>
        <span className={styles.meta}>{age(candidate.ageHours)}</span>
        {expands && !candidate.inNetwork && (
          <span className={styles.badge} title={glossaryTexts.OON}>
            {rankingTexts.oon}
          </span>
        )}
      </button>
      <p className={styles.text}>{tweet.text}</p>
    </div>
  );
});

/** Places up or down; out where a heuristic drops it now, back where it did before. */
export function Moved({ change, since }: { readonly change: Change | null; readonly since: string }) {
  if (change?.status === 'returned')
    return <span className={classes(styles.moved, styles.up)}>{rankingTexts.back}</span>;
  if (change?.status === 'dropped')
    return <span className={classes(styles.moved, styles.down)}>{rankingTexts.out}</span>;
  if (!change?.places) return <span className={styles.moved} />;
  const up = change.places > 0;
  const n = Math.abs(change.places);
  const words = up ? rankingTexts.upSince(n, since) : rankingTexts.downSince(n, since);
  return (
    <span className={classes(styles.moved, up ? styles.up : styles.down)} data-testid="moved" title={words}>
      <span aria-hidden="true">
        {up ? '▲' : '▼'}
        {n}
      </span>
      <span className="unseen">{words}</span>
    </span>
  );
}

/** Initials on a colour that is the author's own. */
const Avatar = memo(function Avatar({ author: { id, name } }: { readonly author: Tweet['author'] }) {
  const initials = name
    .split(/\s+/)
    .filter((word) => /^\p{L}/u.test(word))
    .map((word) => word[0])
    .slice(0, 2)
    .join('');
  let hash = 7;
  for (const letter of id) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  return (
    <span
      className={styles.avatar}
      style={{ '--hue': String(hash % 360) } as React.CSSProperties}
      aria-hidden="true"
    >
      {initials}
    </span>
  );
});

/** What kind of tweet it is, its media, and how it was received, in one line. */
const Counts = memo(function Counts({ item: { tweet, edited, added } }: { readonly item: ShownTweet }) {
  const media = mediaOf(tweet);
  const { kinds: named } = rankingTexts;
  const kinds = [
    added && named.yours,
    edited && named.edited,
    tweet.isReply && named.reply,
    tweet.isRetweet && named.retweet,
    media.kind === 'image' && named.image,
    media.kind === 'video' && named.video(duration(media.durationSeconds)),
    media.kind === 'link' && (media.news ? named.newsLink : named.link),
  ].filter((kind) => kind !== false);
  const title = media.kind === 'none' ? undefined : media.kind === 'link' ? media.title : media.description;
  return (
    <div className={styles.counts}>
      {kinds.length > 0 && (
        <span className={styles.kind} title={title}>
          {kinds.join(' · ')}
        </span>
      )}
      {countsText(tweet)}
    </div>
  );
});

/** "12 likes  3 replies", with every word in the right number. */
export function countsText(tweet: Tweet): string {
  const { likes, replies, reposts, quotes } = countsOf(tweet);
  const parts = [
    rankingTexts.likes(likes, compact(likes)),
    rankingTexts.replies(replies, compact(replies)),
    rankingTexts.retweets(reposts, compact(reposts)),
  ];
  if (quotes > 0) parts.push(rankingTexts.quotes(quotes, compact(quotes)));
  return parts.join('\u2002');
}
