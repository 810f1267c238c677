/** From evaluation events to what charts draw and their table twins hold. Points are numbers or absent, never NaN. */
import { HEAD_METRICS } from '../../src/metrics/registry.ts';
import type { MetricIntervals, MetricValue } from '../../src/metrics/metric-value.ts';
import type { EvaluationEvent, TaskEvaluation } from '../../src/training/events.ts';
import { headStyle } from '../heads.ts';
import { ALL_HEADS, TRAIN } from './evaluation.ts';
import type { FittedView } from './evaluation.ts';
import type { Metric } from './evaluation-metrics.ts';
import type { Cell, TwinTable } from './twin-table.ts';

/** Most points of one line; recharts draws 500 fast enough, and a chart here is some 200 pixels wide. */
export const MAX_POINTS = 240;

/** `own` and `train` for one head, or one key a task for all heads; `band` is the interval of `own`. */
export interface MetricPoint {
  readonly x: number;
  readonly band?: readonly [number, number];
  readonly [key: string]: number | readonly [number, number] | undefined;
}

export interface MetricSeries {
  readonly points: readonly MetricPoint[];
  /** Where the dashed line stands; null where there is none. */
  readonly reference: number | null;
  /** Why there is no point, as the newest evaluation says it. */
  readonly absent: string | null;
  readonly table: TwinTable;
}

const taskOf = (event: EvaluationEvent | undefined, task: string): TaskEvaluation | undefined =>
  event?.tasks.find((entry) => entry.task === task);

const cellOf = (value: MetricValue | null | undefined): Cell =>
  value ? (value.kind === 'value' ? value.value : value.reason) : null;

const numberOf = (value: MetricValue | null | undefined): number | undefined =>
  value?.kind === 'value' ? value.value : undefined;

export function metricSeries(view: FittedView, metric: Metric): MetricSeries {
  return view.head === ALL_HEADS ? allHeads(view, metric) : oneHead(view, metric, view.head);
}

function oneHead(
  { partition, events, training, current }: FittedView,
  metric: Metric,
  head: string,
): MetricSeries {
  const { name, reference, interval } = metric;
  const compared = training.length > 0;
  const columns = ['Step', `${name}, ${partition}`];
  if (interval) columns.push('95 % from', '95 % to');
  if (compared) columns.push(`${name}, ${TRAIN}`);
  if (reference) columns.push(reference.name);
  const rows: Cell[][] = [];
  const points: MetricPoint[] = [];
  for (const [step, own, train] of byStep(events, training)) {
    const here = taskOf(own, head);
    const there = taskOf(train, head);
    const value = here && metric.value(here);
    const trained = there && metric.value(there);
    const band = value?.kind === 'value' && here && interval ? interval(here) : null;
    const row: Cell[] = [step, cellOf(value)];
    if (interval) row.push(band?.low ?? null, band?.high ?? null);
    if (compared) row.push(cellOf(trained));
    if (reference) row.push(cellOf(here && reference.value(here)));
    rows.push(row);
    points.push({
      x: step,
      own: numberOf(value),
      train: numberOf(trained),
      ...(band ? { band: [band.low, band.high] as const } : {}),
    });
  }
  const latest = taskOf(current ?? undefined, head);
  const last = latest && metric.value(latest);
  return {
    points: thinned(points),
    reference: numberOf(latest && reference?.value(latest)) ?? null,
    absent: points.some(({ own, train }) => own !== undefined || train !== undefined)
      ? null
      : last?.kind === 'undefined'
        ? last.reason
        : '',
    table: { columns, rows },
  };
}

function allHeads({ events, tasks }: FittedView, metric: Metric): MetricSeries {
  const values = events.map((event) =>
    tasks.map((task) => {
      const found = taskOf(event, task);
      return found && metric.value(found);
    }),
  );
  const points = events.map(({ step }, i): MetricPoint => ({
    x: step,
    ...Object.fromEntries(tasks.map((task, at) => [task, numberOf(values[i]?.[at])])),
  }));
  const any = values.some((row) => row.some((value) => value?.kind === 'value'));
  const reason = values.at(-1)?.find((value) => value?.kind === 'undefined');
  return {
    points: thinned(points),
    reference: null,
    absent: any ? null : reason?.kind === 'undefined' ? reason.reason : '',
    table: {
      columns: ['Step', ...tasks.map((task) => headStyle(task).label)],
      rows: events.map(({ step }, i) => [step, ...(values[i] ?? []).map(cellOf)]),
    },
  };
}

/** Evaluations of both partitions by step, ascending. */
function byStep(
  events: readonly EvaluationEvent[],
  training: readonly EvaluationEvent[],
): [number, EvaluationEvent | undefined, EvaluationEvent | undefined][] {
  const own = new Map(events.map((event) => [event.step, event]));
  const train = new Map(training.map((event) => [event.step, event]));
  const steps = [...new Set([...own.keys(), ...train.keys()])].toSorted((a, b) => a - b);
  return steps.map((step) => [step, own.get(step), train.get(step)]);
}

