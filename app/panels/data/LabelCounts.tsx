/** How often each label is positive, over a sample of the stream; the heads' own colours, on a logarithmic scale. */
import { compact, percent } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { logShare } from '../../parts/log-share.ts';
import { Explained } from '../../parts/Term.tsx';
import { useData } from '../../session/context.tsx';
import { dataTexts } from '../../texts/data.ts';
import styles from './LabelCounts.module.css';

export function LabelCounts() {
  const statistics = useData((state) => state.statistics);
  const busy = useData((state) => state.busy);
  if (!statistics) {
    return <p className={styles.empty}>{busy ? dataTexts.counting : dataTexts.countsAppear}</p>;
  }
  const { examples, tasks, positives } = statistics;
  return (
    <div className={styles.counts}>
      <p className={styles.title}>
        <Explained text={dataTexts.positivesAbout}>{dataTexts.positivesAmong(compact(examples))}</Explained>
      </p>
      <ul className={styles.list} aria-label={dataTexts.shareByLabel}>
        {tasks.map((task, i) => {
          const { label, color } = headStyle(task);
          const n = positives[i] ?? 0;
          return (
            <li key={task} className={styles.row}>
              <span className={styles.label}>{label}</span>
              <span className={styles.track}>
                <span
                  className={styles.bar}
                  style={{ transform: `scaleX(${logShare(n / examples)})`, background: color }}
                />
              </span>
              <span className={styles.value}>{n === 0 ? dataTexts.noneYet : percent(n / examples)}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
