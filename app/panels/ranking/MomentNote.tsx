/** Says so when the order is not that of the weights of now, though there are such. */
import { count } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { useSession } from '../../session/context.tsx';
import { rankingTexts } from '../../texts/ranking.ts';
import styles from './MomentNote.module.css';
import { useMoment, useRanked } from './use-ranked.tsx';

export function MomentNote() {
  const { ranking } = useSession();
  const { at, unavailable } = useMoment();
  const state = useRanked();
  if (at === 'yours' || unavailable.yours !== null) return null;
  const stale = state.kind === 'order' && !state.fresh;
  return (
    <div className={styles.moment} role="status">
      <span>
        {typeof at === 'object'
          ? rankingTexts.checkpointOrder(count(at.checkpoint))
          : rankingTexts.momentOrder[at]}
        {stale && ` ${rankingTexts.predicting}`}
      </span>
      <Button look="quiet" onClick={() => ranking.getState().choose('yours')}>
        {rankingTexts.backToNow}
      </Button>
    </div>
  );
}
