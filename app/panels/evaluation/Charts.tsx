/** The panel's charts: every metric over steps, then calibration and ROC of the evaluation looked at. */
import { useMemo } from 'react';
import { count } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { Explained, Term } from '../../parts/Term.tsx';
import { useSettings } from '../../session/context.tsx';
import { ALL_HEADS, TRAIN } from '../../stores/evaluation.ts';
import type { FittedView } from '../../stores/evaluation.ts';
import { METRICS } from '../../stores/evaluation-metrics.ts';
import type { Metric } from '../../stores/evaluation-metrics.ts';
import { calibrationSeries, metricSeries, rocSeries } from '../../stores/evaluation-series.ts';
import type { CurveSeries, MetricSeries } from '../../stores/evaluation-series.ts';
import CurvePlot from './CurvePlot.tsx';
import styles from './Charts.module.css';
import MetricPlot from './MetricPlot.tsx';
import type { PlotLine } from './MetricPlot.tsx';
import { Twin } from '../../charts/Twin.tsx';
import { WhenSeen } from '../../charts/WhenSeen.tsx';
import { useInTurn } from './use-in-turn.ts';

const HEIGHT = 136;
const CURVE_HEIGHT = 184;
const NOTHING = 'Nothing evaluated yet.';

interface ChartsProps {
  readonly view: FittedView;
  /** The step looked at, null while the newest is followed. */
  readonly at: number | null;
}

export function Charts({ view, at }: ChartsProps) {
  return (
    <div className={styles.charts}>
      {METRICS.map((metric) => (
        <MetricChart key={metric.id} metric={metric} view={view} at={at} />
      ))}
      <CalibrationChart view={view} />
      <RocChart view={view} />
    </div>
  );
}

function MetricChart({ metric, view: newest, at }: ChartsProps & { metric: Metric }) {
  const view = useInTurn(newest);
  const hidden = useSettings((state) => state.hiddenHeads);
  const series = useMemo(() => metricSeries(view, metric), [view, metric]);
  const lines = useMemo(() => linesOf(view, hidden), [view, hidden]);
  const reference = useMemo(
    () =>
      series.reference === null || !metric.reference
        ? null
        : { label: metric.reference.name, value: series.reference },
    [series.reference, metric],
  );
  return (
    <Twin
      title={
        metric.id === 'pctr' ? (
          <>
            <Term word="pCTR" /> against <Term word="CTR" />
          </>
        ) : (
          <Title metric={metric} />
        )
      }
      name={metric.name}
      table={series.table}
      summary={summaryOf(series, view, metric)}
      height={HEIGHT}
      empty={series.absent === null ? null : sentence(series.absent)}
    >
      <WhenSeen>
        <MetricPlot
          points={series.points}
          lines={lines}
          reference={reference}
          at={at}
          height={HEIGHT}
          format={metric.format}
        />
      </WhenSeen>
    </Twin>
  );
}

function Title({ metric: { name, word, about = '' } }: { metric: Metric }) {
  return word === null ? <Explained text={about}>{name}</Explained> : <Term word={word}>{name}</Term>;
}

function linesOf(view: FittedView, hidden: readonly string[]): PlotLine[] {
  if (view.head === ALL_HEADS) {
    return view.tasks
      .filter((task) => !hidden.includes(task))
      .map((task) => ({ ...headStyle(task), key: task, width: 1.5 }));
  }
  const own = { key: 'own', label: view.partition, color: headStyle(view.head).color };
  if (view.training.length === 0) return [own];
  return [own, { key: 'train', label: TRAIN, color: 'var(--text-3)', width: 1.25 }];
}

function summaryOf(series: MetricSeries, view: FittedView, metric: Metric): string {
  const { current, head } = view;
  if (!current) return NOTHING;
  const found = current.tasks.find(({ task }) => task === head);
  if (!found) return `all heads up to step ${count(current.step)}`;
  const value = metric.value(found);
  const now = value.kind === 'value' ? metric.format(value.value) : value.reason;
  const limit =
    series.reference === null ? '' : `, ${metric.reference?.name} ${metric.format(series.reference)}`;
  return `${headStyle(head).label} ${now} at step ${count(current.step)}${limit}`;
}

function CalibrationChart({ view: newest }: { view: FittedView }) {
  const view = useInTurn(newest);
  const series = useMemo(() => calibrationSeries(view), [view]);
  const max = useMemo(() => squareOf(series), [series]);
  return (
    <Twin
      title={
        <>
          <Term word="calibration">Calibration</Term>: true share over prediction
        </>
      }
      name="Calibration"
      table={series.table}
      summary={curveSummary(series, view, 'bins')}
      height={CURVE_HEIGHT}
      empty={series.absent === null ? null : sentence(series.absent)}
    >
      <WhenSeen>
        <CurvePlot
          points={series.points}
          heads={series.heads}
          max={max}
          xName="Mean predicted"
          yName="Positives"
          dots
          height={CURVE_HEIGHT}
        />
      </WhenSeen>
    </Twin>
  );
}

function RocChart({ view: newest }: { view: FittedView }) {
  const view = useInTurn(newest);
  const series = useMemo(() => rocSeries(view), [view]);
  return (
    <Twin
      title={
        <>
          <Term word="ROC" />: found over false alarms
        </>
      }
      name="ROC"
      table={series.table}
      summary={curveSummary(series, view, 'points')}
      height={CURVE_HEIGHT}
      empty={series.absent === null ? null : sentence(series.absent)}
    >
      <WhenSeen>
        <CurvePlot
          points={series.points}
          heads={series.heads}
          max={1}
          xName="False positive rate"
          yName="True positive rate"
          dots={false}
          height={CURVE_HEIGHT}
        />
      </WhenSeen>
    </Twin>
  );
}

function curveSummary(series: CurveSeries, view: FittedView, what: string): string {
  if (!view.current) return NOTHING;
  return `${series.points.length} ${what} at step ${count(view.current.step)}`;
}

/** A square that holds all bins with some air: rare heads live far below 100 %. */
function squareOf({ points }: CurveSeries): number {
  const largest = points.reduce((most, point) => {
    const y = point[point.task];
    return Math.max(most, point.x, typeof y === 'number' ? y : 0);
  }, 0);
  if (largest <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(largest));
  const nice = [1, 2, 4, 6, 8, 10].find((factor) => largest <= factor * unit) ?? 10;
  return Math.min(1, nice * unit);
}

function sentence(reason: string): string {
  if (reason === '') return NOTHING;
  return `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}.`;
}
