/** Says so when the timeline is not that of the weights of now. */
import { count } from '../../../format.ts';
import { Button } from '../../../parts/Button.tsx';
import { useLab, useOrder, useView } from '../lab-context.tsx';
import styles from './Timeline.module.css';

export function MomentNote() {
  const lab = useLab();
  const moment = useView((view) => view.moment);
  const state = useOrder();
  const stale = state.kind === 'order' && !state.fresh && moment !== 'now';
  if (moment === 'now') return null;
  return (
    <div className={styles.moment} role="status">
      <span>
        {moment === 'initial'
          ? 'This is the untrained order.'
          : `This is the order at the checkpoint of step ${count(moment.checkpoint)}.`}
        {stale && ' Predicting…'}
      </span>
      <Button look="quiet" onClick={() => lab.view.getState().goTo('now')}>
        Back to now
      </Button>
    </div>
  );
}
