/** How the charts are looked at, all of them together: along what, smoothed how much, on which axes. */
import { useStore } from 'zustand';
import { ActionButton } from '../../actions/ActionButton.tsx';
import { showAllAction } from '../../actions/chart-actions.ts';
import { Check, Select } from '../../parts/Field.tsx';
import { Term } from '../../parts/Term.tsx';
import { useSession, useSettings } from '../../session/context.tsx';
import { AXES } from '../../stores/chart-view.ts';
import { fixed } from '../../format.ts';
import { chartTexts } from '../../texts/chart.ts';
import styles from './TrainingPanel.module.css';

export default function ChartControls() {
  const { chartView } = useSession();
  const smoothing = useSettings((state) => state.smoothing);
  const logLoss = useSettings((state) => state.logLoss);
  const set = useSettings((state) => state.set);
  const { axis, logX, outliersOut, window, setAxis, set: look } = useStore(chartView);
  return (
    <div className={styles.controls}>
      {window !== null && <ActionButton action={showAllAction}>{chartTexts.controls.showAll}</ActionButton>}
      <label className={styles.slider}>
        <Term word="smoothing">{chartTexts.controls.smoothing}</Term>
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={smoothing}
          aria-label={chartTexts.controls.smoothing}
          onChange={(event) => set({ smoothing: Number(event.target.value) })}
        />
        <output>{fixed(smoothing, 2)}</output>
      </label>
      <Select
        label={chartTexts.controls.along}
        hideLabel
        value={axis}
        options={AXES.map((id) => ({ value: id, label: chartTexts.axes[id] }))}
        onChange={setAxis}
      />
      <Check
        label={chartTexts.controls.logAxis}
        checked={logLoss}
        onChange={(checked) => set({ logLoss: checked })}
      />
      <Check
        label={chartTexts.controls.logX}
        checked={logX}
        onChange={(checked) => look({ logX: checked })}
      />
      <Check
        label={chartTexts.controls.outliersOut}
        checked={outliersOut}
        onChange={(checked) => look({ outliersOut: checked })}
      />
    </div>
  );
}
