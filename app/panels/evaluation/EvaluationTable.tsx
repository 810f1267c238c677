/** Each head on the examples evaluated: how well it ranks and predicts, beside the best that the data allows. */
import { HEAD_METRICS } from '../../../src/metrics/registry.ts';
import type { MetricIntervals, MetricValue } from '../../../src/metrics/metric-value.ts';
import type { TaskEvaluation } from '../../../src/training/events.ts';
import { count, decimal, percent, fixed } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { NumberTable } from '../../parts/NumberTable.tsx';
import { Swatch } from '../../parts/Swatch.tsx';
import { Explained, Term } from '../../parts/Term.tsx';
import type { GlossaryWord } from '../../texts/glossary.ts';
import type { FittedView } from '../../stores/evaluation.ts';
import { relative } from '../../stores/evaluation-metrics.ts';
import { evaluationTexts } from '../../texts/evaluation.ts';
import { metricTexts } from '../../texts/metrics.ts';
import styles from './EvaluationTable.module.css';

interface Column {
  readonly word: GlossaryWord | null;
  readonly title: string;
  /** What explains it, where the glossary has no word. */
  readonly about?: string;
  readonly format: (value: number) => string;
  readonly value: (task: TaskEvaluation) => MetricValue | number | null | undefined;
  readonly interval?: keyof MetricIntervals;
  /** How the column reads: a head's own result, or what it is measured against. */
  readonly look: 'strong' | 'limit' | 'plain';
}

const auroc = (value: number): string => fixed(value, 3);

const COLUMNS: readonly Column[] = [
  {
    word: 'AUROC',
    title: 'AUROC',
    format: auroc,
    value: (task) => task.auroc,
    interval: 'auroc',
    look: 'strong',
  },
  {
    word: 'teacher limit',
    get title() {
      return evaluationTexts.limit;
    },
    format: auroc,
    value: (task) => task.teacher?.auroc,
    look: 'limit',
  },
  {
    word: 'RCE',
    title: 'RCE',
    format: relative,
    value: (task) => task.rce,
    interval: 'rce',
    look: 'strong',
  },
  {
    word: 'teacher limit',
    get title() {
      return evaluationTexts.limit;
    },
    format: relative,
    value: (task) => task.teacher?.rce,
    look: 'limit',
  },
  { word: 'CTR', title: 'CTR', format: percent, value: (task) => task.ctr, interval: 'ctr', look: 'plain' },
  {
    word: 'pCTR',
    title: 'pCTR',
    format: percent,
    value: (task) => task.pctr,
    interval: 'pctr',
    look: 'plain',
  },
  {
    word: 'calibrated',
    get title() {
      return metricTexts.calibrated;
    },
    format: percent,
    value: (task) => task.meanCalibrated,
    interval: 'meanCalibrated',
    look: 'plain',
  },
  {
    word: 'loss',
    get title() {
      return metricTexts.loss;
    },
    format: decimal,
    value: (task) => task.loss,
    interval: 'loss',
    look: 'strong',
  },
  {
    word: 'teacher limit',
    get title() {
      return evaluationTexts.limit;
    },
    format: decimal,
    value: (task) => task.teacher?.loss,
    look: 'limit',
  },
  { word: 'NRCE', title: 'NRCE', format: relative, value: (task) => task.nrce, look: 'plain' },
  ...HEAD_METRICS.map(({ id, title, about, format }): Column => ({
    word: null,
    title,
    about,
    format: format === 'share' ? auroc : percent,
    value: (task) => task.more[id],
    look: 'plain',
  })),
  {
    word: null,
    get title() {
      return evaluationTexts.positives;
    },
    format: count,
    value: (task) => task.positives,
    look: 'plain',
  },
  {
    word: null,
    get title() {
      return evaluationTexts.examples;
    },
    format: count,
    value: (task) => task.examples,
    look: 'plain',
  },
];

export function EvaluationTable({ view }: { view: FittedView }) {
  const { current, tasks } = view;
  const taught = current?.tasks.some((task) => task.teacher !== null) ?? false;
  const columns = COLUMNS.filter(({ look }) => taught || look !== 'limit');
  return (
    <NumberTable
      name={evaluationTexts.table}
      region={evaluationTexts.tableRegion}
      look="ruled"
      className={styles.wrap}
      heads={[
        evaluationTexts.head,
        ...columns.map(({ word, title, about }) => ({
          text: word ? <Term word={word}>{title}</Term> : title,
          about,
        })),
      ]}
    >
      <tbody>
        {tasks.map((task) => {
          const { label, color } = headStyle(task);
          const found = current?.tasks.find((entry) => entry.task === task);
          return (
            <tr key={task}>
              <th scope="row">
                <Swatch color={color} />
                {label}
              </th>
              {columns.map((column, at) => (
                <td key={at} className={styles[column.look]}>
                  <Value column={column} task={found} />
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </NumberTable>
  );
}

function Value({ column, task }: { column: Column; task: TaskEvaluation | undefined }) {
  const value = task && column.value(task);
  if (value === undefined || value === null) return <span className={styles.none}>–</span>;
  if (typeof value === 'number') return column.format(value);
  if (value.kind === 'undefined') return <span className={styles.none}>{value.reason}</span>;
  const text = column.format(value.value);
  const interval = task && column.interval ? task.intervals[column.interval] : null;
  if (!interval) return text;
  const { low, high } = interval;
  return (
    <Explained text={evaluationTexts.intervalFromTo(column.format(low), column.format(high))}>
      {text}
    </Explained>
  );
}
