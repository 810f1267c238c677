/** From evaluation events to what charts draw and their table twins hold. */
import { HEAD_METRICS } from '../../src/metrics/registry.ts';
import type { MetricIntervals, MetricValue } from '../../src/metrics/metric-value.ts';
import type { EvaluationEvent, TaskEvaluation } from '../../src/training/events.ts';
import type { PlotLine } from '../charts/plot-lines.ts';
import { headStyle } from '../heads.ts';
import type { ShownRun } from './compared-runs.ts';
import { ALL_HEADS, TRAIN } from './evaluation.ts';
import type { FittedView } from './evaluation.ts';
import type { Metric } from './evaluation-metrics.ts';
import type { Cell, TwinTable } from './twin-table.ts';
import { chartTexts } from '../texts/chart.ts';

export interface MetricSeries {
  readonly lines: readonly PlotLine[];
  /** Where the dashed line stands; null where there is none. */
  readonly reference: number | null;
  /** Why there is no point, as the newest evaluation says it. */
  readonly absent: string | null;
  readonly table: TwinTable;
}

/** What a run's evaluations look like beside others'. */
export interface MetricRun extends Pick<ShownRun, 'id' | 'name' | 'dash' | 'color'> {
  readonly view: FittedView;
  /** Where a step stands on the charts' axis. */
  readonly place: (step: number) => number;
}

const taskOf = (event: EvaluationEvent | undefined, task: string): TaskEvaluation | undefined =>
  event?.tasks.find((entry) => entry.task === task);

const cellOf = (value: MetricValue | null | undefined): Cell =>
  value ? (value.kind === 'value' ? value.value : value.reason) : null;

const numberOf = (value: MetricValue | null | undefined): number | undefined =>
  value?.kind === 'value' ? value.value : undefined;

/** @param runs the current one first, whose limit is the chart's; the table has all of them. @param hidden tasks switched off. */
export function metricSeries(
  runs: readonly MetricRun[],
  metric: Metric,
  hidden: readonly string[],
): MetricSeries {
  const { view } = runs[0] as MetricRun;
  const lines = runs.flatMap((run, place) => {
    if (view.head !== ALL_HEADS) return headLines(run, metric, view.head, place > 0);
    return view.tasks
      .filter((task) => !hidden.includes(task))
      .map((task) => {
        const { label, color, dash } = headStyle(task);
        return lineOf(run, metric, task, run.view.events, {
          label,
          color,
          dash: place > 0 ? run.dash : dash,
          width: 1.5,
        });
      });
  });
  const shown = lines.filter(({ x }) => x.length > 0);
  const { current, head, tasks } = view;
  const looked = head === ALL_HEADS ? tasks : [head];
  const newest = looked.map((task) => {
    const found = taskOf(current ?? undefined, task);
    return found && metric.value(found);
  });
  const undefinedOne = newest.find((value) => value?.kind === 'undefined');
  const latest = head === ALL_HEADS ? undefined : taskOf(current ?? undefined, head);
  return {
    lines: shown,
    reference: numberOf(latest && metric.reference?.value(latest)) ?? null,
    absent: shown.length > 0 ? null : undefinedOne?.kind === 'undefined' ? undefinedOne.reason : '',
    table: tableOfRuns(runs, ({ view: own }) =>
      head === ALL_HEADS ? headsByStep(own, tasks, metric) : headByStep(own, metric, head, view),
    ),
  };
}

function headLines(run: MetricRun, metric: Metric, head: string, beside: boolean): PlotLine[] {
  const { partition, events, training } = run.view;
  const { color } = headStyle(head);
  const own = lineOf(run, metric, head, events, {
    label: partition,
    color: beside ? run.color : color,
    dash: beside ? run.dash : '',
  });
  if (beside || training.length === 0) return [own];
  return [own, lineOf(run, metric, head, training, { label: TRAIN, color: 'var(--text-3)', width: 1.25 })];
}

