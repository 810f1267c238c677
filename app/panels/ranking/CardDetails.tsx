/** What a full card says of its tweet beside the words: media, badges, counts, and why it stands where it does. */
import { memo } from 'react';
import { candidateOf, mediaOf } from '../../../src/ranking/tweets.ts';
import type { TweetMedia } from '../../../src/ranking/tweets.ts';
import { compact, duration } from '../../format.ts';
import { classes } from '../../parts/classes.ts';
import { Icon } from '../../parts/Icon.tsx';
import type { ShownTweet } from '../../stores/tweets.ts';
import { countsText } from './TweetCard.tsx';
import styles from './TweetCard.module.css';

interface CardDetailsProps {
  readonly item: ShownTweet;
  readonly reason: string | null;
}

export default memo(function CardDetails({ item, reason }: CardDetailsProps) {
  return (
    <div className={styles.details}>
      <Media media={mediaOf(item.tweet)} />
      <div className={styles.facts}>
        <Badges item={item} />
        <span>{countsText(item.tweet)}</span>
      </div>
      {reason && <p className={styles.reason}>{reason}</p>}
    </div>
  );
});

function Badges({ item: { tweet, edited, added } }: { readonly item: ShownTweet }) {
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

function Media({ media }: { readonly media: TweetMedia }) {
  if (media.kind === 'none') return null;
  if (media.kind === 'link') {
    return (
      <div className={classes(styles.media, styles.link)}>
        <span className={styles.caption}>{media.title}</span>
        <span className={styles.mediaKind}>{media.news ? 'News link' : 'Link'}</span>
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
        <span className={styles.mediaKind}>
          {duration(media.durationSeconds)} · {compact(media.views)} views
        </span>
      )}
    </div>
  );
}
