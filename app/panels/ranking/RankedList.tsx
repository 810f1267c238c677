/** The list of ranked tweets, on Train small and on Rank in full: the same cards, moving when the order changes. */
import { useState } from 'react';
import { count } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { useSettledOrder } from '../../parts/use-settled-order.ts';
import { useRanking, useRun } from '../../session/context.tsx';
import type { TweetEntry, TweetView } from '../../stores/pins.ts';
import { rankingTexts } from '../../texts/ranking.ts';
import styles from './RankedList.module.css';
import { TweetCard } from './TweetCard.tsx';
import type { Density } from './TweetCard.tsx';
import { useHeadWeights } from './use-ranked.tsx';
import { useMovement } from './use-movement.ts';

interface RankedListProps {
  readonly order: TweetView;
  readonly density: Density;
  readonly label: string;
  /** What changes are counted from, after "up 3 since …". */
  readonly since: string;
  /** Tweets drawn at first: what a person reads, and cheap to redraw while training. */
  readonly first: number;
  /** Key of the tweet that is taken apart. */
  readonly selected: string | null;
  /** The same function as long as it can be: a new one draws every card anew. */
  readonly onSelect: (key: string) => void;
}

const keyOf = ({ item }: TweetEntry): string => item.key;

export function RankedList({ order, density, label, since, first, selected, onSelect }: RankedListProps) {
  const training = useRun((run) => run.phase === 'running');
  const open = useRanking((state) => (density === 'small' ? state.selected : null));
  const [whole, setWhole] = useState(false);
  const weights = useHeadWeights(order.tasks);
  const all = order.ranked;
  const short = !whole && all.length > first + 1;
  const shown = short ? all.filter((entry, i) => i < first || keyOf(entry) === selected) : all;
  const inPage = useSettledOrder(shown, keyOf, training);
  const list = useMovement(shown.map(keyOf).join(' '), open ?? '');
  const card = (entry: TweetEntry) => (
    <TweetCard
      key={entry.item.key}
      entry={entry}
      of={all.length}
      density={density}
      tasks={order.tasks}
      weights={weights}
      since={since}
      selected={entry.item.key === selected}
      onSelect={onSelect}
    />
  );
  return (
    <>
      <ol className={styles.list} ref={list} aria-label={label}>
        {inPage.map(card)}
      </ol>
      {all.length > first + 1 && (
        <div className={styles.more}>
          <Button look="quiet" onClick={() => setWhole(!whole)}>
            {whole ? rankingTexts.showFirst(first) : rankingTexts.showOther(count(all.length - shown.length))}
          </Button>
        </div>
      )}
      {order.dropped.length > 0 && !short && (
        <>
          <h3 className={styles.droppedTitle}>{rankingTexts.droppedAfter(order.dropped.length)}</h3>
          <ul className={styles.list} aria-label={rankingTexts.droppedTweets}>
            {order.dropped.map(card)}
          </ul>
        </>
      )}
      {order.dropped.length > 0 && short && (
        <p className={styles.note}>{rankingTexts.moreDropped(order.dropped.length)}</p>
      )}
    </>
  );
}
