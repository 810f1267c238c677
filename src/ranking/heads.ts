/** The ten heads of the heavy ranker under the reference's task names, with the words a person reads. */

const prefix = 'recap.engagement.';

export interface Head {
  /** The reference's task name. */
  readonly task: string;
  readonly label: string;
  /** What the head predicts, as the end of "the probability that the viewer …". */
  readonly meaning: string;
  /** True for the two heads whose published weights are negative. */
  readonly negative: boolean;
}

const head = (name: string, label: string, meaning: string, negative = false): Head => ({
  task: prefix + name,
  label,
  meaning,
  negative,
});

/** In the order of the published weight table. */
export const heads: readonly Head[] = [
  head('is_favorited', 'Like', 'likes the tweet'),
  head('is_retweeted', 'Retweet', 'retweets the tweet'),
  head('is_replied', 'Reply', 'replies to the tweet'),
  head(
    'is_profile_clicked_and_profile_engaged',
    'Profile click',
    "opens the author's profile and likes or replies to a tweet there",
  ),
  head('is_video_playback_50', 'Video half watched', 'watches at least half of the video'),
  head(
    'is_replied_reply_engaged_by_author',
    'Reply the author engages',
    'replies, and the author engages with that reply',
  ),
  head(
    'is_good_clicked_convo_desc_favorited_or_replied',
    'Good click',
    'opens the conversation and likes or replies to a tweet in it',
  ),
  head(
    'is_good_clicked_convo_desc_v2',
    'Good click, stays',
    'opens the conversation and stays there for at least two minutes',
  ),
  head(
    'is_negative_feedback_v2',
    'Negative feedback',
    'asks to see less of this, blocks or mutes the author',
    true,
  ),
  head('is_report_tweet_clicked', 'Report', 'clicks to report the tweet', true),
];

const byTask = new Map(heads.map((entry) => [entry.task, entry]));

/** A head's short label; for tasks that are none of the ten, the last part of the task's name. */
export function headLabel(task: string): string {
  return byTask.get(task)?.label ?? task.slice(task.lastIndexOf('.') + 1);
}
