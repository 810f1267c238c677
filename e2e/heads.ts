/** The ten heads by the names that the page gives them: not taken from the page's own code, so that a mix-up shows. */
export const taskOf: Readonly<Record<string, string>> = {
  Like: 'is_favorited',
  Retweet: 'is_retweeted',
  Reply: 'is_replied',
  'Profile click': 'is_profile_clicked_and_profile_engaged',
  'Video to half': 'is_video_playback_50',
  'Author answers': 'is_replied_reply_engaged_by_author',
  'Good click': 'is_good_clicked_convo_desc_favorited_or_replied',
  'Good click v2': 'is_good_clicked_convo_desc_v2',
  'Negative fb.': 'is_negative_feedback_v2',
  Report: 'is_report_tweet_clicked',
};
