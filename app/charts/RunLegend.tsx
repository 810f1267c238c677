/** Which line is which run's, where several stand in a chart. */
import { chartTexts } from '../texts/chart.ts';
import type { ShownRun } from '../stores/compared-runs.ts';
import styles from './RunLegend.module.css';

interface RunLegendProps {
  readonly runs: readonly ShownRun[];
  /** What tells runs apart: where colours are of heads, dashes are of runs. */
  readonly by: 'color' | 'dash';
}

export function RunLegend({ runs, by }: RunLegendProps) {
  if (runs.length < 2) return null;
  return (
    <ul className={styles.legend} aria-label={chartTexts.runs}>
      {runs.map(({ id, name, change, color, dash }, place) => (
        <li key={id}>
          <svg width="24" height="8" aria-hidden="true">
            <line
              x1="0"
              x2="24"
              y1="4"
              y2="4"
              stroke={by === 'color' ? color : 'var(--text-2)'}
              strokeWidth={place === 0 || by === 'color' ? 3 : 1.5}
              strokeDasharray={by === 'dash' && place > 0 ? dash : undefined}
            />
          </svg>
          <span>{name}</span>
          {change !== null && <span className={styles.change}>{change}</span>}
        </li>
      ))}
    </ul>
  );
}