function lineOf(
  { id, name, place }: MetricRun,
  metric: Metric,
  head: string,
  events: readonly EvaluationEvent[],
  look: Pick<PlotLine, 'label' | 'color' | 'dash' | 'width'>,
): PlotLine {
  const { interval } = metric;
  const found = events.flatMap((event) => {
    const task = taskOf(event, head);
    const value = numberOf(task && metric.value(task));
    return task && value !== undefined ? [{ step: event.step, value, band: interval?.(task) ?? null }] : [];
  });
  const banded = look.label !== TRAIN && found.some(({ band }) => band !== null);
  return {
    ...look,
    key: `${id} ${head} ${look.label}`,
    ...(name === undefined ? {} : { run: name }),
    x: found.map(({ step }) => place(step)),
    values: found.map(({ value }) => value),
    ...(banded
      ? {
          band: {
            low: found.map(({ band, value }) => band?.low ?? value),
            high: found.map(({ band, value }) => band?.high ?? value),
          },
        }
      : {}),
  };
}

/** One table of all runs under the columns of the first: with several, the first column names the run. */
function tableOfRuns(runs: readonly MetricRun[], of: (run: MetricRun) => TwinTable): TwinTable {
  const [first, ...others] = runs.map((run) => ({ run, table: of(run) }));
  if (!first || others.length === 0) return first?.table ?? { columns: [], rows: [] };
  return {
    columns: [chartTexts.columns.run, ...first.table.columns],
    rows: [first, ...others].flatMap(({ run: { id, name }, table: { rows } }) =>
      rows.map((row) => [name ?? id, ...row]),
    ),
  };
}

/** @param like whose columns it has. */
function headByStep(
  { events, training: known }: FittedView,
  metric: Metric,
  head: string,
  like: FittedView,
): TwinTable {
  const { name, reference, interval } = metric;
  const { partition } = like;
  const compared = like.training.length > 0;
  const training = compared ? known : [];
  const columns = [chartTexts.axisColumns.step, `${name}, ${partition}`];
  if (interval) columns.push('95 % from', '95 % to');
  if (compared) columns.push(`${name}, ${TRAIN}`);
  if (reference) columns.push(reference.name);
  const rows = byStep(events, training).map(([step, own, train]) => {
    const here = taskOf(own, head);
    const there = taskOf(train, head);
    const value = here && metric.value(here);
    const band = value?.kind === 'value' && here && interval ? interval(here) : null;
    const row: Cell[] = [step, cellOf(value)];
    if (interval) row.push(band?.low ?? null, band?.high ?? null);
    if (compared) row.push(cellOf(there && metric.value(there)));
    if (reference) row.push(cellOf(here && reference.value(here)));
    return row;
  });
  return { columns, rows };
}

