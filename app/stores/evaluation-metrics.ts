/** The metrics of an evaluation: where each stands in an event, what it is compared with, and how it reads. */
import type { Interval, MetricValue } from '../../src/metrics/metric-value.ts';
import type { TaskEvaluation } from '../../src/training/events.ts';
import { HEAD_METRICS } from '../../src/metrics/registry.ts';
import { decimal, percent, fixed, percentage } from '../format.ts';
import type { GlossaryWord } from '../texts/glossary.ts';
import { metricTexts } from '../texts/metrics.ts';

export interface Metric {
  readonly id: string;
  /** Plain name for tables, files and screen readers. */
  readonly name: string;
  /** What explains it: the glossary's word, or a sentence of its own. */
  readonly word: GlossaryWord | null;
  readonly about?: string;
  readonly value: (task: TaskEvaluation) => MetricValue;
  /** What the value should come close to: a dashed line. Null where nothing is known. */
  readonly reference: {
    readonly name: string;
    readonly value: (task: TaskEvaluation) => MetricValue | null;
  } | null;
  /** 95 % bootstrap interval of the value, where one is computed. */
  readonly interval?: (task: TaskEvaluation) => Interval | null;
  readonly format: (value: number) => string;
}

/** What the teacher itself would reach, by one metric. */
function limitOf(value: (task: TaskEvaluation) => MetricValue | null): NonNullable<Metric['reference']> {
  return {
    get name() {
      return metricTexts.teacherLimit;
    },
    value,
  };
}

/** RCE and its kin come in percent already. */
export const relative = (value: number): string => percentage(value, Math.abs(value) < 100 ? 1 : 0);

const share = (value: number): string => fixed(value, 3);

/** Of an evaluation kept from before the metric was there. */
const notEvaluated = (): MetricValue => ({ kind: 'undefined', reason: metricTexts.notCounted });

const baseRate = { name: 'CTR', value: (task: TaskEvaluation) => task.ctr };

/** One chart each, in the panel's order. */
export const METRICS: readonly Metric[] = [
  {
    id: 'auroc',
    name: 'AUROC',
    word: 'AUROC',
    value: (task) => task.auroc,
    reference: limitOf(({ teacher }) => teacher?.auroc ?? null),
    interval: (task) => task.intervals.auroc,
    format: share,
  },
  {
    id: 'rce',
    name: 'RCE',
    word: 'RCE',
    value: (task) => task.rce,
    reference: limitOf(({ teacher }) => teacher?.rce ?? null),
    interval: (task) => task.intervals.rce,
    format: relative,
  },
  {
    id: 'loss',
    get name() {
      return metricTexts.loss;
    },
    word: 'loss',
    value: (task) => task.loss,
    reference: limitOf(({ teacher }) => teacher?.loss ?? null),
    interval: (task) => task.intervals.loss,
    format: decimal,
  },
  { id: 'nrce', name: 'NRCE', word: 'NRCE', value: (task) => task.nrce, reference: null, format: relative },
  {
    id: 'pctr',
    get name() {
      return metricTexts.pctr;
    },
    word: 'pCTR',
    value: (task) => task.pctr,
    reference: baseRate,
    interval: (task) => task.intervals.pctr,
    format: percent,
  },
  {
    id: 'calibrated',
    get name() {
      return metricTexts.meanCalibrated;
    },
    word: 'calibrated',
    value: (task) => task.meanCalibrated,
    reference: baseRate,
    interval: (task) => task.intervals.meanCalibrated,
    format: percent,
  },
  ...HEAD_METRICS.map(({ id, title, about, format }): Metric => ({
    id,
    name: title,
    word: null,
    about,
    value: ({ more }) => more[id] ?? notEvaluated(),
    reference: null,
    format: format === 'share' ? share : percent,
  })),
];
