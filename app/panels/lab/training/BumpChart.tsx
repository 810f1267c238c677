/** Places over steps as lines: who rose and who fell while the model learned. With its numbers as a table behind it. */
import { useState } from 'react';
import { compact, count } from '../../../format.ts';
import { NumberTable } from '../../../parts/NumberTable.tsx';
import { classes } from '../../../parts/classes.ts';
import type { Trajectories } from '../../../stores/trajectories.ts';
import { labTrainingTexts } from '../../../texts/lab-tools.ts';
import styles from './BumpChart.module.css';

interface BumpChartProps {
  readonly trajectories: Trajectories;
  /** Ids of the tweets to draw, the last order's first one first. */
  readonly shown: readonly string[];
  readonly names: ReadonlyMap<string, string>;
  /** Places drawn one by one; all further ones share the line below. */
  readonly top: number;
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

const WIDTH = 640;
const ROW = 24;
const LEFT = 24;
const RIGHT = 176;
const COLORS = ['like', 'retweet', 'profile', 'video', 'author', 'click', 'stay', 'reply'] as const;

export function BumpChart({ trajectories, shown, names, top, selected, onSelect }: BumpChartProps) {
  const [hovered, setHovered] = useState<string | null>(null);
  const { steps, places } = trajectories;
  const last = steps.at(-1) ?? 0;
  const height = (top + 1) * ROW + 28;
  const x = (step: number): number => LEFT + (last === 0 ? 0 : (step / last) * (WIDTH - LEFT - RIGHT));
  const y = (place: number | null): number => (Math.min(place ?? top + 1, top + 1) - 0.5) * ROW;
  const lit = hovered ?? selected;
  const dim = lit !== null && shown.includes(lit);
  return (
    <figure className={styles.figure}>
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        className={styles.chart}
        role="img"
        aria-label={labTrainingTexts.placesPicture(
          shown.length,
          count(last),
          names.get(shown[0] ?? '') ?? '',
        )}
      >
        {Array.from({ length: top }, (_, i) => (
          <g key={i}>
            <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(i + 1)} y2={y(i + 1)} className={styles.grid} />
            <text x={LEFT - 8} y={y(i + 1)} className={styles.place}>
              {i + 1}
            </text>
          </g>
        ))}
        <text x={LEFT - 8} y={y(null)} className={styles.place}>
          …
        </text>
        {[0, last / 2, last].map((step, i) => (
          <text key={i} x={x(step)} y={height - 8} className={classes(styles.tick, i === 0 && styles.first)}>
            {i === 0 ? labTrainingTexts.untrainedTick : compact(Math.round(step))}
          </text>
        ))}
        {shown.map((id, i) => {
          const line = places.get(id) ?? [];
          const points = line.map((place, at) => `${tenth(x(steps[at]!))},${tenth(y(place))}`);
          const color = `var(--head-${COLORS[i % COLORS.length]})`;
          const faded = dim && id !== lit;
          const end = line.at(-1) ?? null;
          return (
            <g
              key={id}
              className={classes(styles.line, faded && styles.faded, id === lit && styles.lit)}
              onMouseEnter={() => setHovered(id)}
              onMouseLeave={() => setHovered(null)}
              onClick={() => onSelect(id)}
            >
              <polyline
                points={points.join(' ')}
                style={{ stroke: color }}
                {...(i >= COLORS.length ? { strokeDasharray: '5 3' } : {})}
              />
              <polyline points={points.join(' ')} className={styles.touch} />
              <circle cx={x(last)} cy={y(end)} r={4} style={{ fill: color }} />
              <text x={x(last) + 12} y={y(end)} className={styles.name}>
                {shorten(names.get(id) ?? id)}
              </text>
              <title>{names.get(id)}</title>
            </g>
          );
        })}
      </svg>
      <details className={styles.table}>
        <summary>{labTrainingTexts.asTable}</summary>
        <NumberTable
          name={labTrainingTexts.places}
          heads={[
            labTrainingTexts.tweet,
            labTrainingTexts.untrained,
            labTrainingTexts.best,
            labTrainingTexts.now,
          ]}
        >
          <tbody>
            {shown.map((id) => {
              const line = places.get(id) ?? [];
              const ranked = line.filter((place) => place !== null);
              return (
                <tr key={id}>
                  <th scope="row">{names.get(id)}</th>
                  <td>{line[0] ?? labTrainingTexts.dropped}</td>
                  <td>{ranked.length > 0 ? Math.min(...ranked) : '–'}</td>
                  <td>{line.at(-1) ?? labTrainingTexts.dropped}</td>
                </tr>
              );
            })}
          </tbody>
        </NumberTable>
      </details>
    </figure>
  );
}

function shorten(name: string): string {
  return name.length > 25 ? `${name.slice(0, 24)}…` : name;
}

/** Coordinates need no more than a tenth of a pixel. */
function tenth(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
