/** The metrics of an evaluation: where each stands in an event, what it is compared with, and how it reads. */
import type { Interval, MetricValue } from '../../src/metrics/metric-value.ts';
import type { TaskEvaluation } from '../../src/training/events.ts';
import { HEAD_METRICS } from '../../src/metrics/registry.ts';
import { decimal, percent, fixed, percentage } from '../format.ts';
import type { GlossaryWord } from '../parts/glossary.ts';

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

const LIMIT = "Teacher's limit";

/** RCE and its kin come in percent already. */
export const relative = (value: number): string => percentage(value, Math.abs(value) < 100 ? 1 : 0);

const share = (value: number): string => fixed(value, 3);

/** Of an evaluation kept from before the metric was there. */
const NOT_EVALUATED: MetricValue = { kind: 'undefined', reason: 'not counted in this evaluation' };

const baseRate = { name: 'CTR', value: (task: TaskEvaluation) => task.ctr };

/** One chart each, in the panel's order. */
export const METRICS: readonly Metric[] = [
  {
    id: 'auroc',
    name: 'AUROC',
    word: 'AUROC',
    value: (task) => task.auroc,
    reference: { name: LIMIT, value: (task) => task.teacher?.auroc ?? null },
    interval: (task) => task.intervals.auroc,
    format: share,
  },
  {
    id: 'rce',
    name: 'RCE',
    word: 'RCE',
    value: (task) => task.rce,
    reference: { name: LIMIT, value: (task) => task.teacher?.rce ?? null },
    interval: (task) => task.intervals.rce,
    format: relative,
  },
  {
    id: 'loss',
    name: 'Loss',
    word: 'loss',
    value: (task) => task.loss,
    reference: { name: LIMIT, value: (task) => task.teacher?.loss ?? null },
    interval: (task) => task.intervals.loss,
    format: decimal,
  },
  { id: 'nrce', name: 'NRCE', word: 'NRCE', value: (task) => task.nrce, reference: null, format: relative },
  {
    id: 'pctr',
    name: 'pCTR against CTR',
    word: 'pCTR',
    value: (task) => task.pctr,
    reference: baseRate,
    interval: (task) => task.intervals.pctr,
    format: percent,
  },
  {
    id: 'calibrated',
    name: 'Mean calibrated',
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
    value: ({ more }) => more[id] ?? NOT_EVALUATED,
    reference: null,
    format: format === 'share' ? share : percent,
  })),
];
