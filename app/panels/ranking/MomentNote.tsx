/** Says so when the order is not that of the weights of now: others were chosen, or those of now predict nothing any more. */
import { count } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { useRanking, useRun, useSession } from '../../session/context.tsx';
import { rankingTexts } from '../../texts/ranking.ts';
import styles from './MomentNote.module.css';
import { useMoment, useRanked } from './use-ranked.tsx';

export function MomentNote() {
  const { ranking } = useSession();
  const { at, unavailable } = useMoment();
  const state = useRanked();
  if (at === 'yours') return <DivergedNote />;
  if (unavailable.yours !== null) return null;
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

/** A run that has diverged predicts no numbers: the order shown is older than its weights. */
export function DivergedNote() {
  const diverged = useRun((state) => state.phase === 'diverged');
  const step = useRanking((state) => state.now?.step ?? null);
  if (!diverged || step === null) return null;
  return (
    <div className={styles.moment} role="status">
      {rankingTexts.divergedOrder(count(step))}
    </div>
  );
}
