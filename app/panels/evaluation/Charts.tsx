/** The panel's charts: every metric over steps, then calibration and ROC of the evaluation looked at; of all runs shown. */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { axisAt } from '../../../src/runs/run-axis.ts';
import { Chart } from '../../charts/Chart.tsx';
import Plot from '../../charts/Plot.tsx';
import { useAxisFormat } from '../../charts/use-axis-format.ts';
import { useShownRuns } from '../../charts/use-shown-runs.ts';
import { WhenSeen } from '../../charts/WhenSeen.tsx';
import { count, percent, shareTick } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { Button } from '../../parts/Button.tsx';
import { Explained, Term } from '../../parts/Term.tsx';
import { useEvaluation, useSession, useSettings } from '../../session/context.tsx';
import { createChartViewStore } from '../../stores/chart-view.ts';
import type { ChartViewStore } from '../../stores/chart-view.ts';
import { fitView } from '../../stores/evaluation.ts';
import type { FittedView } from '../../stores/evaluation.ts';
import { METRICS } from '../../stores/evaluation-metrics.ts';
import type { Metric } from '../../stores/evaluation-metrics.ts';
import { calibrationSeries, metricSeries, rocSeries } from '../../stores/evaluation-series.ts';
import type { CurveSeries, MetricRun, MetricSeries } from '../../stores/evaluation-series.ts';
import { Phrase } from '../../parts/Phrase.tsx';
import { chartTexts } from '../../texts/chart.ts';
import { evaluationTexts } from '../../texts/evaluation.ts';
import styles from './Charts.module.css';
import { useInTurn } from './use-in-turn.ts';

const HEIGHT = 136;
const CURVE_HEIGHT = 184;

interface ChartsProps {
  readonly view: FittedView;
  /** The step looked at, null while the newest is followed. */
  readonly at: number | null;
}

export function Charts({ view, at }: ChartsProps) {
  const runs = useMetricRuns(view);
  return (
    <div className={styles.charts}>
      {METRICS.map((metric) => (
        <MetricChart key={metric.id} metric={metric} runs={runs} at={at} />
      ))}
      <CurveChart
        runs={runs}
        series={calibrationSeries}
        title={
          <>
            <Phrase
              text={evaluationTexts.calibrationTitle}
              parts={{ calibration: <Term word="calibration">{evaluationTexts.calibration}</Term> }}
            />
          </>
        }
        name={evaluationTexts.calibration}
        what={evaluationTexts.binsAt}
        view={calibrationView}
        dots
      />
      <CurveChart
        runs={runs}
        series={rocSeries}
        title={<Phrase text={evaluationTexts.rocTitle} parts={{ ROC: <Term word="ROC" /> }} />}
        name="ROC"
        what={evaluationTexts.pointsAt}
        view={rocView}
      />
    </div>
  );
}

/** The current run as the panel looks at it, and the others by the same choices where they have them. */
function useMetricRuns(view: FittedView): readonly MetricRun[] {
  const { chartView } = useSession();
  const runs = useShownRuns();
  const axis = useStore(chartView, (state) => state.axis);
  const stratum = useEvaluation((state) => state.stratum);
  const { partition, head } = view;
  return useMemo(() => {
    const [current, ...others] = runs;
    const placeIn =
      (run: (typeof runs)[number] | undefined) =>
      (step: number): number =>
        run ? axisAt(run.series, axis, run.started, step) : step;
    const first: MetricRun = {
      id: current?.id ?? 'none',
      name: current?.name,
      color: current?.color ?? 'var(--accent)',
      dash: '',
      view,
      place: placeIn(current),
    };
    return [
      first,
      ...others.map((run): MetricRun => {
        const chosen = { partition, head, stratum, step: null };
        return { ...run, view: fitView(chosen, run.evaluations, [], []), place: placeIn(run) };
      }),
    ];
  }, [runs, axis, view, partition, head, stratum]);
}

interface MetricChartProps {
  readonly runs: readonly MetricRun[];
  readonly metric: Metric;
  readonly at: number | null;
}

