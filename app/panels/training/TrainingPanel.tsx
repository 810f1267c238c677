/** What the runs shown have reported so far: losses and learning rates. */
import { Suspense, useDeferredValue, useMemo } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { axisAt } from '../../../src/runs/run-axis.ts';
import { ActionButton } from '../../actions/ActionButton.tsx';
import { goodCheckpoint, halfRateAction } from '../../actions/mend-actions.ts';
import { CADENCE } from '../../cadence.ts';
import { Chart } from '../../charts/Chart.tsx';
import { linesTable } from '../../charts/plot-lines.ts';
import type { PlotLine } from '../../charts/plot-lines.ts';
import { useAxisFormat } from '../../charts/use-axis-format.ts';
import { RunLegend } from '../../charts/RunLegend.tsx';
import { useShownRuns } from '../../charts/use-shown-runs.ts';
import { WhenSeen } from '../../charts/WhenSeen.tsx';
import { count, decimal, learningRate, lossTick, shortRate } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Button } from '../../parts/Button.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Term } from '../../parts/Term.tsx';
import { useRun, useSession, useSettings } from '../../session/context.tsx';

import { headLossLines, lossLines, rateLines } from '../../stores/run-lines.ts';
import { HeadToggles } from './HeadToggles.tsx';
import { later } from '../../parts/later.ts';
import { trainingTexts } from '../../texts/training.ts';
import { chartTexts } from '../../texts/chart.ts';
import { Phrase } from '../../parts/Phrase.tsx';
import styles from './TrainingPanel.module.css';
import { useSlowVersion } from './use-slow-version.ts';

const ChartControls = later(() => import('./ChartControls.tsx'));
const Plot = later(() => import('../../charts/Plot.tsx'));

/** So many lines are drawn with fewer points each. */
const MANY_LINES = 5;
const MANY_POINTS = 60;
/** Rows of the table twin; the file has all of them. */
const TABLE_ROWS = 100;

const Guidance = later(() => import('../guidance/Guidance.tsx'));

/** Where the run was changed while it trained, and where it left the run that it was begun from, if that is shown. */
function useMarks(): readonly { readonly x: number; readonly label: string }[] {
  const { chartView } = useSession();
  const changes = useRun((state) => state.manifest?.recipe.changes);
  const started = useRun((state) => state.manifest?.times.started ?? state.manifest?.times.created ?? '');
  const series = useRun((state) => state.series);
  const axis = useStore(chartView, (state) => state.axis);
  const parent = useRun((state) => state.manifest?.parent?.step ?? 0);
  const [current] = useShownRuns();
  const from = current && current.change !== null ? parent : null;
  return useMemo(() => {
    const steps = [
      ...new Set([...(from === null ? [] : [from]), ...(changes ?? []).map(({ step }) => step)]),
    ];
    if (!series) return [];
    return steps.map((step) => ({
      x: axisAt(series, axis, Date.parse(started), step),
      label: trainingTexts.changedAt(count(step)),
    }));
  }, [changes, series, axis, started, from]);
}

export function TrainingPanel() {
  return (
    <Panel
      id="training"
      title={trainingTexts.title}
      tools={
        <Suspense fallback={null}>
          <ChartControls />
        </Suspense>
      }
    >
      <Divergence />
      <Suspense fallback={null}>
        <Guidance />
      </Suspense>
      <LossChart />
      {/* Where the tour points at. */}
      <div id="head-losses">
        <HeadLossChart />
      </div>
      <RatesChart />
    </Panel>
  );
}

/** What the three charts share: the runs, as often as they may be drawn anew. */
function useRunsAt(interval: number) {
  const { chartView } = useSession();
  const version = useSlowVersion(interval);
  const runs = useShownRuns();
  const axis = useStore(chartView, (state) => state.axis);
  const smoothing = useDeferredValue(useSettings((state) => state.smoothing));
  return { version, runs, axis, smoothing };
}

function LossChart() {
  const { version, runs, axis, smoothing } = useRunsAt(CADENCE.loss);
  const lines = useMemo(() => {
    void version;
    return lossLines(runs, axis, smoothing);
  }, [runs, version, axis, smoothing]);
  return (
    <RunChart
      title={<Phrase text={trainingTexts.totalLossTitle} parts={{ loss: <Term word="loss" /> }} />}
      name={trainingTexts.totalLoss}
      nothing={trainingTexts.totalLossNothing}
      lines={lines}
      height={168}
      format={decimal}
      ticks={lossTick}
      logs
      legend={<RunLegend runs={runs} by="color" />}
    />
  );
}

