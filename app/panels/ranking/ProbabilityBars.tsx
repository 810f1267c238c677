/** The ten probabilities of one tweet as small bars, on a logarithmic scale. */
import { percent } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { logShare } from '../../parts/log-share.ts';
import styles from './ProbabilityBars.module.css';

export function ProbabilityBars({
  tasks,
  probabilities,
}: {
  tasks: readonly string[];
  probabilities: Float32Array;
}) {
  const values = tasks.map((task, i) => ({ ...headStyle(task), value: probabilities[i] ?? 0 }));
  const words = values.map(({ label, value }) => `${label} ${percent(value)}`);
  return (
    <div className={styles.bars} role="img" aria-label={words.join(', ')} title={words.join('\n')}>
      {values.map(({ task, color, value }) => (
        <span key={task} className={styles.slot}>
          <span
            className={styles.bar}
            style={{ transform: `scaleY(${logShare(value)})`, background: color }}
          />
        </span>
      ))}
    </div>
  );
}
