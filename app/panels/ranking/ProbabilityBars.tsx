/** The probabilities of one tweet as small bars, on a logarithmic scale. */
import { percent } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { logShare } from '../../parts/log-share.ts';
import { rankingTexts } from '../../texts/ranking.ts';
import styles from './ProbabilityBars.module.css';

const WIDTH = 7;
const GAP = 2;
const slots = `repeating-linear-gradient(to right, var(--slot) 0 ${WIDTH}px, transparent 0 ${WIDTH + GAP}px)`;

export function ProbabilityBars({
  tasks,
  probabilities,
}: {
  tasks: readonly string[];
  probabilities: Float32Array;
}) {
  const values = tasks.map((task, i) => ({ ...headStyle(task), value: probabilities[i] ?? 0 }));
  const words = values.map(({ label, value }) => rankingTexts.probability(label, percent(value)));
  // One element of many backgrounds: ten elements a tweet made the list slow to lay out.
  const bars = values.map(({ color }) => `linear-gradient(${color}, ${color})`);
  const sizes = values.map(({ value }) => `${WIDTH}px ${Math.round(1000 * logShare(value)) / 10}%`);
  const places = values.map((_, i) => `${i * (WIDTH + GAP)}px 100%`);
  return (
    <div
      className={styles.bars}
      role="img"
      aria-label={words.join(', ')}
      title={words.join('\n')}
      style={{
        width: values.length * (WIDTH + GAP) - GAP,
        background: `${bars.map((bar, i) => `${bar} ${places[i]} / ${sizes[i]} no-repeat`).join()}, ${slots}`,
      }}
    />
  );
}
