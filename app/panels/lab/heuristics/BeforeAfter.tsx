/** The order by score alone beside the final one, with the reason on each tweet that moved or went. */
import { score } from '../../../format.ts';
import { NumberTable } from '../../../parts/NumberTable.tsx';
import { classes } from '../../../parts/classes.ts';
import { Section } from '../../../parts/Panel.tsx';
import type { TweetEntry, TweetView } from '../../../stores/pins.ts';
import { useSession } from '../../../session/context.tsx';
import { heuristicsToolTexts } from '../../../texts/lab-tools.ts';
import styles from './BeforeAfter.module.css';

export function BeforeAfter({ order }: { order: TweetView }) {
  const { ranked, dropped } = order;
  const before = [...ranked, ...dropped].toSorted((a, b) => a.scored.rankBefore - b.scored.rankBefore);
  return (
    <Section title={heuristicsToolTexts.beforeAfter}>
      <NumberTable name={heuristicsToolTexts.table} look="ruled" words tableClassName={styles.table}>
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">{heuristicsToolTexts.place}</span>
            </th>
            <th scope="col">{heuristicsToolTexts.byScore}</th>
            <th scope="col">{heuristicsToolTexts.after}</th>
          </tr>
        </thead>
        <tbody>
          {before.map((entry, at) => {
            const after = ranked[at];
            return (
              <tr key={entry.item.key}>
                <th scope="row">{at + 1}</th>
                <td>
                  <Name entry={entry} value={entry.scored.baseScore} gone={entry.rank === null} />
                </td>
                <td data-testid="after">
                  {after && (
                    <>
                      <Name
                        entry={after}
                        value={after.score}
                        move={after.scored.rankBefore - (after.rank ?? 0)}
                      />
                      {after.reason && <p className={styles.reason}>{after.reason}</p>}
                    </>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </NumberTable>
      {dropped.length > 0 && (
        <>
          <h4 className={styles.title}>{heuristicsToolTexts.dropped(dropped.length)}</h4>
          <ul className={styles.dropped}>
            {dropped.map((entry) => (
              <li key={entry.item.key}>
                <Name entry={entry} value={entry.score} />
                <p className={styles.reason}>{entry.reason}</p>
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

interface NameProps {
  readonly entry: TweetEntry;
  readonly value: number;
  readonly move?: number;
  readonly gone?: boolean;
}

function Name({ entry, value, move = 0, gone }: NameProps) {
  const { ranking } = useSession();
  const { author, text } = entry.item.tweet;
  return (
    <button
      type="button"
      className={classes(styles.name, gone && styles.gone)}
      title={text}
      onClick={() => ranking.getState().select(entry.item.key)}
    >
      <span className={styles.author}>{author.name}</span>
      {move !== 0 && (
        <span className={move > 0 ? styles.up : styles.down}>
          {move > 0 ? '▲' : '▼'} {Math.abs(move)}
        </span>
      )}
      <span className={styles.score}>{score(value)}</span>
    </button>
  );
}
