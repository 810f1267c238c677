/** The ranking in full, and the order that changes are counted from. */
import { useCallback } from 'react';
import { scenarios } from '../../../../src/ranking/scenarios/index.ts';
import { useOffers } from '../../../actions/use-offers.ts';
import { Button } from '../../../parts/Button.tsx';
import { useMediaQuery } from '../../../parts/use-media-query.ts';
import { useRanking, useSession, useTweets } from '../../../session/context.tsx';
import { conditionsText, pinned } from '../../../stores/pins.ts';
import { MomentNote } from '../../ranking/MomentNote.tsx';
import { RankedByChips } from '../../ranking/RankedByChips.tsx';
import { RankedList } from '../../ranking/RankedList.tsx';
import { TweetsSelect } from '../../ranking/RankingSelects.tsx';
import { useConditions, useMoment, useRanked, useSelected } from '../../ranking/use-ranked.tsx';
import { labTexts } from '../../../texts/lab.ts';
import styles from './Timeline.module.css';

/** On a narrow screen the tools come below: the whole list would hide them. */
const FIRST_ON_NARROW = 5;

export function Timeline() {
  const { ranking } = useSession();
  const state = useRanked();
  const moment = useMoment();
  const selected = useSelected();
  const set = useTweets((tweets) => tweets.set);
  const pin = useRanking((store) => store.pins[set] ?? null);
  const conditions = useConditions();
  const narrow = useMediaQuery('(max-width: 719px)');
  const order = state.kind === 'order' ? state.order : null;
  const about = scenarios.find(({ id }) => id === set)?.about;

  const pinNow = (): void => {
    if (order) ranking.getState().pin(set, pinned(order, conditions, true));
  };
  const whyNot = state.kind === 'order' ? null : state.message;
  useOffers([{ id: 'ranking.pin', group: 'ranking', title: labTexts.pin, why: whyNot, run: pinNow }]);

  const explain = useCallback(
    (key: string): void => {
      const { select, show } = ranking.getState();
      select(key);
      if (!narrow) return;
      show('why');
      const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
      const behavior = still ? 'auto' : 'smooth';
      document.getElementById('lab-tools')?.scrollIntoView({ behavior, block: 'start' });
    },
    [ranking, narrow],
  );

  return (
    <>
      <div className={styles.moments}>
        <RankedByChips ranked={moment} />
      </div>
      <div className={styles.controls}>
        <TweetsSelect className={styles.set} />
        <Button disabled={!order} title={labTexts.pinAbout} onClick={pinNow}>
          {labTexts.pin}
        </Button>
      </div>
      <p className={styles.about}>
        {about && `${about} `}
        {pin && <span className={styles.pinned}>{labTexts.changesSince(conditionsText(pin))}</span>}
      </p>
      <MomentNote />
      <div className={styles.scroll}>
        {order ? (
          <RankedList
            order={order}
            density="full"
            label={labTexts.timeline}
            since={labTexts.pinnedOrder}
            first={narrow ? FIRST_ON_NARROW : Infinity}
            selected={selected?.item.key ?? null}
            onSelect={explain}
          />
        ) : (
          <p className={styles.waiting}>{state.kind === 'order' ? '' : state.message}</p>
        )}
      </div>
    </>
  );
}
