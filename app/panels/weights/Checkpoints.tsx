/** The checkpoints that the run keeps: each can be gone back to, or begin another run. */
import type { RunSeries } from '../../../src/runs/run-series.ts';
import { count, decimal } from '../../format.ts';
import { ActionButton } from '../../actions/ActionButton.tsx';
import { branchAction, CHECKPOINTS_SHOWN, goBackAction } from '../../actions/checkpoint-actions.ts';
import { useRun } from '../../session/context.tsx';
import { weightsPanelTexts } from '../../texts/weights.ts';
import styles from './Checkpoints.module.css';
import { NumberTable } from '../../parts/NumberTable.tsx';

export default function Checkpoints() {
  const checkpoints = useRun((state) => state.checkpoints);
  const series = useRun((state) => state.series);
  const shown = checkpoints.slice(-CHECKPOINTS_SHOWN).toReversed();
  if (shown.length === 0) return <p className={styles.none}>{weightsPanelTexts.noCheckpoints}</p>;
  return (
    <NumberTable name={weightsPanelTexts.checkpoints} look="ruled">
      <thead>
        <tr>
          <th scope="col">{weightsPanelTexts.step}</th>
          <th scope="col">{weightsPanelTexts.loss}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {shown.map(({ step, loss }) => (
          <tr key={step}>
            <th scope="row">{count(step)}</th>
            <td>{lossText(loss ?? lossBefore(series, step))}</td>
            <td className={styles.actions}>
              <CheckpointActions step={step} />
            </td>
          </tr>
        ))}
      </tbody>
    </NumberTable>
  );
}

/** Go back, and branch: the same two wherever a checkpoint is shown. */
export function CheckpointActions({ step }: { readonly step: number }) {
  return (
    <>
      <ActionButton action={goBackAction(step)} aria-label={weightsPanelTexts.goBackTo(count(step))}>
        {weightsPanelTexts.goBack}
      </ActionButton>
      <ActionButton action={branchAction(step)} aria-label={weightsPanelTexts.branchFrom(count(step))}>
        {weightsPanelTexts.branch}
      </ActionButton>
    </>
  );
}

const lossText = (loss: number | null): string => (loss === null ? '–' : decimal(loss));

/** Of a run that was opened again: the loss of the step before the checkpoint. */
function lossBefore(series: RunSeries | null, step: number): number | null {
  const row = series?.steps.lastIndexOf(step - 1) ?? -1;
  return series?.losses[row] ?? null;
}
