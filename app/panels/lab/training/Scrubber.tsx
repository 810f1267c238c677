/** A slider over the moments of a run that can be looked at: untrained, each checkpoint, now. */
import { useMemo } from 'react';
import { count } from '../../../format.ts';
import { useRanking, useRun } from '../../../session/context.tsx';
import type { LabState } from '../../../stores/lab.ts';
import { CheckpointActions } from '../../weights/Checkpoints.tsx';
import { momentKey } from '../../../stores/lab-predictions.ts';
import { useLab, useView } from '../lab-context.tsx';
import styles from './TrainingTool.module.css';

export function Scrubber() {
  const lab = useLab();
  const moment = useView((view) => view.moment);
  const checkpoints = useRun((run) => run.checkpoints);
  const step = useRanking((state) => state.now?.step ?? 0);
  const every = useRun((run) => run.config?.training.checkpoint_every_n ?? 0);
  const looked = typeof moment === 'object' ? moment.checkpoint : null;
  const moments = useMemo((): readonly LabState['moment'][] => {
    const kept = checkpoints.map((event) => event.step);
    // The one looked at stays a stop when newer ones have pushed it out: its order is still the one shown.
    const stops = looked === null || kept.includes(looked) ? kept : [looked, ...kept];
    return ['initial', ...stops.map((checkpoint) => ({ checkpoint })), 'now'];
  }, [checkpoints, looked]);
  const found = moments.findIndex((entry) => momentKey(entry) === momentKey(moment));
  const at = found < 0 ? moments.length - 1 : found;
  const name = (entry: LabState['moment']): string =>
    entry === 'initial'
      ? 'Untrained'
      : entry === 'now'
        ? `Now (step ${count(step)})`
        : `Checkpoint of step ${count(entry.checkpoint)}`;
  return (
    <div className={styles.scrubber}>
      <input
        type="range"
        min={0}
        max={moments.length - 1}
        step={1}
        value={at}
        aria-label="Moment of the run"
        aria-valuetext={name(moments[at] ?? 'now')}
        list="lab-moments"
        onChange={(event) => lab.view.getState().goTo(moments[Number(event.target.value)] ?? 'now')}
      />
      <datalist id="lab-moments">
        {moments.map((entry, i) => (
          <option key={momentKey(entry)} value={i} />
        ))}
      </datalist>
      <div className={styles.ends}>
        <span>Untrained</span>
        <output data-testid="moment">{name(moments[at] ?? 'now')}</output>
        <span>Now</span>
      </div>
      {looked !== null && (
        <div className={styles.actions}>
          <CheckpointActions step={looked} />
        </div>
      )}
      {moments.length === 2 && every > 0 && (
        <p className={styles.note}>
          Checkpoints, one every {count(every)} steps, become stops on this slider.
        </p>
      )}
    </div>
  );
}
