/** What the evaluation panel shows, derived from a run's evaluations: strata, metrics of the registry, gaps. */
import { describe, expect, it } from 'vitest';
import { absent, present } from '../../src/metrics/metric-value.ts';
import { HEAD_METRICS } from '../../src/metrics/registry.ts';
import type { EvaluationEvent, TaskEvaluation } from '../../src/training/events.ts';
import { ALL_HEADS, fitView, TRAIN } from './evaluation.ts';
import type { EvaluationView } from './evaluation.ts';
import { METRICS } from './evaluation-metrics.ts';
import type { FittedView } from './evaluation.ts';
import type { Metric } from './evaluation-metrics.ts';
import { calibrationSeries, headsTable, metricSeries, rocSeries } from './evaluation-series.ts';
import type { MetricRun } from './evaluation-series.ts';

const LIKE = 'recap.engagement.is_favorited';
const REPLY = 'recap.engagement.is_replied';

const head = (task: string, auroc: number | null, change: Partial<TaskEvaluation> = {}): TaskEvaluation => {
  const value = auroc === null ? absent('no positives yet') : present(auroc);
  const nothing = { loss: null, rce: null, auroc: null, ctr: null, pctr: null, meanCalibrated: null };
  return {
    task,
    examples: 10,
    positives: auroc === null ? 0 : 3,
    loss: present(0.5),
    rce: present(1),
    nrce: present(2),
    auroc: value,
    ctr: present(0.3),
    pctr: present(0.2),
    meanCalibrated: present(0.25),
    more: { average_precision: auroc === null ? value : present(auroc / 2) },
    intervals: auroc === null ? nothing : { ...nothing, auroc: { low: auroc - 0.1, high: auroc + 0.1 } },
    calibration: { x: [], y: [], counts: [] },
    roc: { x: [], y: [] },
    teacher: null,
    ...change,
  };
};

const evaluation = (
  step: number,
  partition: string,
  stratum: string | null,
  ...tasks: TaskEvaluation[]
): EvaluationEvent => ({ step, partition, stratum, examples: 10, loss: present(0.5), tasks });

const events = [20, 10].flatMap((step) => [
  evaluation(step, 'validation', null, head(LIKE, 0.6 + step / 100), head(REPLY, 0.5)),
  evaluation(step, 'validation', 'lang=1', head(LIKE, 0.7), head(REPLY, null)),
  evaluation(step, 'validation', 'lang=2', head(LIKE, 0.9), head(REPLY, 0.4)),
  evaluation(step, TRAIN, null, head(LIKE, 0.95), head(REPLY, 0.9)),
  evaluation(step, TRAIN, 'lang=2', head(LIKE, 0.99), head(REPLY, 0.9)),
]);

type Choices = Pick<EvaluationView, 'partition' | 'stratum' | 'head' | 'step'>;
const NEWEST: Choices = { partition: null, stratum: null, head: null, step: null };
const view = (choices: Partial<Choices> = {}, from = events) =>
  fitView({ ...NEWEST, ...choices }, from, ['validation'], [LIKE, REPLY]);
const run = (of: FittedView, change: Partial<MetricRun> = {}): MetricRun => ({
  id: 'now',
  name: undefined,
  color: 'red',
  dash: '',
  view: of,
  place: (step) => step,
  ...change,
});
const drawn = (of: FittedView, what: Metric) => metricSeries([run(of)], what, []);
const metric = (id: string) => METRICS.find((each) => each.id === id)!;

describe('strata', () => {
  it('are those of the partition, and none is chosen at first', () => {
    const { strata, stratum, events: shown, current } = view();
    expect(strata).toEqual(['lang=1', 'lang=2']);
    expect(stratum).toBeNull();
    expect(shown.map(({ step, stratum: of }) => [step, of])).toEqual([
      [10, null],
      [20, null],
    ]);
    expect(current?.step).toBe(20);
    expect(view({ partition: TRAIN }).strata).toEqual(['lang=2']);
  });

  it('show their own evaluations, beside the training data of the same stratum', () => {
    const chosen = view({ stratum: 'lang=2' });
    expect(chosen.events.every(({ stratum }) => stratum === 'lang=2')).toBe(true);
    expect(chosen.training.map(({ stratum }) => stratum)).toEqual(['lang=2', 'lang=2']);
    expect(view({ stratum: 'lang=1' }).training).toEqual([]);
    const { lines, table } = drawn(chosen, metric('auroc'));
    expect(lines.map(({ label, x, values, band }) => ({ label, x, values, band }))).toEqual([
      { label: 'validation', x: [10, 20], values: [0.9, 0.9], band: { low: [0.8, 0.8], high: [1, 1] } },
      { label: TRAIN, x: [10, 20], values: [0.99, 0.99], band: undefined },
    ]);
    expect(table.columns[1]).toBe('AUROC, validation');
  });

  it('give way where the partition has none of that name', () => {
    expect(view({ partition: TRAIN, stratum: 'lang=1' })).toMatchObject({ stratum: null, partition: TRAIN });
    expect(view({ stratum: 'lang=2' }, [])).toMatchObject({ stratum: null, strata: [], current: null });
  });

  it('say why a head has no value in one', () => {
    const { lines, absent: reason, table } = drawn(view({ stratum: 'lang=1', head: REPLY }), metric('auroc'));
    expect(lines).toEqual([]);
    expect(reason).toBe('no positives yet');
    expect(table.rows[1]).toEqual([20, 'no positives yet', null, null, null]);
  });
});

