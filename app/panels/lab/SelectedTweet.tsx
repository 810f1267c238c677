/** Which tweet a tool is about. */
import { score } from '../../format.ts';
import { classes } from '../../parts/classes.ts';
import type { TweetEntry } from '../../stores/pins.ts';
import { labTexts } from '../../texts/lab.ts';
import styles from './SelectedTweet.module.css';

export function SelectedTweet({ entry, children }: { entry: TweetEntry; children?: React.ReactNode }) {
  const { item, rank } = entry;
  const { author, text } = item.tweet;
  return (
    <div className={styles.selected}>
      <span className={classes(styles.rank, rank === null && styles.gone)}>
        {rank === null ? labTexts.dropped : `#${rank}`}
      </span>
      <p className={styles.text} data-excerpt>
        <strong>{author.name}</strong> {text}
      </p>
      <span className={styles.score}>{score(entry.score)}</span>
      {children}
    </div>
  );
}