function HeadLossChart() {
  const { version, runs, axis, smoothing } = useRunsAt(CADENCE.heads);
  const hidden = useSettings((state) => state.hiddenHeads);
  const lines = useMemo(() => {
    void version;
    return headLossLines(runs, axis, smoothing, hidden);
  }, [runs, version, axis, smoothing, hidden]);
  return (
    <RunChart
      title={
        <Phrase
          text={trainingTexts.lossByHeadTitle}
          parts={{ Loss: <Term word="loss">{trainingTexts.loss}</Term> }}
        />
      }
      name={trainingTexts.lossByHead}
      nothing={hidden.length > 0 && runs.length > 0 ? trainingTexts.allHeadsOff : trainingTexts.oneLineEach}
      lines={lines}
      height={184}
      format={decimal}
      ticks={lossTick}
      logs
      legend={
        <>
          <HeadToggles />
          <RunLegend runs={runs} by="dash" />
        </>
      }
    />
  );
}

function RatesChart() {
  const { version, runs, axis } = useRunsAt(CADENCE.rates);
  const lines = useMemo(() => {
    void version;
    return rateLines(runs, axis);
  }, [runs, version, axis]);
  return (
    <RunChart
      title={<Term word="learning rate">{trainingTexts.rates}</Term>}
      name={trainingTexts.rates}
      nothing={trainingTexts.ratesNothing}
      lines={lines}
      height={112}
      format={learningRate}
      ticks={shortRate}
    />
  );
}

interface RunChartProps {
  readonly title: ReactNode;
  readonly name: string;
  /** What to say while there is nothing to draw. */
  readonly nothing: string;
  readonly lines: readonly PlotLine[];
  readonly height: number;
  readonly format: (value: number) => string;
  readonly ticks: (value: number) => string;
  /** Follows the switch of the logarithmic axis. */
  readonly logs?: boolean;
  readonly legend?: ReactNode;
}

function RunChart({
  title,
  name,
  nothing,
  lines,
  height,
  format,
  ticks,
  logs = false,
  legend,
}: RunChartProps) {
  const { chartView } = useSession();
  const logLoss = useSettings((state) => state.logLoss);
  const axis = useAxisFormat();
  const marks = useMarks();
  const unit = chartTexts.axisColumns[chartView.getState().axis];
  const any = lines.some(({ x }) => x.length > 0);
  return (
    <Chart
      title={title}
      name={name}
      summary={summary(lines, axis.formatX, format)}
      height={height}
      empty={any ? null : nothing}
      table={() => newestFirst(linesTable(unit, lines, TABLE_ROWS), format)}
      file={() => linesTable(unit, lines)}
      legend={legend}
    >
      <WhenSeen>
        <Suspense fallback={null}>
          <Plot
            {...axis}
            name={name}
            lines={lines}
            height={height}
            view={chartView}
            logY={logs && logLoss}
            format={format}
            ticks={ticks}
            marks={marks}
            {...(lines.length > MANY_LINES ? { limit: MANY_POINTS } : {})}
          />
        </Suspense>
      </WhenSeen>
    </Chart>
  );
}

/** As people read it: numbers as at the crosshair, the newest on top. */
function newestFirst({ columns, rows }: ReturnType<typeof linesTable>, format: (value: number) => string) {
  const shown = rows.map(([x, ...values]) => [
    typeof x === 'number' ? count(x) : (x ?? null),
    ...values.map((value) => (typeof value === 'number' ? format(value) : value)),
  ]);
  return { columns, rows: shown.toReversed() };
}

/** The newest values in words, for people who cannot see the lines. */
function summary(
  lines: readonly PlotLine[],
  formatX: (value: number) => string,
  format: (value: number) => string,
): string {
  const first = lines.find(({ x }) => x.length > 0);
  if (!first) return trainingTexts.nothingYet;
  const last = first.x.length - 1;
  const value = (first.drawn?.values ?? first.values)[last] as number;
  const place = formatX(first.x[last] as number).toLowerCase();
  return lines.length === 1 && Number.isFinite(value)
    ? trainingTexts.upToNow(place, format(value))
    : trainingTexts.upTo(place);
}

function Divergence() {
  const session = useSession();
  const divergence = useRun((state) => state.divergence);
  useRun((state) => state.manifest?.recipe.changes);
  if (!divergence) return null;
  const { step, what, tasks, advice } = divergence;
  const good = goodCheckpoint(session);
  return (
    <div className={styles.divergence}>
      <Notice
        tone="error"
        title={trainingTexts.diverged[what](count(step))}
        actions={
          <>
            {good !== null && (
              <>
                <ActionButton action={halfRateAction}>
                  {trainingTexts.backAtHalfRate(count(good))}
                </ActionButton>
                <Button onClick={() => void session.restore(good)}>
                  {trainingTexts.backTo(count(good))}
                </Button>
              </>
            )}
            <Button onClick={() => void session.restart()}>{trainingTexts.restart}</Button>
          </>
        }
      >
        {advice}
        {tasks.length > 0 &&
          ` ${trainingTexts.headsConcerned(tasks.map((task) => headStyle(task).label).join(', '))}`}
      </Notice>
    </div>
  );
}