describe('metrics of the registry', () => {
  it('have a chart and a column each, explained, without another line here', () => {
    for (const { id, title, about } of HEAD_METRICS) {
      expect(metric(id)).toMatchObject({ name: title, about, reference: null });
      expect(headsTable(view()).columns).toContain(title);
      expect(about.length).toBeGreaterThan(30);
    }
  });

  it('are drawn from the evaluation', () => {
    const { lines, absent: reason } = drawn(view({ head: ALL_HEADS }), metric('average_precision'));
    expect(lines.map(({ x, values }) => [x, values])).toEqual([
      [
        [10, 20],
        [0.35, 0.4],
      ],
      [
        [10, 20],
        [0.25, 0.25],
      ],
    ]);
    expect(metricSeries([run(view({ head: ALL_HEADS }))], metric('auroc'), [LIKE]).lines).toHaveLength(1);
    expect(reason).toBeNull();
    expect(metric('average_precision').format(0.4)).toBe('0.400');
  });

  it('of a run that was evaluated before they were there are named as not counted', () => {
    const old = [evaluation(1, 'validation', null, head(LIKE, 0.7, { more: {} }))];
    expect(drawn(view({}, old), metric('average_precision'))).toMatchObject({
      lines: [],
      absent: 'not counted in this evaluation',
    });
  });
});

it('a long run keeps all rows of its table', () => {
  const many = Array.from({ length: 1000 }, (_, i) => evaluation(i, 'validation', null, head(LIKE, 0.5)));
  expect(drawn(view({}, many), metric('loss')).table.rows).toHaveLength(1000);
});

describe('runs beside each other', () => {
  const other = [evaluation(15, 'validation', null, head(LIKE, 0.8))];
  const beside = run(view({}, other), {
    id: 'b',
    name: 'b',
    dash: '6 3',
    color: 'blue',
    place: (step) => step * 2,
  });

  it('have each their own evaluations, where their own axis has them', () => {
    const { lines, table } = metricSeries([run(view(), { name: 'a' }), beside], metric('auroc'), []);
    expect(lines.map(({ label, run: name, x, color }) => [label, name, x, color === 'blue'])).toEqual([
      ['validation', 'a', [10, 20], false],
      [TRAIN, 'a', [10, 20], false],
      ['validation', 'b', [30], true],
    ]);
    // Of all of them, under the current one's columns.
    expect(table.columns.slice(0, 3)).toEqual(['Run', 'Step', 'AUROC, validation']);
    expect(table.rows.map((row) => [row.length, ...row.slice(0, 3)])).toEqual([
      [table.columns.length, 'a', 10, 0.7],
      [table.columns.length, 'a', 20, 0.8],
      [table.columns.length, 'b', 15, 0.8],
    ]);
    const heads = metricSeries(
      [run(view({ head: ALL_HEADS }), { name: 'a' }), { ...beside, view: view({ head: ALL_HEADS }, other) }],
      metric('auroc'),
      [],
    ).table;
    expect(heads.columns).toHaveLength(4);
    // A head that the other run has not has no number there.
    expect(heads.rows.at(-1)).toEqual(['b', 15, 0.8, null]);
  });

  it('have each their curves, and one without any leaves no line', () => {
    const curves = {
      roc: { x: [0, 0.2, 1], y: [0, 0.9, 1] },
      calibration: { x: [0.1], y: [0.2], counts: [10] },
    };
    const curved = [evaluation(10, 'validation', null, head(LIKE, 0.7, curves))];
    const runs = [run(view({}, curved)), { ...beside, view: view({}, curved) }, beside];
    const roc = rocSeries(runs);
    expect(roc.lines.map(({ values }) => values)).toEqual([curves.roc.y, curves.roc.y]);
    expect(roc.points).toBe(3);
    expect(roc.table.rows.map(([name]) => name)).toEqual([...Array(3).fill('now'), ...Array(3).fill('b')]);
    expect(calibrationSeries(runs).table.rows).toEqual([
      ['now', expect.anything(), 1, 0.1, 0.2, 10],
      ['b', expect.anything(), 1, 0.1, 0.2, 10],
    ]);
    expect(calibrationSeries(runs.slice(0, 1)).table.rows).toEqual([[expect.anything(), 1, 0.1, 0.2, 10]]);
    expect(rocSeries([beside])).toMatchObject({ lines: [], absent: '' });
  });
});
