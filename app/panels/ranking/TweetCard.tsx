/** One tweet of the list: its place, what a person would recognise, its score, and the ten probabilities. */
import { memo } from 'react';
import { candidateOf } from '../../../src/ranking/tweets.ts';
import type { Tweet } from '../../../src/ranking/tweets.ts';
import type { ScoreWeights } from '../../../src/ranking/score-weights.ts';
import { age, compact, duration, score } from '../../format.ts';
import { classes } from '../../parts/classes.ts';
import { Icon } from '../../parts/Icon.tsx';
import { Term } from '../../parts/Term.tsx';
import { useRanking } from '../../session/context.tsx';
import { Breakdown } from './Breakdown.tsx';
import type { OrderEntry } from './order.ts';
import { ProbabilityBars } from './ProbabilityBars.tsx';
import styles from './TweetCard.module.css';

interface TweetCardProps {
  readonly entry: OrderEntry;
  readonly tasks: readonly string[];
  readonly weights: ScoreWeights;
}

export const TweetCard = memo(function TweetCard({ entry, tasks, weights }: TweetCardProps) {
  const { tweet, ranked, probabilities, moved } = entry;
  const open = useRanking((state) => state.open === tweet.id);
  const toggle = useRanking((state) => state.toggle);
  const { author } = tweet;
  return (
    <li className={classes(styles.card, open && styles.open)} data-id={tweet.id}>
      <div className={styles.place} title="Place, and places up or down since the untrained order">
        <span className={styles.rank}>{ranked.rank}</span>
        <Movement moved={moved} />
      </div>
      <div className={styles.tweet}>
        <div className={styles.line}>
          <span className={styles.author}>{author.name}</span>
          <span className={styles.handle}>@{author.handle}</span>
          <span className={styles.meta}>{age(tweet.createdAtHoursAgo)}</span>
          {!candidateOf(tweet).inNetwork && (
            <span className={styles.badge}>
              <Term word="OON" />
            </span>
          )}
        </div>
        <p className={styles.text}>{tweet.text}</p>
      </div>
      <div className={styles.side}>
        <button
          type="button"
          className={styles.score}
          aria-expanded={open}
          aria-label={`Score ${score(ranked.score)}, take apart`}
          onClick={() => toggle(tweet.id)}
        >
          {score(ranked.score)}
          <Icon name="chevron" size={12} />
        </button>
        <ProbabilityBars tasks={tasks} probabilities={probabilities} />
      </div>
      <div className={styles.counts}>
        <Media tweet={tweet} />
        <span>{compact(tweet.counts.likes)} likes</span>
        <span>{compact(tweet.counts.replies)} replies</span>
        <span>{compact(tweet.counts.reposts)} retweets</span>
        {tweet.counts.quotes > 0 && <span>{compact(tweet.counts.quotes)} quotes</span>}
      </div>
      {open && <Breakdown entry={entry} tasks={tasks} weights={weights} />}
    </li>
  );
});

function Movement({ moved }: { moved: number | null }) {
  if (!moved) return <span className={styles.still} />;
  const up = moved > 0;
  const n = Math.abs(moved);
  return (
    <span className={classes(styles.moved, up ? styles.up : styles.down)}>
      <span aria-hidden="true">
        <Icon name={up ? 'up' : 'down'} size={10} />
        {n}
      </span>
      <span className={styles.hidden}>{`${up ? 'up' : 'down'} ${n} since untrained`}</span>
    </span>
  );
}

function Media({ tweet }: { tweet: Tweet }) {
  const { media } = tweet;
  const kinds = [tweet.isReply && 'Reply', tweet.isRetweet && 'Retweet'].filter(Boolean).join(' · ');
  return (
    <>
      {kinds && <span className={styles.kind}>{kinds}</span>}
      {media.kind === 'image' && (
        <span className={styles.media} title={media.description}>
          <Icon name="image" size={12} /> Image
        </span>
      )}
      {media.kind === 'video' && (
        <span className={styles.media} title={media.description}>
          <Icon name="video" size={12} /> Video {duration(media.durationSeconds)}
        </span>
      )}
      {media.kind === 'link' && (
        <span className={styles.media} title={media.title}>
          {media.news ? 'News link' : 'Link'}
        </span>
      )}
    </>
  );
}
