/** Names that completion offers beyond those in the text: production's labels and the tensors a model reads. */

const ENGAGEMENT = 'recap.engagement.';

/** Production's thirteen labels; the model has a head for all but is_bookmarked, is_shared and the dwell. */
export const PRODUCTION_LABELS: readonly string[] = [
  'is_bookmarked',
  'is_favorited',
  'is_good_clicked_convo_desc_favorited_or_replied',
  'is_good_clicked_convo_desc_v2',
  'is_negative_feedback_v2',
  'is_profile_clicked_and_profile_engaged',
  'is_replied',
  'is_replied_reply_engaged_by_author',
  'is_report_tweet_clicked',
  'is_retweeted',
  'is_shared',
  'is_tweet_detail_dwelled_15_sec',
  'is_video_playback_50',
].map((name) => ENGAGEMENT + name);

export const TENSOR_NAMES: readonly string[] = [
  'continuous',
  'binary',
  'discrete',
  'user_embedding',
  'user_eng_embedding',
  'author_embedding',
  'meta__author_id',
  'meta__tweet_id',
  'meta__user_id',
];
