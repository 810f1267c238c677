/** Held-out rows of the person's own table, in the order that the model's heads and their weights give them. */
import { useMemo } from 'react';
import { MAX_WEIGHT, weightOf } from '../../../src/ranking/score-weights.ts';
import type { TableRows } from '../../../src/workers/protocol.ts';
import { count, percent, score as scoreText } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { NumberField } from '../../parts/NumberField.tsx';
import { useRanking, useRun, useSession } from '../../session/context.tsx';
import { cardTexts } from '../../texts/ranking-details.ts';
import { rankingTexts } from '../../texts/ranking.ts';
import styles from './RowRanking.module.css';
import { DivergedNote } from './MomentNote.tsx';
import { Moved } from './TweetCard.tsx';
import { useWeights } from './use-ranked.tsx';
import { useRankedRows } from './use-ranked-rows.ts';
import { waitingText } from './waiting-text.ts';
import { NumberTable } from '../../parts/NumberTable.tsx';
import { Swatch } from '../../parts/Swatch.tsx';

/** Columns shown of a row, besides the labels'. */
const SHOWN_COLUMNS = 5;

export default function RowRanking({ rows }: { readonly rows: TableRows }) {
  const { ranking, scoring } = useSession();
  const selected = useRanking((state) => state.selected);
  const waiting = useRun(waitingText);
  const weights = useWeights();
  const ranked = useRankedRows(rows);
  const labels = useRun((state) => labelColumns(state.manifest?.recipe.data));
  const shown = useMemo(() => columnsToShow(rows.names, labels), [rows, labels]);
  if (!ranked) return <p className={styles.note}>{waiting}</p>;
  if (ranked === 'diverged') return <p className={styles.note}>{rankingTexts.noNumbers}</p>;
  const { tasks } = ranked;
  return (
    <div className={styles.rows}>
      <DivergedNote />
      <p className={styles.note}>{cardTexts.rowsAbout(count(rows.rows.length))}</p>
      <ul className={styles.weights} aria-label={cardTexts.weightsOfHeads}>
        {tasks.map((task) => {
          const { label, color } = headStyle(task);
          return (
            <li key={task}>
              <Swatch color={color} />
              <span>{label}</span>
              <NumberField
                small
                label={cardTexts.weightOf(label)}
                value={weightOf(weights, task)}
                min={-MAX_WEIGHT}
                max={MAX_WEIGHT}
                onChange={(weight) => scoring.getState().setWeight(task, weight, tasks)}
              />
            </li>
          );
        })}
      </ul>
      <NumberTable name={cardTexts.rows} region={cardTexts.rows} framed className={styles.wrap}>
        <thead>
          <tr>
            <th scope="col">{cardTexts.place}</th>
            <th scope="col">{cardTexts.moved}</th>
            <th scope="col">{cardTexts.score}</th>
            {tasks.map((task) => (
              <th key={task} scope="col">
                <Swatch color={headStyle(task).color} /> {cardTexts.predicted(headStyle(task).label)}
              </th>
            ))}
            <th scope="col">{cardTexts.row}</th>
            {shown.map((column) => (
              <th key={column} scope="col">
                {rows.names[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ranked.ranked.map(({ item: { index, key }, score, rank, change, probabilities }) => {
            const row = rows.rows[index];
            return (
              row && (
                <tr key={key} className={key === selected ? styles.selected : undefined}>
                  <th scope="row">{rank}</th>
                  <td>
                    <Moved change={change} since={rankingTexts.untrainedOrder} />
                  </td>
                  <td>
                    <button
                      type="button"
                      className={styles.score}
                      aria-pressed={key === selected}
                      aria-label={cardTexts.takeApart(scoreText(score), row.number + 1)}
                      onClick={() => ranking.getState().select(key === selected ? null : key)}
                    >
                      {scoreText(score)}
                    </button>
                  </td>
                  {tasks.map((task, head) => (
                    <td key={task}>{percent(probabilities[head] ?? 0)}</td>
                  ))}
                  <td>{count(row.number + 1)}</td>
                  {shown.map((column) => (
                    <td key={column} className={styles.cell}>
                      {row.cells[column]}
                    </td>
                  ))}
                </tr>
              )
            );
          })}
        </tbody>
      </NumberTable>
    </div>
  );
}

/** The columns that the heads predict, as one text: the same value for the same columns. */
function labelColumns(data: { readonly kind: string; readonly columns?: unknown } | undefined): string {
  const heads = (data?.columns as { readonly heads?: unknown } | undefined)?.heads;
  if (!Array.isArray(heads)) return '[]';
  return JSON.stringify(heads.map((head: { readonly column?: unknown } | null) => head?.column));
}

/** The labels' columns, what happened beside what was predicted, then the first others. */
function columnsToShow(names: readonly string[], labels: string): readonly number[] {
  const predicted = JSON.parse(labels) as readonly unknown[];
  const all = names.map((_, column) => column);
  const isLabel = (column: number): boolean => predicted.includes(names[column]);
  return [...all.filter(isLabel), ...all.filter((column) => !isLabel(column)).slice(0, SHOWN_COLUMNS)];
}
