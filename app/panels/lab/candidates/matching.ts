/** Which of the ranked candidates a filter and a search leave, in rank order, dropped ones last. */
import type { Tweet } from '../../../../src/ranking/tweets.ts';
import type { RankedCandidates } from '../../../../src/workers/lab-protocol.ts';

export type Filter = 'all' | 'in' | 'out' | 'video' | 'dropped';

export interface Found {
  readonly row: number;
  /** Place in the whole order, from 1; null for a dropped one. */
  readonly place: number | null;
}

/** @param text words that must all occur in the tweet's text, name or handle */
export function matching(
  tweets: readonly Tweet[],
  { order, dropped }: Pick<RankedCandidates, 'order' | 'dropped'>,
  filter: Filter,
  text: string,
): Found[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (tweet: Tweet): boolean => {
    if (filter === 'in' && !tweet.inNetwork) return false;
    if (filter === 'out' && tweet.inNetwork) return false;
    if (filter === 'video' && tweet.media.kind !== 'video') return false;
    if (words.length === 0) return true;
    const place = `${tweet.text} ${tweet.author.name} @${tweet.author.handle}`.toLowerCase();
    return words.every((word) => place.includes(word));
  };
  const found: Found[] = [];
  if (filter !== 'dropped') {
    order.forEach((row, i) => {
      if (fits(tweets[row]!)) found.push({ row, place: i + 1 });
    });
  }
  for (const row of dropped) if (fits(tweets[row]!)) found.push({ row, place: null });
  return found;
}