function MetricChart({ metric, runs: newest, at }: MetricChartProps) {
  const { chartView } = useSession();
  const runs = useInTurn(newest);
  const hidden = useSettings((state) => state.hiddenHeads);
  const series = useMemo(() => metricSeries(runs, metric, hidden), [runs, metric, hidden]);
  const goal = useMemo(
    () =>
      series.reference === null || !metric.reference
        ? null
        : { label: metric.reference.name, value: series.reference },
    [series.reference, metric],
  );
  const axis = useAxisFormat();
  const place = runs[0]?.place;
  const marks = useMemo(
    () => (at === null || !place ? [] : [{ x: place(at), label: evaluationTexts.mark }]),
    [at, place],
  );
  return (
    <Chart
      small
      title={
        metric.id === 'pctr' ? (
          <Phrase
            text={evaluationTexts.pctrTitle}
            parts={{ pCTR: <Term word="pCTR" />, CTR: <Term word="CTR" /> }}
          />
        ) : (
          <Title metric={metric} />
        )
      }
      name={metric.name}
      table={() => series.table}
      summary={summaryOf(series, runs[0]?.view ?? null, metric)}
      height={HEIGHT}
      empty={series.absent === null ? null : sentence(series.absent)}
    >
      <WhenSeen>
        <Plot
          {...axis}
          name={metric.name}
          lines={series.lines}
          view={chartView}
          goal={goal}
          marks={marks}
          height={HEIGHT}
          format={metric.format}
        />
      </WhenSeen>
    </Chart>
  );
}

function Title({ metric: { name, word, about = '' } }: { metric: Metric }) {
  return word === null ? <Explained text={about}>{name}</Explained> : <Term word={word}>{name}</Term>;
}

function summaryOf(series: MetricSeries, view: FittedView | null, metric: Metric): string {
  if (!view?.current) return evaluationTexts.nothing;
  const { current, head } = view;
  const found = current.tasks.find(({ task }) => task === head);
  if (!found) return evaluationTexts.allHeadsUpTo(count(current.step));
  const value = metric.value(found);
  const now = value.kind === 'value' ? metric.format(value.value) : value.reason;
  const { label } = headStyle(head);
  const step = count(current.step);
  return series.reference === null || !metric.reference
    ? evaluationTexts.headAt(label, now, step)
    : evaluationTexts.headAgainst(label, now, step, metric.reference.name, metric.format(series.reference));
}

/** Each curve's own window and crosshair: its x is a probability of its own kind, and no step. */
const calibrationView = createChartViewStore(null);
const rocView = createChartViewStore(null);

interface CurveChartProps {
  readonly runs: readonly MetricRun[];
  readonly series: (runs: readonly MetricRun[]) => CurveSeries;
  readonly title: React.ReactNode;
  readonly name: string;
  /** Says how many of them there are at which step. */
  readonly what: (howMany: number, step: string) => string;
  readonly view: ChartViewStore;
  readonly dots?: boolean;
}

function CurveChart({ runs: newest, series: make, title, name, what, view, dots = false }: CurveChartProps) {
  const runs = useInTurn(newest);
  const series = useMemo(() => make(runs), [make, runs]);
  const square = useMemo(() => (dots ? squareOf(series) : 1), [dots, series]);
  const step = runs[0]?.view.current?.step ?? null;
  const windowed = useStore(view, (state) => state.window !== null);
  return (
    <Chart
      small
      title={title}
      name={name}
      table={() => series.table}
      summary={step === null ? evaluationTexts.nothing : what(series.points, count(step))}
      height={CURVE_HEIGHT}
      legend={
        windowed && (
          <Button look="quiet" onClick={() => view.getState().set({ window: null })}>
            {chartTexts.controls.showAll}
          </Button>
        )
      }
      empty={series.absent === null ? null : sentence(series.absent)}
    >
      <WhenSeen>
        <Plot
          name={name}
          lines={series.lines}
          view={view}
          square={square}
          dots={dots}
          height={CURVE_HEIGHT}
          format={percent}
          ticks={shareTick}
          formatX={percent}
          ticksX={shareTick}
        />
      </WhenSeen>
    </Chart>
  );
}

/** A square that holds all bins with some air: rare heads live far below 100 %. */
function squareOf({ lines }: CurveSeries): number {
  const largest = Math.max(0, ...lines.flatMap(({ x, values }) => [...Array.from(x), ...Array.from(values)]));
  if (largest <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(largest));
  const nice = [1, 2, 4, 6, 8, 10].find((factor) => largest <= factor * unit) ?? 10;
  return Math.min(1, nice * unit);
}

function sentence(reason: string): string {
  if (reason === '') return evaluationTexts.nothing;
  return `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}.`;
}
