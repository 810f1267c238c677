/** A slider over the moments of a run that can be looked at: untrained, each checkpoint, now. */
import { useMemo } from 'react';
import { count } from '../../../format.ts';
import type { ShownMoment } from '../../../stores/ranking.ts';
import { CheckpointActions } from '../../weights/Checkpoints.tsx';
import { momentKey } from '../../../stores/predictions.ts';
import { useRanking, useRun, useSession } from '../../../session/context.tsx';
import { useMoment } from '../../ranking/use-ranked.tsx';
import { labTrainingTexts } from '../../../texts/lab-tools.ts';
import styles from './TrainingTool.module.css';

export function Scrubber() {
  const { ranking } = useSession();
  const moment = useMoment().at;
  const checkpoints = useRun((run) => run.checkpoints);
  const step = useRanking((state) => state.now?.step ?? 0);
  const every = useRun((run) => run.config?.training.checkpoint_every_n ?? 0);
  const trained = useRanking((state) => state.now?.untrained === false);
  const looked = typeof moment === 'object' ? moment.checkpoint : null;
  const moments = useMemo((): readonly ShownMoment[] => {
    const kept = checkpoints.map((event) => event.step);
    // The one looked at stays a stop when newer ones have pushed it out: its order is still the one shown.
    const stops = looked === null || kept.includes(looked) ? kept : [looked, ...kept];
    return [
      'untrained',
      ...stops.map((checkpoint) => ({ checkpoint })),
      ...(trained ? (['yours'] as const) : []),
    ];
  }, [checkpoints, looked, trained]);
  const found = moments.findIndex((entry) => momentKey(entry) === momentKey(moment));
  const at = found < 0 ? moments.length - 1 : found;
  const name = (entry: ShownMoment): string =>
    entry === 'untrained'
      ? labTrainingTexts.untrained
      : entry === 'yours'
        ? labTrainingTexts.nowAt(count(step))
        : entry === 'pretrained'
          ? labTrainingTexts.pretrained
          : labTrainingTexts.checkpointOf(count(entry.checkpoint));
  return (
    <div className={styles.scrubber}>
      <input
        type="range"
        min={0}
        max={moments.length - 1}
        step={1}
        value={at}
        aria-label={labTrainingTexts.slider}
        aria-valuetext={name(moments[at] ?? 'yours')}
        list="lab-moments"
        onChange={(event) => ranking.getState().choose(moments[Number(event.target.value)] ?? 'yours')}
      />
      <datalist id="lab-moments">
        {moments.map((entry, i) => (
          <option key={momentKey(entry)} value={i} />
        ))}
      </datalist>
      <div className={styles.ends}>
        <span>{labTrainingTexts.untrained}</span>
        <output data-testid="moment">{name(moments[at] ?? 'yours')}</output>
        <span>{labTrainingTexts.now}</span>
      </div>
      {looked !== null && (
        <div className={styles.actions}>
          <CheckpointActions step={looked} />
        </div>
      )}
      {checkpoints.length === 0 && every > 0 && (
        <p className={styles.note}>{labTrainingTexts.checkpointsCome(count(every))}</p>
      )}
    </div>
  );
}
