/** How the charts are looked at, all of them together: along what, smoothed how much, on which axes. */
import { useStore } from 'zustand';
import { Button } from '../../parts/Button.tsx';
import { Check, Select } from '../../parts/Field.tsx';
import { Term } from '../../parts/Term.tsx';
import { useSession, useSettings } from '../../session/context.tsx';
import { AXES } from '../../stores/chart-view.ts';
import { fixed } from '../../format.ts';
import styles from './TrainingPanel.module.css';

export default function ChartControls() {
  const { chartView } = useSession();
  const smoothing = useSettings((state) => state.smoothing);
  const logLoss = useSettings((state) => state.logLoss);
  const set = useSettings((state) => state.set);
  const { axis, logX, outliersOut, window, setAxis, set: look } = useStore(chartView);
  return (
    <div className={styles.controls}>
      {window !== null && <Button onClick={() => look({ window: null })}>Show all</Button>}
      <label className={styles.slider}>
        <Term word="smoothing">Smoothing</Term>
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={smoothing}
          aria-label="Smoothing"
          onChange={(event) => set({ smoothing: Number(event.target.value) })}
        />
        <output>{fixed(smoothing, 2)}</output>
      </label>
      <Select
        label="Along"
        hideLabel
        value={axis}
        options={AXES.map(({ id, label }) => ({ value: id, label }))}
        onChange={setAxis}
      />
      <Check label="Log axis" checked={logLoss} onChange={(checked) => set({ logLoss: checked })} />
      <Check label="Log x" checked={logX} onChange={(checked) => look({ logX: checked })} />
      <Check
        label="Outliers out"
        checked={outliersOut}
        onChange={(checked) => look({ outliersOut: checked })}
      />
    </div>
  );
}