function headsByStep({ events }: FittedView, tasks: readonly string[], metric: Metric): TwinTable {
  return {
    columns: [chartTexts.axisColumns.step, ...tasks.map((task) => headStyle(task).label)],
    rows: events.map((event) => [
      event.step,
      ...tasks.map((task) => {
        const found = taskOf(event, task);
        return cellOf(found && metric.value(found));
      }),
    ]),
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

/** Curves of the evaluation looked at: one of each head, and of each run beside. */
export interface CurveSeries {
  readonly lines: readonly PlotLine[];
  readonly absent: string | null;
  /** Of the current run. */
  readonly points: number;
  readonly table: TwinTable;
}

const headsOf = ({ head, tasks }: FittedView): readonly string[] => (head === ALL_HEADS ? tasks : [head]);

/** Calibration bins of the evaluation looked at, of the other runs of their newest. */
export function calibrationSeries(runs: readonly MetricRun[]): CurveSeries {
  const columns = [
    chartTexts.columns.head,
    chartTexts.columns.bin,
    chartTexts.columns.meanPredicted,
    chartTexts.columns.shareOfPositives,
    chartTexts.axes.examples,
  ];
  return curveSeries(
    runs,
    columns,
    ({ calibration: { x, y } }) => ({ x, y }),
    ({ task, calibration: { x, y, counts } }) =>
      x.map((predicted, bin) => [
        headStyle(task).label,
        bin + 1,
        predicted,
        y[bin] ?? null,
        counts[bin] ?? null,
      ]),
  );
}

/** ROC curves, likewise. */
export function rocSeries(runs: readonly MetricRun[]): CurveSeries {
  const columns = [
    chartTexts.columns.head,
    chartTexts.columns.falsePositiveRate,
    chartTexts.columns.truePositiveRate,
  ];
  return curveSeries(
    runs,
    columns,
    ({ roc }) => roc,
    ({ task, roc: { x, y } }) =>
      x.map((falsePositive, i) => [headStyle(task).label, falsePositive, y[i] ?? null]),
  );
}

function curveSeries(
  runs: readonly MetricRun[],
  columns: readonly string[],
  curve: (task: TaskEvaluation) => { readonly x: readonly number[]; readonly y: readonly number[] },
  rows: (task: TaskEvaluation) => readonly (readonly Cell[])[],
): CurveSeries {
  const { view } = runs[0] as MetricRun;
  const heads = headsOf(view);
  const foundIn = ({ current }: FittedView) =>
    heads.flatMap((task) => taskOf(current ?? undefined, task) ?? []);
  const found = foundIn(view);
  const lines = runs.flatMap(({ id, name, dash, color, view: { current } }, place) =>
    heads.flatMap((head): PlotLine[] => {
      const task = taskOf(current ?? undefined, head);
      const { x, y } = task ? curve(task) : { x: [], y: [] };
      if (x.length === 0) return [];
      const look = headStyle(head);
      return [
        {
          key: `${id} ${head}`,
          label: look.label,
          ...(name === undefined ? {} : { run: name }),
          color: place > 0 && view.head !== ALL_HEADS ? color : look.color,
          dash: place > 0 ? dash : look.dash,
          x,
          values: y,
        },
      ];
    }),
  );
  const reason = found.map(({ auroc }) => auroc).find((value) => value.kind === 'undefined');
  return {
    lines,
    absent: lines.length > 0 ? null : reason?.kind === 'undefined' ? reason.reason : '',
    points: found.flatMap(rows).length,
    table: tableOfRuns(runs, (run) => ({ columns, rows: foundIn(run.view).flatMap(rows) })),
  };
}

/** Every metric of every head at the evaluation looked at. */
export function headsTable({ current, tasks }: FittedView): TwinTable {
  const fields: readonly (readonly [string, (found: TaskEvaluation) => Cell])[] = [
    ['AUROC', ({ auroc }) => cellOf(auroc)],
    [chartTexts.columns.aurocLimit, ({ teacher }) => cellOf(teacher?.auroc)],
    ...intervalOf('AUROC', 'auroc'),
    ['RCE', ({ rce }) => cellOf(rce)],
    [chartTexts.columns.rceLimit, ({ teacher }) => cellOf(teacher?.rce)],
    ...intervalOf('RCE', 'rce'),
    ['NRCE', ({ nrce }) => cellOf(nrce)],
    [chartTexts.columns.loss, ({ loss }) => cellOf(loss)],
    [chartTexts.columns.lossLimit, ({ teacher }) => cellOf(teacher?.loss)],
    ...intervalOf(chartTexts.columns.loss, 'loss'),
    ['CTR', ({ ctr }) => cellOf(ctr)],
    ...intervalOf('CTR', 'ctr'),
    ['pCTR', ({ pctr }) => cellOf(pctr)],
    ...intervalOf('pCTR', 'pctr'),
    [chartTexts.columns.meanCalibrated, ({ meanCalibrated }) => cellOf(meanCalibrated)],
    ...intervalOf(chartTexts.columns.meanCalibrated, 'meanCalibrated'),
    ...HEAD_METRICS.map(({ id, title }) => [title, ({ more }: TaskEvaluation) => cellOf(more[id])] as const),
    [chartTexts.columns.positives, ({ positives }) => positives],
    [chartTexts.axes.examples, ({ examples }) => examples],
  ];
  const rows = tasks.map((task): Cell[] => {
    const found = taskOf(current ?? undefined, task);
    return [task, ...fields.map(([, cell]) => (found ? cell(found) : null))];
  });
  return { columns: [chartTexts.columns.head, ...fields.map(([name]) => name)], rows };
}

function intervalOf(title: string, metric: keyof MetricIntervals) {
  return [
    [
      chartTexts.columns.intervalFrom(title),
      ({ intervals }: TaskEvaluation): Cell => intervals[metric]?.low ?? null,
    ],
    [
      chartTexts.columns.intervalTo(title),
      ({ intervals }: TaskEvaluation): Cell => intervals[metric]?.high ?? null,
    ],
  ] as const;
}
