/** Texts of a full card, of a score taken apart, and of ranked rows of a table: what is loaded when it is asked for. */
import { texts } from './language.ts';
import { plural } from './plural.ts';

export const cardTexts = texts('card', {
  badges: {
    outOfNetwork: { label: 'Out of network', about: 'The viewer does not follow the author.' },
    reply: { label: 'Reply', about: 'A reply to another tweet.' },
    retweet: { label: 'Retweet', about: 'Shown because someone retweeted it.' },
    creator: { label: 'Creator', about: 'In the creator programme.' },
    yours: { label: 'Yours', about: 'A tweet that you added.' },
    edited: { label: 'Edited', about: 'Changed by you; the Tweet tool takes it back.' },
  },
  seeLess: 'See less',
  seeLessAbout: (days: number) =>
    `The viewer asked to see less of this author ${plural(days, { one: '# day', other: '# days' })} ago.`,
  newsLink: 'News link',
  link: 'Link',
  video: (length: string, views: string) => `${length} · ${views} views`,
  breakdown: 'Score breakdown',
  head: 'Head',
  probability: 'Probability',
  timesWeight: '× weight',
  adds: '= adds',
  runningTotal: 'Running total',
  rule: 'The rule of this set:',
  ruleOf: '{rule} {text}',
  missingHeads: (heads: string) => `The model has no head for ${heads}: they add nothing.`,
  notCounted: 'not counted',
  offset: 'Offset (ε = 0.001)',
  weightedSum: 'Weighted sum',
  finalScore: 'Final {score}',
  beforeHeuristics: 'Score before the heuristics',
  rowsAbout: (rows: string) =>
    `The first ${rows} held-out rows of the table, by the sum of weight × probability over the heads. The model was not trained on them.`,
  weightsOfHeads: 'Weights of the heads',
  weightOf: (head: string) => `Weight of ${head}`,
  rows: 'Ranked rows',
  place: 'Place',
  moved: 'Moved',
  score: 'Score',
  predicted: (head: string) => `${head}, predicted`,
  row: 'Row',
  takeApart: (score: string, row: number) => `${score}, take the score of row ${row} apart`,
});
