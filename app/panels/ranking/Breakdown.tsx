/** A score taken apart: probability × weight = contribution for each head, then the sum, the offset and the factors. */
import { heuristicById } from '../../../src/ranking/heuristics/registry.ts';
import { scoreBreakdown } from '../../../src/ranking/score.ts';
import type { ScoreWeights } from '../../../src/ranking/score-weights.ts';
import { percent, signed } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { Explained, Term } from '../../parts/Term.tsx';
import styles from './Breakdown.module.css';
import type { OrderEntry } from './order.ts';

interface BreakdownProps {
  readonly entry: OrderEntry;
  readonly tasks: readonly string[];
  readonly weights: ScoreWeights;
}

/** Digits of every number that is added up, so that the column visibly sums to its total. */
const DIGITS = 4;

export default function Breakdown({ entry, tasks, weights }: BreakdownProps) {
  const { heads, weightedSum, offset, score, substitution } = scoreBreakdown(
    tasks,
    entry.probabilities,
    weights,
  );
  const widest = Math.max(...heads.map(({ contribution }) => Math.abs(contribution)), 1e-9);
  const factors = Object.entries(entry.ranked.factors).filter(([, factor]) => factor !== 1);
  return (
    <div className={styles.breakdown}>
      <table className={styles.table} aria-label="Score breakdown">
        <thead>
          <tr>
            <th scope="col">Head</th>
            <th scope="col">Probability</th>
            <th scope="col">× Weight</th>
            <th scope="col">= Adds</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {heads.map(({ task, probability, weight, contribution, substitution: role }) => {
            const { label, color, meaning } = headStyle(task);
            const share = contribution / widest;
            return (
              <tr key={task} className={role === 'passed_over' ? styles.passed : undefined}>
                <th scope="row">
                  <span className={styles.swatch} style={{ background: color }} />
                  <Explained text={meaning}>{label}</Explained>
                </th>
                <td>{percent(probability)}</td>
                <td>{role === 'passed_over' ? '–' : String(weight).replace('-', '−')}</td>
                <td>{signed(contribution, DIGITS)}</td>
                <td className={styles.barCell}>
                  <span
                    className={styles.bar}
                    style={{
                      background: color,
                      left: share < 0 ? `${50 + share * 50}%` : '50%',
                      width: `${Math.abs(share) * 50}%`,
                    }}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={3}>
              Weighted sum
            </th>
            <td>{signed(weightedSum, DIGITS)}</td>
            <td />
          </tr>
          <tr>
            <th scope="row" colSpan={3}>
              <Explained text={offset.formula}>Mapped to be never negative</Explained>
            </th>
            <td>{signed(offset.delta, DIGITS)}</td>
            <td />
          </tr>
          {factors.map(([id, factor]) => (
            <tr key={id}>
              <th scope="row" colSpan={3}>
                {heuristicById(id).label}
              </th>
              <td>× {factor.toFixed(3)}</td>
              <td />
            </tr>
          ))}
          <tr className={styles.total}>
            <th scope="row" colSpan={3}>
              <Term word="score">Score</Term>
            </th>
            <td data-testid="breakdown-score">
              {(factors.length > 0 ? entry.ranked.score : score).toFixed(DIGITS)}
            </td>
            <td />
          </tr>
        </tfoot>
      </table>
      {substitution && <p className={styles.note}>{substitution}</p>}
      {entry.ranked.reason && <p className={styles.note}>{entry.ranked.reason}</p>}
    </div>
  );
}
