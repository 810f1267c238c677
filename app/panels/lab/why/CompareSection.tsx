/** Two tweets head by head: which head decides their order, and by how much. */
import { compareTweets } from '../../../../src/ranking/explain.ts';
import type { ExplainedTweet } from '../../../../src/ranking/explain.ts';
import type { RankedTweet } from '../../../../src/ranking/rank.ts';
import { scoreBreakdown } from '../../../../src/ranking/score.ts';
import type { ScoreWeights } from '../../../../src/ranking/score-weights.ts';
import { signed, fixed } from '../../../format.ts';
import { headStyle } from '../../../heads.ts';
import { NumberTable } from '../../../parts/NumberTable.tsx';
import { Swatch } from '../../../parts/Swatch.tsx';
import { classes } from '../../../parts/classes.ts';
import { Select } from '../../../parts/Field.tsx';
import { Section } from '../../../parts/Panel.tsx';
import type { TweetEntry, TweetView } from '../../../stores/pins.ts';
import { useRanking, useSession } from '../../../session/context.tsx';
import { labTexts } from '../../../texts/lab.ts';
import styles from './CompareSection.module.css';

interface CompareProps {
  readonly order: TweetView;
  readonly selected: TweetEntry;
  readonly weights: ScoreWeights;
}

export function CompareSection({ order, selected, weights }: CompareProps) {
  const { ranking } = useSession();
  const compared = useRanking((view) => view.compared);
  const others = order.ranked.filter((entry) => entry !== selected);
  const next = order.ranked[(selected.rank ?? 0) % Math.max(1, order.ranked.length)];
  const other =
    others.find(({ item }) => item.key === compared) ?? (next === selected ? others[0] : (next ?? others[0]));
  const scored = selected.scored;
  return (
    <Section
      title={labTexts.why.against}
      tools={
        other && (
          <Select
            label={labTexts.why.compareWith}
            hideLabel
            className={styles.select}
            value={other.item.key}
            options={others.map(({ item, rank }) => ({
              value: item.key,
              label: `#${rank} ${item.tweet.author.name}: ${item.tweet.text.slice(0, 40)}`,
            }))}
            onChange={(key) => ranking.getState().compare(key)}
          />
        )
      }
    >
      {!other ? (
        <p className={styles.sentence}>{labTexts.why.noOther}</p>
      ) : !('rank' in scored) ? (
        <p className={styles.sentence}>{selected.reason}</p>
      ) : (
        <Comparison
          first={explained(selected, scored, order, weights)}
          second={explained(other, other.scored as RankedTweet, order, weights)}
        />
      )}
    </Section>
  );
}

function explained(
  { item, probabilities }: TweetEntry,
  ranked: RankedTweet,
  { tasks }: TweetView,
  weights: ScoreWeights,
): ExplainedTweet {
  return {
    name: item.tweet.author.name,
    ranked,
    breakdown: scoreBreakdown(tasks, probabilities, weights),
  };
}

function Comparison({ first, second }: { first: ExplainedTweet; second: ExplainedTweet }) {
  const { heads, sumDifference, deciding, sentence } = compareTweets(first, second);
  const widest = Math.max(...heads.map(({ difference }) => Math.abs(difference)), 1e-9);
  return (
    <>
      <p className={styles.sentence} data-testid="comparison">
        {sentence}
      </p>
      <NumberTable name={labTexts.why.table} region={labTexts.why.region} look="plain">
        <thead>
          <tr>
            <th scope="col">{labTexts.weights.head}</th>
            <th scope="col">#{first.ranked.rank}</th>
            <th scope="col">#{second.ranked.rank}</th>
            <th scope="col">{labTexts.why.difference}</th>
            <th scope="col">
              <span className="unseen">{labTexts.why.asBar}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {heads.map(({ task, first: own, second: theirs, difference }) => {
            const { label, color } = headStyle(task);
            const share = (difference / widest) * 50;
            return (
              <tr key={task} className={classes(deciding?.task === task && styles.deciding)}>
                <th scope="row">
                  <Swatch color={color} />
                  {label}
                  {deciding?.task === task && (
                    <span className={styles.tag}>
                      {deciding.alone ? labTexts.why.decides : labTexts.why.weighsMost}
                    </span>
                  )}
                </th>
                <td>{signed(own, 4)}</td>
                <td>{signed(theirs, 4)}</td>
                <td>{signed(difference, 4)}</td>
                <td className={styles.barCell} aria-hidden="true">
                  <div className={styles.track}>
                    <span
                      className={styles.bar}
                      style={{
                        background: color,
                        left: `${Math.min(50, 50 + share)}%`,
                        width: `${Math.abs(share)}%`,
                      }}
                    />
                  </div>
                </td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{labTexts.why.weightedSum}</th>
            <td>{signed(first.breakdown.weightedSum, 4)}</td>
            <td>{signed(second.breakdown.weightedSum, 4)}</td>
            <td>{signed(sumDifference, 4)}</td>
            <td />
          </tr>
          <tr>
            <th scope="row">{labTexts.why.finalScore}</th>
            <td>{fixed(first.ranked.score, 4)}</td>
            <td>{fixed(second.ranked.score, 4)}</td>
            <td>{signed(first.ranked.score - second.ranked.score, 4)}</td>
            <td />
          </tr>
        </tfoot>
      </NumberTable>
    </>
  );
}
