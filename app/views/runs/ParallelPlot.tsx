/** Parallel coordinates: one axis a key or result, one line a run. Its numbers stand in the table above it. */
import { useState } from 'react';
import type { SweepValue } from '../../../src/runs/sweep.ts';
import { decimal } from '../../format.ts';
import { RUN_LOOKS } from '../../stores/compared-runs.ts';
import { parallelPlaces } from '../../stores/parallel.ts';
import { sweepTexts } from '../../texts/runs.ts';
import styles from './RunsView.module.css';

export interface ParallelAxis {
  readonly name: string;
  /** By run; null where there is none. */
  readonly values: readonly (SweepValue | null)[];
}

const WIDTH = 800;
const HEIGHT = 240;
const TOP = 32;
const BOTTOM = 16;
const SIDE = 72;

export function ParallelPlot({
  axes,
  names,
}: {
  readonly axes: readonly ParallelAxis[];
  readonly names: readonly string[];
}) {
  const [hovered, setHovered] = useState<number | null>(null);
  const shown = axes.filter(({ values }) => values.some((value) => value !== null));
  if (shown.length < 2) return null;
  const x = (at: number): number => SIDE + (at / (shown.length - 1)) * (WIDTH - 2 * SIDE);
  const y = (place: number): number => TOP + (1 - place) * (HEIGHT - TOP - BOTTOM);
  const placed = shown.map(({ values }) => parallelPlaces(values));
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className={styles.parallel}
      role="img"
      aria-label={sweepTexts.picture(shown.map(({ name }) => name).join(', '))}
      onPointerLeave={() => setHovered(null)}
    >
      {names.map((name, run) => {
        const points = placed.flatMap(({ places }, at) => {
          const place = places[run];
          return place === null || place === undefined ? [] : [`${x(at)},${y(place)}`];
        });
        return (
          <polyline
            key={name}
            points={points.join(' ')}
            fill="none"
            stroke={RUN_LOOKS[run % RUN_LOOKS.length]?.color}
            strokeWidth={hovered === run ? 3 : 1.75}
            strokeOpacity={hovered === null || hovered === run ? 0.9 : 0.2}
            onPointerEnter={() => setHovered(run)}
          >
            <title>{name}</title>
          </polyline>
        );
      })}
      {shown.map(({ name }, at) => {
        const { low, high } = placed[at] ?? { low: '', high: '' };
        return (
          <g key={name} fontSize={11} fill="var(--text-2)" textAnchor="middle">
            <line x1={x(at)} x2={x(at)} y1={TOP} y2={HEIGHT - BOTTOM} stroke="var(--line-strong)" />
            <text x={x(at)} y={12} fontWeight={600}>
              {name}
            </text>
            <text x={x(at)} y={26}>
              {label(high)}
            </text>
            <text x={x(at)} y={HEIGHT - 3}>
              {label(low)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

const label = (value: SweepValue): string => (typeof value === 'number' ? decimal(value) : String(value));
