/** The timeline: tweets in the order that the model, the weights and the heuristics give them, moving when it changes. */
import { useCallback, useState } from 'react';
import { scenarios } from '../../../../src/ranking/scenarios/index.ts';
import { Button } from '../../../parts/Button.tsx';
import { Select } from '../../../parts/Field.tsx';
import { useMediaQuery } from '../../../parts/use-media-query.ts';
import { useSettledOrder } from '../../../parts/use-settled-order.ts';
import { useRun } from '../../../session/context.tsx';
import { ALL } from '../../../stores/lab-tweets.ts';
import { conditionsText, pin } from '../../../stores/lab-order.ts';
import type { LabEntry } from '../../../stores/lab-order.ts';
import { useConditions, useLab, useOrder, useSelected, useTweets, useView } from '../lab-context.tsx';
import { useMovement } from '../../ranking/use-movement.ts';
import { LabCard } from './LabCard.tsx';
import { MomentNote } from './MomentNote.tsx';
import styles from './Timeline.module.css';

/** On a narrow screen the tools come below: the whole list would hide them. */
const FIRST_ON_NARROW = 5;

const keyOf = ({ item }: LabEntry): string => item.key;

export function Timeline() {
  const lab = useLab();
  const state = useOrder();
  const selected = useSelected();
  const set = useTweets((tweets) => tweets.set);
  const ownSets = useTweets((tweets) => tweets.ownSets);
  const pinned = useView((view) => view.pins[set] ?? null);
  const conditions = useConditions();
  const training = useRun((run) => run.phase === 'running');
  const narrow = useMediaQuery('(max-width: 719px)');
  const [whole, setWhole] = useState(false);
  const { choose } = lab.tweets.getState();
  const { pin: keep } = lab.view.getState();
  const order = state.kind === 'order' ? state.order : null;
  const list = useMovement(order ? order.ranked.map(({ item }) => item.key).join(' ') : '');

  const all = order?.ranked ?? [];
  const short = narrow && !whole && all.length > FIRST_ON_NARROW + 1;
  const shown = short ? all.filter((entry, i) => i < FIRST_ON_NARROW || entry === selected) : all;
  const inPage = useSettledOrder(shown, keyOf, training);
  const about = scenarios.find(({ id }) => id === set)?.about;

  // The same function as long as it can be: a new one would draw every card anew.
  const explain = useCallback(
    (key: string): void => {
      const { select, show } = lab.view.getState();
      select(key);
      if (!narrow) return;
      show('why');
      const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
      const behavior = still ? 'auto' : 'smooth';
      document.getElementById('lab-tools')?.scrollIntoView({ behavior, block: 'start' });
    },
    [lab, narrow],
  );

  return (
    <>
      <div className={styles.controls}>
        <Select
          label="Tweets"
          value={set}
          className={styles.set}
          options={[
            ...scenarios.map(({ id, label: name, tweets }) => ({
              value: id,
              label: `${name} (${tweets.length})`,
            })),
            { value: ALL, label: 'All samples' },
            ...ownSets.map(({ id, label: name, tweets }) => ({
              value: id,
              label: `${name} (${tweets.length})`,
            })),
          ]}
          onChange={choose}
        />
        <Button
          disabled={!order}
          title="Changes of place and score are counted from the pinned order"
          onClick={() => order && keep(set, pin(order, conditions))}
        >
          Pin this order
        </Button>
      </div>
      <p className={styles.about}>
        {about && `${about} `}
        {pinned && <span className={styles.pinned}>Changes since: {conditionsText(pinned)}.</span>}
      </p>
      <MomentNote />
      <div className={styles.scroll}>
        {order ? (
          <>
            <ol className={styles.list} ref={list} aria-label="Timeline">
              {inPage.map((entry) => (
                <LabCard
                  key={entry.item.key}
                  entry={entry}
                  of={all.length}
                  selected={entry.item.key === selected?.item.key}
                  onSelect={explain}
                />
              ))}
            </ol>
            {short && (
              <Button look="quiet" className={styles.more} onClick={() => setWhole(true)}>
                Show all {all.length}
              </Button>
            )}
            {order.dropped.length > 0 && (!short || whole) && (
              <>
                <h3 className={styles.droppedTitle}>Dropped after the score ({order.dropped.length})</h3>
                <ul className={styles.list} aria-label="Dropped tweets">
                  {order.dropped.map((entry) => (
                    <LabCard
                      key={entry.item.key}
                      entry={entry}
                      of={all.length}
                      selected={entry.item.key === selected?.item.key}
                      onSelect={explain}
                    />
                  ))}
                </ul>
              </>
            )}
          </>
        ) : (
          <p className={styles.waiting}>{state.kind === 'order' ? '' : state.message}</p>
        )}
      </div>
    </>
  );
}
