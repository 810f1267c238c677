/** A chart with its title, its tools, its table twin, and what to say while there is nothing to draw. */
import { Suspense, useState } from 'react';
import type { ReactNode } from 'react';
import { count } from '../format.ts';
import { classes } from '../parts/classes.ts';
import { Section } from '../parts/Panel.tsx';
import styles from './Chart.module.css';
import { rawKey } from './chart-rows.ts';
import type { LineChartProps } from './LineChart.tsx';
import { WhenSeen } from './WhenSeen.tsx';
import { retryable } from '../parts/retryable.ts';

const LineChart = retryable(() => import('./LineChart.tsx'));

interface ChartProps extends LineChartProps {
  readonly title: ReactNode;
  /** The title as plain text, for the table and for screen readers. */
  readonly name: string;
  readonly empty: string;
  readonly tools?: ReactNode;
  readonly children?: ReactNode;
}

/** Rows of the table twin: the newest first, thinned like the chart. */
const TABLE_ROWS = 100;

export function Chart({ title, name, empty, tools, children, ...chart }: ChartProps) {
  const [table, setTable] = useState(false);
  const { rows, lines, height } = chart;
  return (
    <Section
      title={title}
      tools={
        <>
          {tools}
          <button
            type="button"
            className={styles.toggle}
            aria-pressed={table}
            aria-label={`${name} as a table`}
            onClick={() => setTable(!table)}
          >
            Table
          </button>
        </>
      }
    >
      <figure className={styles.figure} style={{ height }} aria-label={`${name}, ${summary(chart)}`}>
        {rows.length === 0 && <p className={styles.empty}>{empty}</p>}
        {rows.length > 0 && lines.length === 0 && <p className={styles.empty}>All heads are switched off.</p>}
        {rows.length > 0 && lines.length > 0 && table && <Table {...chart} name={name} />}
        {!table && (rows.length === 0 || lines.length > 0) && (
          // Made before there is anything to draw: a first drawing takes long enough to be felt while training.
          <div className={classes(styles.chart, rows.length === 0 && styles.ahead)}>
            <WhenSeen>
              <Suspense fallback={null}>
                <LineChart {...chart} />
              </Suspense>
            </WhenSeen>
          </div>
        )}
      </figure>
      {children}
    </Section>
  );
}

/** The newest values in words, for people who cannot see the lines. */
function summary({ rows, lines, format }: LineChartProps): string {
  const last = rows.at(-1);
  if (!last) return 'nothing yet';
  const values = lines.flatMap(({ key, label }) => {
    const value = last[key];
    const first = rows[0]?.[key];
    if (value === undefined) return [];
    const from = first !== undefined && rows.length > 1 ? ` from ${format(first)}` : '';
    return [`${lines.length > 1 ? `${label} ` : ''}${format(value)}${from}`];
  });
  return `up to step ${count(last.x)}: ${values.join('; ')}`;
}

function Table({ rows, lines, format, name, ghosts }: LineChartProps & { name: string }) {
  const stride = Math.max(1, Math.ceil(rows.length / TABLE_ROWS));
  const shown = rows.filter((_, row) => (rows.length - 1 - row) % stride === 0).toReversed();
  return (
    <div className={styles.tableWrap} tabIndex={0} role="region" aria-label={`${name}, table`}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Step</th>
            {lines.map(({ key, label }) => (
              <th key={key} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.x}>
              <th scope="row">{count(row.x)}</th>
              {lines.map(({ key }) => {
                const value = row[ghosts ? rawKey(key) : key];
                return <td key={key}>{value === undefined ? '–' : format(value)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
