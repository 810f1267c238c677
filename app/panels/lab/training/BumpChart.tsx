/** Places over steps as lines: who rose and who fell while the model learned. A line can be pointed at, or reached by Tab. */
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { Chart } from '../../../charts/Chart.tsx';
import { compact, count } from '../../../format.ts';
import { classes } from '../../../parts/classes.ts';
import { useWidth } from '../../../parts/use-width.ts';
import { placesByStep, placesTable } from '../../../stores/trajectories.ts';
import type { Trajectories } from '../../../stores/trajectories.ts';
import { labTrainingTexts } from '../../../texts/lab-tools.ts';
import styles from './BumpChart.module.css';

interface BumpChartProps {
  /** Null where nothing could be ranked. */
  readonly trajectories: Trajectories | null;
  /** Ids of the tweets to draw, the last order's first one first. */
  readonly shown: readonly string[];
  readonly names: ReadonlyMap<string, string>;
  /** Places drawn one by one; all further ones share the line below. */
  readonly top: number;
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

const ROW = 24;
const LEFT = 24;
const RIGHT = 176;
const COLORS = ['like', 'retweet', 'profile', 'video', 'author', 'click', 'stay', 'reply'] as const;

export function BumpChart(props: BumpChartProps) {
  const { trajectories, shown, names, top } = props;
  const drawn = trajectories && trajectories.steps.length > 1 ? trajectories : null;
  const height = (top + 1) * ROW + 28;
  return (
    <Chart
      title={labTrainingTexts.places}
      name={labTrainingTexts.places}
      empty={drawn ? null : labTrainingTexts.placesNothing}
      summary={
        drawn
          ? labTrainingTexts.placesPicture(
              shown.length,
              count(drawn.steps.at(-1) ?? 0),
              names.get(shown[0] ?? '') ?? '',
            )
          : labTrainingTexts.placesNothing
      }
      height={height}
      table={() => placesTable(drawn, shown, names)}
      file={() => placesByStep(drawn, shown, names)}
    >
      {drawn && <Lines {...props} trajectories={drawn} height={height} />}
    </Chart>
  );
}

interface LinesProps extends BumpChartProps {
  readonly trajectories: Trajectories;
  readonly height: number;
}

function Lines({ trajectories, shown, names, top, selected, onSelect, height }: LinesProps) {
  const [box, width] = useWidth();
  const [looked, setLooked] = useState<string | null>(null);
  const { steps, places } = trajectories;
  const last = steps.at(-1) ?? 0;
  const end = Math.max(LEFT + 1, width - RIGHT);
  const x = (step: number): number => LEFT + (last === 0 ? 0 : (step / last) * (end - LEFT));
  const y = (place: number | null): number => (Math.min(place ?? top + 1, top + 1) - 0.5) * ROW;
  const lit = looked ?? selected;
  const dim = lit !== null && shown.includes(lit);
  const onKeyDown = (id: string) => (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onSelect(id);
  };
  return (
    <div ref={box} data-plot>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          className={styles.chart}
          role="group"
          aria-label={labTrainingTexts.linesOfPlaces}
        >
          {Array.from({ length: top }, (_, i) => (
            <g key={i} aria-hidden="true">
              <line x1={LEFT} x2={end} y1={y(i + 1)} y2={y(i + 1)} className={styles.grid} />
              <text x={LEFT - 8} y={y(i + 1)} className={styles.place}>
                {i + 1}
              </text>
            </g>
          ))}
          <text x={LEFT - 8} y={y(null)} className={styles.place} aria-hidden="true">
            …
          </text>
          {[0, last / 2, last].map((step, i) => (
            <text
              key={i}
              x={x(step)}
              y={height - 8}
              className={classes(styles.tick, i === 0 && styles.first)}
              aria-hidden="true"
            >
              {i === 0 ? labTrainingTexts.untrainedTick : compact(Math.round(step))}
            </text>
          ))}
          {shown.map((id, i) => {
            const line = places.get(id) ?? [];
            const points = line.map((place, at) => `${tenth(x(steps[at]!))},${tenth(y(place))}`);
            const color = `var(--head-${COLORS[i % COLORS.length]})`;
            const name = names.get(id) ?? id;
            const to = line.at(-1) ?? null;
            return (
              <g
                key={id}
                role="button"
                tabIndex={0}
                aria-pressed={id === selected}
                aria-label={labTrainingTexts.lineOfPlaces(name, placeText(line[0] ?? null), placeText(to))}
                className={classes(styles.line, dim && id !== lit && styles.faded, id === lit && styles.lit)}
                onMouseEnter={() => setLooked(id)}
                onMouseLeave={() => setLooked(null)}
                onFocus={() => setLooked(id)}
                onBlur={() => setLooked(null)}
                onClick={() => onSelect(id)}
                onKeyDown={onKeyDown(id)}
              >
                <polyline
                  points={points.join(' ')}
                  style={{ stroke: color }}
                  {...(i >= COLORS.length ? { strokeDasharray: '5 3' } : {})}
                />
                <polyline points={points.join(' ')} className={styles.touch} />
                <circle cx={x(last)} cy={y(to)} r={4} style={{ fill: color }} />
                <text x={x(last) + 12} y={y(to)} className={styles.name}>
                  {shorten(name)}
                </text>
                <title>{name}</title>
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}

const placeText = (place: number | null): string =>
  place === null ? labTrainingTexts.dropped : count(place);

function shorten(name: string): string {
  return name.length > 25 ? `${name.slice(0, 24)}…` : name;
}

/** Coordinates need no more than a tenth of a pixel. */
function tenth(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
