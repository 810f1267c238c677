/** One tweet of the timeline as people know tweets, with its place, its score, and what changed since the pinned order. */
import { memo } from 'react';
import { candidateOf, countsOf, mediaOf } from '../../../../src/ranking/tweets.ts';
import type { Tweet, TweetMedia } from '../../../../src/ranking/tweets.ts';
import { age, compact, duration, score as scoreText } from '../../../format.ts';
import { classes } from '../../../parts/classes.ts';
import { Icon } from '../../../parts/Icon.tsx';
import type { LabEntry } from '../../../stores/lab-order.ts';
import { changeText } from '../numbers.ts';
import styles from './LabCard.module.css';

interface LabCardProps {
  readonly entry: LabEntry;
  /** Number of tweets in the order. */
  readonly of: number;
  readonly selected: boolean;
  readonly onSelect: (key: string) => void;
}

export const LabCard = memo(
  function LabCard({ entry, of, selected, onSelect }: LabCardProps) {
    const { item, rank, score, change, reason } = entry;
    return (
      <li
        className={classes(styles.card, selected && styles.selected, rank === null && styles.gone)}
        style={{ order: rank ?? 0 }}
        data-id={item.key}
        data-testid="lab-card"
        {...(rank !== null && { 'aria-posinset': rank, 'aria-setsize': of })}
      >
        <div className={styles.place}>
          <span className={styles.rank} data-testid="rank">
            {rank ?? '–'}
          </span>
          <Places change={change} />
        </div>
        <CardBody item={item} reason={reason} selected={selected} onSelect={onSelect} />
        <div className={styles.side}>
          <span className={styles.score} data-testid="score" title={String(score)}>
            {scoreText(score)}
          </span>
          {change && change.score !== 0 && (
            <span
              className={classes(styles.delta, change.score > 0 ? styles.up : styles.down)}
              data-testid="score-change"
            >
              {changeText(change.score)}
            </span>
          )}
        </div>
      </li>
    );
  },
  (a, b) =>
    a.of === b.of &&
    a.selected === b.selected &&
    a.onSelect === b.onSelect &&
    a.entry.item.tweet === b.entry.item.tweet &&
    a.entry.item.edited === b.entry.item.edited &&
    a.entry.rank === b.entry.rank &&
    a.entry.score === b.entry.score &&
    a.entry.reason === b.entry.reason &&
    a.entry.change?.places === b.entry.change?.places &&
    a.entry.change?.score === b.entry.change?.score &&
    a.entry.change?.status === b.entry.change?.status,
);

/** What a tweet says of itself. Apart from the card, because every card's score changes with a weight and no body does. */
const CardBody = memo(function CardBody({
  item,
  reason,
  selected,
  onSelect,
}: {
  readonly item: LabEntry['item'];
  readonly reason: LabEntry['reason'];
  readonly selected: boolean;
  readonly onSelect: (key: string) => void;
}) {
  const { tweet } = item;
  const candidate = candidateOf(tweet);
  const counts = countsOf(tweet);
  return (
    <>
      <Avatar tweet={tweet} />
      <div className={styles.body}>
        <button
          type="button"
          className={styles.line}
          aria-pressed={selected}
          onClick={() => onSelect(item.key)}
        >
          <span className={styles.author}>{tweet.author.name}</span>
          {candidate.verified && (
            <span className={styles.verified} title="Verified">
              <Icon name="check" size={10} />
            </span>
          )}
          <span className={styles.handle}>@{tweet.author.handle}</span>
          <span className={styles.meta}>{age(candidate.ageHours)}</span>
        </button>
        <p className={styles.text}>{tweet.text}</p>
        <Media media={mediaOf(tweet)} />
        <div className={styles.counts}>
          <Badges item={item} />
          <span title="Replies">
            {compact(counts.replies)} {counts.replies === 1 ? 'reply' : 'replies'}
          </span>
          <span title="Retweets">
            {compact(counts.reposts)} {counts.reposts === 1 ? 'retweet' : 'retweets'}
          </span>
          <span title="Likes">
            {compact(counts.likes)} {counts.likes === 1 ? 'like' : 'likes'}
          </span>
        </div>
        {reason && <p className={styles.reason}>{reason}</p>}
      </div>
    </>
  );
});

function Places({ change }: { change: LabEntry['change'] }) {
  if (change?.status === 'returned') return <span className={classes(styles.moved, styles.up)}>back</span>;
  if (change?.status === 'dropped') return <span className={classes(styles.moved, styles.down)}>out</span>;
  if (!change?.places) return <span className={styles.moved} />;
  const up = change.places > 0;
  const n = Math.abs(change.places);
  return (
    <span className={classes(styles.moved, up ? styles.up : styles.down)} data-testid="moved">
      <span aria-hidden="true">
        <Icon name={up ? 'up' : 'down'} size={8} />
        {n}
      </span>
      <span className={styles.hidden}>{`${up ? 'up' : 'down'} ${n} since the pinned order`}</span>
    </span>
  );
}

/** Initials on a colour that is the author's own. */
function Avatar({ tweet }: { tweet: Tweet }) {
  const initials = tweet.author.name
    .split(/\s+/)
    .filter((word) => /^\p{L}/u.test(word))
    .map((word) => word[0])
    .slice(0, 2)
    .join('');
  let hash = 7;
  for (const letter of tweet.author.id) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  return (
    <span
      className={styles.avatar}
      style={{ '--hue': String(hash % 360) } as React.CSSProperties}
      aria-hidden="true"
    >
      {initials}
    </span>
  );
}

function Badges({ item }: { item: LabEntry['item'] }) {
  const { tweet, edited, added } = item;
  const candidate = candidateOf(tweet);
  const badges = [
    !candidate.inNetwork && ['Out of network', 'The viewer does not follow the author.'],
    candidate.isReply && ['Reply', 'A reply to another tweet.'],
    candidate.isRetweet && ['Retweet', 'Shown because someone retweeted it.'],
    tweet.author.creator && ['Creator', 'In the creator programme.'],
    tweet.feedbackFatigueDays !== undefined && [
      'See less',
      `The viewer asked to see less of this author ${tweet.feedbackFatigueDays} days ago.`,
    ],
    added && ['Yours', 'A tweet that you added.'],
    edited && ['Edited', 'Changed by you; the Tweet tool takes it back.'],
  ];
  return badges.map(
    (badge) =>
      badge && (
        <span
          key={badge[0]}
          className={classes(styles.badge, (badge[0] === 'Edited' || badge[0] === 'Yours') && styles.mine)}
          title={badge[1]}
        >
          {badge[0]}
        </span>
      ),
  );
}

function Media({ media }: { media: TweetMedia }) {
  if (media.kind === 'none') return null;
  if (media.kind === 'link') {
    return (
      <div className={classes(styles.media, styles.link)}>
        <span className={styles.caption}>{media.title}</span>
        <span className={styles.kind}>{media.news ? 'News link' : 'Link'}</span>
      </div>
    );
  }
  return (
    <div className={styles.media}>
      <span className={styles.thumb}>
        <Icon name={media.kind} size={14} />
      </span>
      <span className={styles.caption}>{media.description}</span>
      {media.kind === 'video' && (
        <span className={styles.kind}>
          {duration(media.durationSeconds)} · {compact(media.views)} views
        </span>
      )}
    </div>
  );
}
