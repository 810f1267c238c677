/** Labels together: how often each is positive, and which come with which, as a table that is a heat map too. */
import { useMemo } from 'react';
import { CsvButton } from '../../charts/Chart.tsx';
import { count, percent } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { useData } from '../../session/context.tsx';
import type { DataStatistics } from '../../../src/workers/protocol.ts';
import type { TwinTable } from '../../stores/twin-table.ts';
import { explorerTexts } from '../../texts/data-explorer.ts';
import styles from './LabelMatrix.module.css';
import { NumberTable } from '../../parts/NumberTable.tsx';
import { Swatch } from '../../parts/Swatch.tsx';

export function LabelMatrix() {
  const statistics = useData((state) => state.statistics);
  const busy = useData((state) => state.busy);
  const table = useMemo(() => (statistics ? matrixTable(statistics) : null), [statistics]);
  if (!statistics || !table)
    return <p className={styles.note}>{busy ? explorerTexts.countingLabels : explorerTexts.noCounts}</p>;
  const { examples, tasks, positives, cooccurrence } = statistics;
  const heads = tasks.map(headStyle);
  return (
    <>
      <div className={styles.intro}>
        <p className={styles.note}>{explorerTexts.labelsAbout(examples)}</p>
        <CsvButton name={explorerTexts.labelCounts} table={table} />
      </div>
      <NumberTable
        name={explorerTexts.cooccurrence}
        region={explorerTexts.viewNames.labels}
        look="ruled"
        framed
        className={styles.wrap}
        heads={[
          explorerTexts.label,
          explorerTexts.positives,
          explorerTexts.share,
          ...heads.map(({ label }) => ({ text: label, className: styles.together })),
        ]}
      >
        <tbody>
          {heads.map(({ task, label, color }, a) => {
            const own = positives[a] ?? 0;
            return (
              <tr key={task}>
                <th scope="row" title={task}>
                  <Swatch color={color} />
                  {label}
                </th>
                <td>{own === 0 ? explorerTexts.noneYet : count(own)}</td>
                <td>{own === 0 ? '–' : percent(own / examples)}</td>
                {heads.map((other, b) => {
                  const both = cooccurrence[a]?.[b] ?? 0;
                  const share = own > 0 ? both / own : 0;
                  return (
                    <td
                      key={other.task}
                      className={styles.cell}
                      style={{ background: heat(a === b ? 0 : share) }}
                      title={explorerTexts.together(count(both), count(own), label, other.label)}
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
      </NumberTable>
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
    columns: [explorerTexts.label, explorerTexts.examples, explorerTexts.positives, ...tasks],
    rows: tasks.map((task, i) => [task, examples, positives[i] ?? null, ...(cooccurrence[i] ?? [])]),
  };
}
