/** A score taken apart: each head's probability × weight, adding up to the weighted sum, then the offset, then each factor. */
import { scoreBreakdown } from '../../../src/ranking/score.ts';
import type { ScoreWeights } from '../../../src/ranking/score-weights.ts';
import type { RankedEntry } from '../../../src/ranking/ranked-view.ts';
import { probabilityText, signed, weightText, fixed, significant } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { NumberTable } from '../../parts/NumberTable.tsx';
import { Swatch } from '../../parts/Swatch.tsx';
import { classes } from '../../parts/classes.ts';
import { Explained, Term } from '../../parts/Term.tsx';
import { cardTexts } from '../../texts/ranking-details.ts';
import { Phrase } from '../../parts/Phrase.tsx';
import styles from './BreakdownTable.module.css';
import { waterfall } from './waterfall.ts';
import type { Waterfall, WaterfallRow } from './waterfall.ts';

interface BreakdownTableProps {
  readonly entry: RankedEntry;
  readonly tasks: readonly string[];
  readonly weights: ScoreWeights;
}

export default function BreakdownTable({ entry, tasks, weights }: BreakdownTableProps) {
  const breakdown = scoreBreakdown(tasks, entry.probabilities, weights);
  const fall = waterfall(breakdown, entry.scored);
  return (
    <>
      <NumberTable
        name={cardTexts.breakdown}
        region={cardTexts.breakdown}
        look="plain"
        heads={[
          cardTexts.head,
          cardTexts.probability,
          cardTexts.timesWeight,
          cardTexts.adds,
          { text: cardTexts.runningTotal, className: styles.chartHead },
        ]}
      >
        <tbody>
          {fall.rows.map((row) => (
            <Row key={keyOf(row)} row={row} fall={fall} formula={breakdown.offset.formula} />
          ))}
        </tbody>
      </NumberTable>
      {breakdown.substitution && (
        <p className={styles.note}>
          <Phrase
            text={cardTexts.ruleOf}
            parts={{ rule: <strong>{cardTexts.rule}</strong>, text: breakdown.substitution }}
          />
        </p>
      )}
      {breakdown.missingHeads.length > 0 && (
        <p className={styles.note}>
          {cardTexts.missingHeads(breakdown.missingHeads.map((task) => headStyle(task).label).join(', '))}
        </p>
      )}
    </>
  );
}

function keyOf(row: WaterfallRow): string {
  return row.kind === 'head' ? row.head.task : row.kind === 'factor' ? row.id : row.kind;
}

function Row({ row, fall, formula }: { row: WaterfallRow; fall: Waterfall; formula: string }) {
  const { digits } = fall;
  if (row.kind === 'head') {
    const { task, probability, weight, contribution, substitution } = row.head;
    const { label, color, meaning } = headStyle(task);
    const passed = substitution === 'passed_over';
    return (
      <tr className={classes(passed && styles.passed)} data-testid="head-row" data-task={task}>
        <th scope="row">
          <Swatch color={color} />
          <Explained text={meaning}>{label}</Explained>
        </th>
        <td>{probabilityText(probability)}</td>
        <td>{passed ? cardTexts.notCounted : weightText(weight)}</td>
        <td data-testid="contribution">{signed(contribution, digits)}</td>
        <Bar row={row} fall={fall} color={color} />
      </tr>
    );
  }
  if (row.kind === 'factor') {
    return (
      <tr data-testid="factor-row" data-factor={row.id}>
        <th scope="row" colSpan={2}>
          {row.label}
        </th>
        <td>× {significant(row.factor, 6)}</td>
        <td>{signed(row.to - row.from, digits)}</td>
        <Bar row={row} fall={fall} color="var(--text-3)" />
      </tr>
    );
  }
  if (row.kind === 'offset') {
    return (
      <tr>
        <th scope="row" colSpan={3}>
          <Explained text={formula}>{cardTexts.offset}</Explained>
        </th>
        <td data-testid="offset">{signed(row.to - row.from, digits)}</td>
        <Bar row={row} fall={fall} color="var(--text-3)" />
      </tr>
    );
  }
  const final = row.kind === 'final';
  return (
    <tr className={classes(styles.total, final && styles.final)}>
      <th scope="row" colSpan={3}>
        {row.kind === 'sum' ? (
          cardTexts.weightedSum
        ) : final ? (
          <Phrase text={cardTexts.finalScore} parts={{ score: <Term word="score" /> }} />
        ) : (
          cardTexts.beforeHeuristics
        )}
      </th>
      <td data-testid={`${row.kind}-value`}>
        {row.kind === 'sum' ? signed(row.to, digits) : fixed(row.to, digits)}
      </td>
      <Bar row={row} fall={fall} color={final ? 'var(--accent)' : 'var(--text-2)'} />
    </tr>
  );
}

/** A bar from the running total before to that after; the hairline is zero. */
function Bar({ row, fall, color }: { row: WaterfallRow; fall: Waterfall; color: string }) {
  const { low, high } = fall;
  const x = (value: number): number => ((value - low) / (high - low)) * 100;
  const left = Math.min(x(row.from), x(row.to));
  const width = Math.abs(x(row.to) - x(row.from));
  return (
    <td className={styles.barCell} aria-hidden="true">
      <div className={styles.track}>
        <span className={styles.zero} style={{ left: `${x(0)}%` }} />
        <span className={styles.bar} style={{ left: `${left}%`, width: `${width}%`, background: color }} />
        <span className={styles.link} style={{ left: `${x(row.to)}%` }} />
      </div>
    </td>
  );
}
