/** Held-out rows of the person's own table, in the order that the model's heads and their weights give them. */
import { useDeferredValue, useMemo } from 'react';
import { scoreFunction } from '../../../src/ranking/score.ts';
import type { TableRows } from '../../../src/workers/protocol.ts';
import { count, percent } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { NumberField } from '../../parts/NumberField.tsx';
import { useRanking, useRun, useSession } from '../../session/context.tsx';
import { weightsFor } from '../../stores/ranking.ts';
import type { Snapshot } from '../../stores/ranking.ts';
import type { ScoreWeights } from '../../../src/ranking/score-weights.ts';
import styles from './RowRanking.module.css';
import { waitingText } from './waiting-text.ts';

/** Columns shown of a row, besides the labels'. */
const SHOWN_COLUMNS = 5;
const MAX_WEIGHT = 1000;

interface RankedRow {
  readonly index: number;
  readonly score: number;
  readonly place: number;
  /** Places up since the untrained order. */
  readonly moved: number | null;
}

/** @returns null where predictions are no probabilities, after a run has diverged. */
function rankRows(
  rows: TableRows,
  now: Snapshot,
  before: Snapshot | null,
  weights: ScoreWeights,
): readonly RankedRow[] | null {
  const order = ({ tasks, probabilities }: Snapshot) => {
    const scorer = scoreFunction(tasks, weights);
    return rows.rows
      .map((_, index) => ({ index, score: scorer.weightedSum(probabilities, index) }))
      .toSorted((a, b) => b.score - a.score || a.index - b.index);
  };
  try {
    const places = before && new Map(order(before).map(({ index }, place) => [index, place]));
    return order(now).map((entry, place) => {
      const was = places?.get(entry.index);
      return { ...entry, place, moved: was === undefined ? null : was - place };
    });
  } catch {
    return null;
  }
}

export default function RowRanking({ rows }: { readonly rows: TableRows }) {
  const { ranking } = useSession();
  const now = useDeferredValue(useRanking((state) => state.now));
  const untrained = useRanking((state) => state.untrained);
  const published = useRanking((state) => state.weights);
  const ownWeights = useRanking((state) => state.ownWeights);
  const waiting = useRun(waitingText);
  const tasks = now?.tasks ?? NONE;
  const weights = useMemo(
    () => weightsFor(tasks, { weights: published, ownWeights }),
    [tasks, published, ownWeights],
  );
  const ranked = useMemo(
    () => now && rankRows(rows, now, untrained, weights),
    [rows, now, untrained, weights],
  );
  const labels = useRun((state) => labelColumns(state.manifest?.recipe.data));
  const shown = useMemo(() => columnsToShow(rows.names, labels), [rows, labels]);
  if (!now) return <p className={styles.note}>{waiting}</p>;
  if (!ranked) return <p className={styles.note}>The predictions are no probabilities any more.</p>;
  return (
    <div className={styles.rows}>
      <p className={styles.note}>
        The first {count(rows.rows.length)} held-out rows of the table, by the sum of weight × probability
        over the heads. The model was not trained on them.
      </p>
      <ul className={styles.weights} aria-label="Weights of the heads">
        {tasks.map((task) => {
          const { label, color } = headStyle(task);
          return (
            <li key={task}>
              <span className={styles.swatch} style={{ background: color }} />
              <span>{label}</span>
              <NumberField
                small
                label={`Weight of ${label}`}
                value={weights.weights[task] ?? 0}
                min={-MAX_WEIGHT}
                max={MAX_WEIGHT}
                onChange={(weight) => ranking.getState().setOwnWeight(task, weight)}
              />
            </li>
          );
        })}
      </ul>
      <div className={styles.wrap} tabIndex={0} role="region" aria-label="Ranked rows">
        <table className={styles.table} aria-label="Ranked rows">
          <thead>
            <tr>
              <th scope="col">Place</th>
              <th scope="col">Moved</th>
              <th scope="col">Score</th>
              {tasks.map((task) => (
                <th key={task} scope="col">
                  <span className={styles.swatch} style={{ background: headStyle(task).color }} />{' '}
                  {headStyle(task).label}, predicted
                </th>
              ))}
              <th scope="col">Row</th>
              {shown.map((column) => (
                <th key={column} scope="col">
                  {rows.names[column]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ranked.map(({ index, score, place, moved }) => {
              const row = rows.rows[index];
              return (
                row && (
                  <tr key={index}>
                    <th scope="row">{place + 1}</th>
                    <td>{moved === null || moved === 0 ? '' : moved > 0 ? `↑ ${moved}` : `↓ ${-moved}`}</td>
                    <td>{score.toFixed(3)}</td>
                    {tasks.map((task, head) => (
                      <td key={task}>{percent(now.probabilities[index * tasks.length + head] ?? 0)}</td>
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
        </table>
      </div>
    </div>
  );
}

const NONE: readonly string[] = [];

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
