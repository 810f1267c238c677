/**
 * How heads look on the page: a short name, a colour and a dash that stay the same everywhere. The ten have their own;
 * others, of one's own table, take them by their place in the model.
 */
import { heads } from '../src/ranking/heads.ts';
import { headTexts } from './texts/heads.ts';

export interface HeadStyle {
  readonly task: string;
  /** A few characters less than the ranking library's label, for chips and table rows. */
  readonly label: string;
  /** The probability that the viewer …, as a full sentence for tooltips. */
  readonly meaning: string;
  readonly negative: boolean;
  /** A CSS colour. */
  readonly color: string;
  /** SVG stroke-dasharray: tells lines apart where colour alone would not. */
  readonly dash: string;
}

const styles: Readonly<Record<string, { token: string; dash: string }>> = {
  is_favorited: { token: 'like', dash: '' },
  is_retweeted: { token: 'retweet', dash: '' },
  is_replied: { token: 'reply', dash: '' },
  is_profile_clicked_and_profile_engaged: { token: 'profile', dash: '5 2' },
  is_video_playback_50: { token: 'video', dash: '' },
  is_replied_reply_engaged_by_author: { token: 'author', dash: '5 2' },
  is_good_clicked_convo_desc_favorited_or_replied: { token: 'click', dash: '' },
  is_good_clicked_convo_desc_v2: { token: 'stay', dash: '2 2' },
  is_negative_feedback_v2: { token: 'negative', dash: '' },
  is_report_tweet_clicked: { token: 'report', dash: '5 2' },
};

const known = new Map(
  heads.map((head): [string, HeadStyle] => {
    const style = styles[lastPart(head.task)] ?? { token: 'other', dash: '' };
    return [
      head.task,
      {
        task: head.task,
        get label() {
          return headTexts.short[lastPart(head.task)] ?? head.label;
        },
        get meaning() {
          return headTexts.viewerDoes(head.meaning);
        },
        negative: head.negative,
        color: `var(--head-${style.token})`,
        dash: style.dash,
      },
    ];
  }),
);

/** Colours by place, neighbours far apart; from the eleventh on they come again, with another dash. */
const COLOURS = [
  'like', 'negative', 'retweet', 'report', 'reply', 'author', 'video', 'profile', 'click', 'stay',
] as const; // prettier-ignore
const DASHES = ['', '5 2', '2 2', '8 2 2 2', '1 2'] as const;

/** Looks of the heads at hand that are none of the ten. */
let own: ReadonlyMap<string, HeadStyle> = new Map();

/** A head as a table's columns name it. */
export interface OwnHead {
  readonly task: string;
  /** What a person reads; null for the last part of the task's name. */
  readonly title: string | null;
}

/** Says which heads are at hand, in the model's order: theirs are the colours by place. The ten may be among them. */
export function setOwnHeads(atHand: readonly OwnHead[]): void {
  const styled = new Map<string, HeadStyle>();
  for (const { task, title } of atHand) {
    if (known.has(task) || styled.has(task)) continue;
    const place = styled.size;
    const label = title ?? lastPart(task);
    styled.set(task, {
      task,
      label,
      meaning: headTexts.ownHead(label),
      negative: false,
      color: `var(--head-${COLOURS[place % COLOURS.length] ?? 'other'})`,
      dash: DASHES[Math.floor(place / COLOURS.length) % DASHES.length] ?? '',
    });
  }
  own = styled;
}

/** A head's look; tasks that nobody has named get a neutral colour and the last part of their name. */
export function headStyle(task: string): HeadStyle {
  const style = known.get(task) ?? own.get(task);
  if (style) return style;
  const label = lastPart(task);
  return {
    task,
    label,
    meaning: headTexts.unnamed(label),
    negative: false,
    color: 'var(--head-other)',
    dash: '1 2',
  };
}

function lastPart(task: string): string {
  return task.slice(task.lastIndexOf('.') + 1);
}
