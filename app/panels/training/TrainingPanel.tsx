/** What the run has shown so far: losses and learning rates. */
import { Suspense, useDeferredValue, useMemo } from 'react';
import { Chart } from '../../charts/Chart.tsx';
import { chartRows } from '../../charts/chart-rows.ts';
import { count, decimal, learningRate } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { Check } from '../../parts/Field.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Button } from '../../parts/Button.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Term } from '../../parts/Term.tsx';
import { useRun, useSession, useSettings } from '../../session/context.tsx';
import type { Session } from '../../session/session.ts';
import { HeadToggles } from './HeadToggles.tsx';
import { retryable } from '../../parts/retryable.ts';
import styles from './TrainingPanel.module.css';
import { useSlowVersion } from './use-slow-version.ts';

/** Rows a chart of this width can show; well below recharts' 500. */
const TOTAL_ROWS = 160;
const HEAD_ROWS = 60;

const Guidance = retryable(() => import('../guidance/Guidance.tsx'));

/** Steps at which the run was changed while it trained. */
function useMarks(): readonly number[] {
  const changes = useRun((state) => state.manifest?.recipe.changes);
  return useMemo(() => [...new Set((changes ?? []).map(({ step }) => step))], [changes]);
}

export function TrainingPanel() {
  return (
    <Panel id="training" title="Training" tools={<ChartControls />}>
      <Divergence />
      <Suspense fallback={null}>
        <Guidance />
      </Suspense>
      <LossChart />
      <HeadLossChart />
      <RatesChart />
    </Panel>
  );
}

function ChartControls() {
  const smoothing = useSettings((state) => state.smoothing);
  const logLoss = useSettings((state) => state.logLoss);
  const set = useSettings((state) => state.set);
  return (
    <div className={styles.controls}>
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
        <output>{smoothing.toFixed(2)}</output>
      </label>
      <Check label="Log axis" checked={logLoss} onChange={(checked) => set({ logLoss: checked })} />
    </div>
  );
}

function LossChart() {
  const marks = useMarks();
  const series = useRun((state) => state.series);
  const version = useSlowVersion(400);
  const smoothing = useDeferredValue(useSettings((state) => state.smoothing));
  const logLoss = useSettings((state) => state.logLoss);
  const rows = useMemo(() => {
    void version;
    if (!series) return [];
    const line = { key: 'loss', values: series.losses, drawn: series.drawnLosses(smoothing) };
    return chartRows(series.steps, [line], smoothing > 0, TOTAL_ROWS, logLoss);
  }, [series, version, smoothing, logLoss]);
  return (
    <Chart
      title={
        <>
          Total <Term word="loss" />
        </>
      }
      name="Total loss"
      empty="Press Train: the loss of each step appears here."
      rows={rows}
      lines={totalLine}
      height={168}
      logarithmic={logLoss}
      ghosts={smoothing > 0}
      format={decimal}
      ticks={tick}
      sync="run"
      marks={marks}
    />
  );
}

const tick = (value: number): string => (value === 0 ? '0' : String(Number(value.toPrecision(3))));
const shortRate = (value: number): string =>
  value > 0 && value < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(2)));

const totalLine = [{ key: 'loss', label: 'Loss', color: 'var(--accent)' }];

function HeadLossChart() {
  const marks = useMarks();
  const series = useRun((state) => state.series);
  const version = useSlowVersion(700);
  const smoothing = useDeferredValue(useSettings((state) => state.smoothing));
  const logLoss = useSettings((state) => state.logLoss);
  const hidden = useSettings((state) => state.hiddenHeads);
  const lines = useMemo(
    () =>
      (series?.tasks ?? [])
        .filter((task) => !hidden.includes(task))
        .map((task) => ({ ...headStyle(task), key: task })),
    [series, hidden],
  );
  const rows = useMemo(() => {
    void version;
    if (!series) return [];
    const shown = lines.map(({ key }) => {
      const at = series.tasks.indexOf(key);
      return { key, values: series.taskLosses(at), drawn: series.drawnTaskLosses(at, smoothing) };
    });
    return chartRows(series.steps, shown, smoothing > 0, HEAD_ROWS, logLoss);
  }, [series, version, lines, smoothing, logLoss]);
  return (
    <Chart
      title={
        <>
          <Term word="loss">Loss</Term> by head
        </>
      }
      name="Loss by head"
      empty="One line for each head."
      rows={rows}
      lines={lines}
      height={184}
      logarithmic={logLoss}
      format={decimal}
      ticks={tick}
      sync="run"
      marks={marks}
    >
      <HeadToggles />
    </Chart>
  );
}

function RatesChart() {
  const marks = useMarks();
  const series = useRun((state) => state.series);
  const version = useSlowVersion(1500);
  const lines = useMemo(
    () =>
      (series?.groups ?? []).map((group) =>
        group === 'backbone'
          ? { key: group, label: 'Backbone', color: 'var(--text)' }
          : { ...headStyle(group), key: group },
      ),
    [series],
  );
  const rows = useMemo(() => {
    void version;
    if (!series) return [];
    const shown = series.groups.map((key, i) => ({
      key,
      values: series.learningRates(i),
      drawn: series.drawnRates(i),
    }));
    return chartRows(series.steps, shown, false, 100);
  }, [series, version]);
  return (
    <Chart
      title={<Term word="learning rate">Learning rates</Term>}
      name="Learning rates"
      empty="The schedules of the backbone and the towers."
      rows={rows}
      lines={lines}
      height={112}
      format={learningRate}
      ticks={shortRate}
      sync="run"
      marks={marks}
    />
  );
}

async function atHalfRate(session: Session, step: number): Promise<void> {
  const { backAtHalfRate } = await import('../guidance/half-rate.ts');
  await backAtHalfRate(session, step);
}

function Divergence() {
  const session = useSession();
  const divergence = useRun((state) => state.divergence);
  if (!divergence) return null;
  const { step, tasks, advice, lastGoodCheckpoint } = divergence;
  return (
    <div className={styles.divergence}>
      <Notice
        tone="error"
        title={`The loss is no longer a number at step ${count(step)}.`}
        actions={
          <>
            {lastGoodCheckpoint !== null && (
              <>
                <Button onClick={() => void atHalfRate(session, lastGoodCheckpoint)}>
                  Back to step {count(lastGoodCheckpoint)}, half the rate
                </Button>
                <Button onClick={() => void session.restore(lastGoodCheckpoint)}>
                  Back to step {count(lastGoodCheckpoint)}
                </Button>
              </>
            )}
            <Button onClick={() => void session.restart()}>Restart</Button>
          </>
        }
      >
        {advice}
        {tasks.length > 0 && ` Heads concerned: ${tasks.map((task) => headStyle(task).label).join(', ')}.`}
      </Notice>
    </div>
  );
}
