/** What a full card says of its tweet beside the words: media, badges, counts, and why it stands where it does. */
import { memo } from 'react';
import { candidateOf, mediaOf } from '../../../src/ranking/tweets.ts';
import type { TweetMedia } from '../../../src/ranking/tweets.ts';
import { compact, duration } from '../../format.ts';
import { classes } from '../../parts/classes.ts';
import { Icon } from '../../parts/Icon.tsx';
import type { ShownTweet } from '../../stores/tweets.ts';
import { countsText } from './TweetCard.tsx';
import { cardTexts } from '../../texts/ranking-details.ts';
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
  const { badges: named, seeLess, seeLessAbout } = cardTexts;
  const badges = [
    !candidate.inNetwork && named.outOfNetwork,
    candidate.isReply && named.reply,
    candidate.isRetweet && named.retweet,
    tweet.author.creator && named.creator,
    tweet.feedbackFatigueDays !== undefined && {
      label: seeLess,
      about: seeLessAbout(tweet.feedbackFatigueDays),
    },
    added && { ...named.yours, mine: true },
    edited && { ...named.edited, mine: true },
  ];
  return badges.map(
    (badge) =>
      badge && (
        <span
          key={badge.label}
          className={classes(styles.badge, 'mine' in badge && styles.mine)}
          title={badge.about}
        >
          {badge.label}
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
        <span className={styles.mediaKind}>{media.news ? cardTexts.newsLink : cardTexts.link}</span>
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
          {cardTexts.video(duration(media.durationSeconds), compact(media.views))}
        </span>
      )}
    </div>
  );
}
