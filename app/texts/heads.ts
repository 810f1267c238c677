/** Names of the heads where the page's differ from the library's: a few characters less, for chips and table rows. */
import { texts } from './language.ts';

export const headTexts = texts('head', {
  short: {
    is_video_playback_50: 'Video to half',
    is_replied_reply_engaged_by_author: 'Author answers',
    is_good_clicked_convo_desc_favorited_or_replied: 'Good click',
    is_good_clicked_convo_desc_v2: 'Good click v2',
    is_negative_feedback_v2: 'Negative fb.',
  } as Readonly<Record<string, string>>,
  /** @param does what the viewer does */
  viewerDoes: (does: string) => `The probability that the viewer ${does}.`,
  ownHead: (label: string) => `The probability that ${label}.`,
  unnamed: (label: string) => `The probability of ${label}.`,
});
