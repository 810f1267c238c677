/** The thirteen labels that the teacher gives: the model's ten tasks and the three that only the data has. */

const prefix = 'recap.engagement.';

/** Short keys for the code, full names as the reference writes them. */
export const LABEL = {
  bookmarked: `${prefix}is_bookmarked`,
  favorited: `${prefix}is_favorited`,
  goodClick: `${prefix}is_good_clicked_convo_desc_favorited_or_replied`,
  goodClickV2: `${prefix}is_good_clicked_convo_desc_v2`,
  negativeFeedback: `${prefix}is_negative_feedback_v2`,
  profile: `${prefix}is_profile_clicked_and_profile_engaged`,
  replied: `${prefix}is_replied`,
  replyEngaged: `${prefix}is_replied_reply_engaged_by_author`,
  report: `${prefix}is_report_tweet_clicked`,
  retweeted: `${prefix}is_retweeted`,
  shared: `${prefix}is_shared`,
  detailDwelled: `${prefix}is_tweet_detail_dwelled_15_sec`,
  video: `${prefix}is_video_playback_50`,
} as const;

export type LabelKey = keyof typeof LABEL;

/** Keys in the order of every per-label array of this folder. */
export const LABEL_KEYS = Object.keys(LABEL) as readonly LabelKey[];

/** Full names, same order: the data tasks of a synthetic file. */
export const teacherTasks: readonly string[] = LABEL_KEYS.map((key) => LABEL[key]);

/** Position of a label in per-label arrays. */
export const LABEL_INDEX: Readonly<Record<LabelKey, number>> = Object.freeze(
  LABEL_KEYS.reduce((index, key, i) => ({ ...index, [key]: i }), {} as Record<LabelKey, number>),
);

/**
 * Positions of the given tasks in per-label arrays.
 * @throws RangeError naming the task that the teacher gives no label for.
 */
export function labelIndices(tasks: readonly string[]): Int32Array {
  return Int32Array.from(tasks, (task) => {
    const index = teacherTasks.indexOf(task);
    if (index < 0) {
      throw new RangeError(
        `The teacher gives no label "${task}"; it gives ${teacherTasks.join(', ')}. Rename the task or use mode uniform.`,
      );
    }
    return index;
  });
}