/** Every n-th point, counted from the newest, so that the newest stays. */
function thinned<T>(points: readonly T[], limit = MAX_POINTS): readonly T[] {
  const stride = Math.ceil(points.length / limit);
  return stride <= 1 ? points : points.filter((_, at) => (points.length - 1 - at) % stride === 0);
}

/** Points of a curve of one or several heads: x, and y under the head's task. */
export interface CurvePoint {
  readonly x: number;
  /** Examples in the bin, for calibration. */
  readonly examples?: number;
  readonly task: string;
  readonly [task: string]: number | string | undefined;
}

export interface CurveSeries {
  readonly heads: readonly string[];
  readonly points: readonly CurvePoint[];
  readonly absent: string | null;
  readonly table: TwinTable;
}

const headsOf = ({ head, tasks }: FittedView): readonly string[] => (head === ALL_HEADS ? tasks : [head]);

/** Calibration bins of the evaluation looked at. */
export function calibrationSeries(view: FittedView): CurveSeries {
  const columns = ['Head', 'Bin', 'Mean predicted', 'Share of positives', 'Examples'];
  return curveSeries(view, columns, ({ task, calibration: { x, y, counts } }) =>
    x.map((predicted, bin) => ({
      point: { x: predicted, [task]: y[bin], examples: counts[bin], task },
      row: [headStyle(task).label, bin + 1, predicted, y[bin] ?? null, counts[bin] ?? null],
    })),
  );
}

/** ROC curves of the evaluation looked at. */
export function rocSeries(view: FittedView): CurveSeries {
  const columns = ['Head', 'False positive rate', 'True positive rate'];
  const limit = Math.floor(500 / Math.max(1, headsOf(view).length));
  return curveSeries(view, columns, ({ task, roc: { x, y } }) =>
    thinned(
      x.map((falsePositive, i) => ({
        point: { x: falsePositive, [task]: y[i], task },
        row: [headStyle(task).label, falsePositive, y[i] ?? null],
      })),
      limit,
    ),
  );
}

function curveSeries(
  view: FittedView,
  columns: readonly string[],
  of: (task: TaskEvaluation) => readonly { readonly point: CurvePoint; readonly row: readonly Cell[] }[],
): CurveSeries {
  const found = headsOf(view).flatMap((task) => taskOf(view.current ?? undefined, task) ?? []);
  const parts = found.map((task) => ({ task: task.task, entries: of(task) }));
  const all = parts.flatMap(({ entries }) => entries);
  const reason = found.map(({ auroc }) => auroc).find((value) => value.kind === 'undefined');
  return {
    heads: parts.flatMap(({ task, entries }) => (entries.length > 0 ? [task] : [])),
    // The chart reads its rows along x; ties keep each curve's own order.
    points: all.map(({ point }) => point).toSorted((a, b) => a.x - b.x),
    absent: all.length > 0 ? null : reason?.kind === 'undefined' ? reason.reason : '',
    table: { columns, rows: all.map(({ row }) => row) },
  };
}

/** Every metric of every head at the evaluation looked at. */
export function headsTable({ current, tasks }: FittedView): TwinTable {
  const fields: readonly (readonly [string, (found: TaskEvaluation) => Cell])[] = [
    ['AUROC', ({ auroc }) => cellOf(auroc)],
    ['AUROC limit', ({ teacher }) => cellOf(teacher?.auroc)],
    ...intervalOf('AUROC', 'auroc'),
    ['RCE', ({ rce }) => cellOf(rce)],
    ['RCE limit', ({ teacher }) => cellOf(teacher?.rce)],
    ...intervalOf('RCE', 'rce'),
    ['NRCE', ({ nrce }) => cellOf(nrce)],
    ['Loss', ({ loss }) => cellOf(loss)],
    ['Loss limit', ({ teacher }) => cellOf(teacher?.loss)],
    ...intervalOf('Loss', 'loss'),
    ['CTR', ({ ctr }) => cellOf(ctr)],
    ...intervalOf('CTR', 'ctr'),
    ['pCTR', ({ pctr }) => cellOf(pctr)],
    ...intervalOf('pCTR', 'pctr'),
    ['Mean calibrated', ({ meanCalibrated }) => cellOf(meanCalibrated)],
    ...intervalOf('Mean calibrated', 'meanCalibrated'),
    ...HEAD_METRICS.map(({ id, title }) => [title, ({ more }: TaskEvaluation) => cellOf(more[id])] as const),
    ['Positives', ({ positives }) => positives],
    ['Examples', ({ examples }) => examples],
  ];
  const rows = tasks.map((task): Cell[] => {
    const found = taskOf(current ?? undefined, task);
    return [task, ...fields.map(([, cell]) => (found ? cell(found) : null))];
  });
  return { columns: ['Head', ...fields.map(([name]) => name)], rows };
}

function intervalOf(title: string, metric: keyof MetricIntervals) {
  return [
    [`${title} 95 % from`, ({ intervals }: TaskEvaluation): Cell => intervals[metric]?.low ?? null],
    [`${title} 95 % to`, ({ intervals }: TaskEvaluation): Cell => intervals[metric]?.high ?? null],
  ] as const;
}
