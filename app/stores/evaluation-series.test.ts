/** What the evaluation panel shows, derived from a run's evaluations: strata, metrics of the registry, gaps. */
import { describe, expect, it } from 'vitest';
import { absent, present } from '../../src/metrics/metric-value.ts';
import { HEAD_METRICS } from '../../src/metrics/registry.ts';
import type { EvaluationEvent, TaskEvaluation } from '../../src/training/events.ts';
import { ALL_HEADS, fitView, TRAIN } from './evaluation.ts';
import type { EvaluationView } from './evaluation.ts';
import { METRICS } from './evaluation-metrics.ts';
import { headsTable, MAX_POINTS, metricSeries } from './evaluation-series.ts';

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
    const { points, table } = metricSeries(chosen, metric('auroc'));
    expect(points).toEqual([
      { x: 10, own: 0.9, train: 0.99, band: [0.8, 1] },
      { x: 20, own: 0.9, train: 0.99, band: [0.8, 1] },
    ]);
    expect(table.columns[1]).toBe('AUROC, validation');
  });

  it('give way where the partition has none of that name', () => {
    expect(view({ partition: TRAIN, stratum: 'lang=1' })).toMatchObject({ stratum: null, partition: TRAIN });
    expect(view({ stratum: 'lang=2' }, [])).toMatchObject({ stratum: null, strata: [], current: null });
  });

  it('say why a head has no value in one', () => {
    const {
      points,
      absent: reason,
      table,
    } = metricSeries(view({ stratum: 'lang=1', head: REPLY }), metric('auroc'));
    expect(points.map(({ own }) => own)).toEqual([undefined, undefined]);
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
    const { points, absent: reason } = metricSeries(view({ head: ALL_HEADS }), metric('average_precision'));
    expect(points).toEqual([
      { x: 10, [LIKE]: 0.35, [REPLY]: 0.25 },
      { x: 20, [LIKE]: 0.4, [REPLY]: 0.25 },
    ]);
    expect(reason).toBeNull();
    expect(metric('average_precision').format(0.4)).toBe('0.400');
  });

  it('of a run that was evaluated before they were there are named as not counted', () => {
    const old = [evaluation(1, 'validation', null, head(LIKE, 0.7, { more: {} }))];
    expect(metricSeries(view({}, old), metric('average_precision'))).toMatchObject({
      points: [{ x: 1, own: undefined }],
      absent: 'not counted in this evaluation',
    });
  });
});

it('a long run keeps its newest points, and all rows of its table', () => {
  const many = Array.from({ length: 1000 }, (_, i) => evaluation(i, 'validation', null, head(LIKE, 0.5)));
  const { points, table } = metricSeries(view({}, many), metric('loss'));
  expect(points.length).toBeLessThanOrEqual(MAX_POINTS);
  expect(points.at(-1)?.x).toBe(999);
  expect(table.rows).toHaveLength(1000);
});
