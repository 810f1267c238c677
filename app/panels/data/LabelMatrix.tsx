/** Labels together: how often each is positive, and which come with which, as a table that is a heat map too. */
import { useMemo } from 'react';
import { CsvButton } from '../../charts/Chart.tsx';
import { count, percent } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { useData } from '../../session/context.tsx';
import type { DataStatistics } from '../../../src/workers/protocol.ts';
import type { TwinTable } from '../../stores/twin-table.ts';
import styles from './LabelMatrix.module.css';

export function LabelMatrix() {
  const statistics = useData((state) => state.statistics);
  const busy = useData((state) => state.busy);
  const table = useMemo(() => (statistics ? matrixTable(statistics) : null), [statistics]);
  if (!statistics || !table)
    return <p className={styles.note}>{busy ? 'Counting labels…' : 'No counts yet.'}</p>;
  const { examples, tasks, positives, cooccurrence } = statistics;
  const heads = tasks.map(headStyle);
  return (
    <>
      <div className={styles.intro}>
        <p className={styles.note}>
          Among {count(examples)} examples. A cell counts the examples that have both labels, and says below
          which share of the line’s positives that is; the darker, the larger the share.
        </p>
        <CsvButton name="Label counts" table={table} className={styles.csv} />
      </div>
      <div className={styles.wrap} tabIndex={0} role="region" aria-label="Labels together">
        <table className={styles.table} aria-label="Label counts and co-occurrence">
          <thead>
            <tr>
              <th scope="col">Label</th>
              <th scope="col">Positives</th>
              <th scope="col">Share</th>
              {heads.map(({ task, label }) => (
                <th key={task} scope="col" className={styles.together}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {heads.map(({ task, label, color }, a) => {
              const own = positives[a] ?? 0;
              return (
                <tr key={task}>
                  <th scope="row" title={task}>
                    <span className={styles.swatch} style={{ background: color }} />
                    {label}
                  </th>
                  <td>{own === 0 ? 'none yet' : count(own)}</td>
                  <td>{own === 0 ? '–' : percent(own / examples)}</td>
                  {heads.map((other, b) => {
                    const both = cooccurrence[a]?.[b] ?? 0;
                    const share = own > 0 ? both / own : 0;
                    return (
                      <td
                        key={other.task}
                        className={styles.cell}
                        style={{ background: heat(a === b ? 0 : share) }}
                        title={`${count(both)} of ${count(own)} examples with “${label}” have “${other.label}” too`}
                      >
                        {a === b ? (
                          <span className={styles.same}>–</span>
                        ) : (
                          <>
                            {count(both)}
                            <small>{own > 0 ? percent(share) : '–'}</small>
                          </>
                        )}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** The accent over the surface; square root, so that small shares still differ. */
function heat(share: number): string {
  const strength = Math.round(Math.sqrt(share) * 55);
  return strength === 0 ? 'transparent' : `color-mix(in srgb, var(--accent) ${strength}%, transparent)`;
}

function matrixTable({ examples, tasks, positives, cooccurrence }: DataStatistics): TwinTable {
  return {
    columns: ['Label', 'Examples', 'Positives', ...tasks],
    rows: tasks.map((task, i) => [task, examples, positives[i] ?? null, ...(cooccurrence[i] ?? [])]),
  };
}
