/** Parallel coordinates: one axis a key or result, one line a run. */
import { useState } from 'react';
import type { SweepValue } from '../../../src/runs/sweep.ts';
import { Chart } from '../../charts/Chart.tsx';
import { decimal } from '../../format.ts';
import { useWidth } from '../../parts/use-width.ts';
import { parallelPlaces } from '../../stores/parallel.ts';
import type { Cell } from '../../stores/twin-table.ts';
import { sweepTexts } from '../../texts/runs.ts';
import styles from './RunsView.module.css';

export interface ParallelAxis {
  readonly name: string;
  /** By run; null where there is none. */
  readonly values: readonly (SweepValue | null)[];
}

interface ParallelPlotProps {
  readonly axes: readonly ParallelAxis[];
  readonly names: readonly string[];
  /** Of the axes, the one that lines are coloured by: from good, low, to bad. */
  readonly colouredBy: number;
}

const HEIGHT = 240;
const TOP = 32;
const BOTTOM = 12;
const SIDE = 12;
/** Room for the numbers beside the last axis. */
const BESIDE = 52;

export function ParallelPlot(props: ParallelPlotProps) {
  const { axes, names } = props;
  const shown = axes.filter(({ values }) => values.some((value) => value !== null));
  const cell = (value: SweepValue | null): Cell => (typeof value === 'boolean' ? String(value) : value);
  return (
    <Chart
      small
      title={sweepTexts.chart}
      name={sweepTexts.chart}
      summary={sweepTexts.picture(shown.map(({ name }) => name).join(', '))}
      height={HEIGHT}
      empty={shown.length > 1 ? null : sweepTexts.nothing}
      table={() => ({
        columns: [sweepTexts.run, ...axes.map(({ name }) => name)],
        rows: names.map((name, run) => [name, ...axes.map(({ values }) => cell(values[run] ?? null))]),
      })}
      legend={<p className={styles.note}>{sweepTexts.colours}</p>}
    >
      <Coordinates {...props} />
    </Chart>
  );
}

function Coordinates({ axes, names, colouredBy }: ParallelPlotProps) {
  const [box, width] = useWidth();
  const [hovered, setHovered] = useState<number | null>(null);
  const best = parallelPlaces(axes[colouredBy]?.values ?? []).places;
  const shown = axes.filter(({ values }) => values.some((value) => value !== null));
  const apart = (width - SIDE - BESIDE) / Math.max(1, shown.length - 1);
  const x = (at: number): number => SIDE + at * apart;
  const y = (place: number): number => TOP + (1 - place) * (HEIGHT - TOP - BOTTOM);
  const placed = shown.map(({ values }) => parallelPlaces(values));
  return (
    <div ref={box} className={styles.parallel} data-plot>
      {width > 0 && shown.length > 1 && (
        <svg width={width} height={HEIGHT} aria-hidden="true" onPointerLeave={() => setHovered(null)}>
          {names.map((name, run) => {
            const points = placed.flatMap(({ places }, at) => {
              const place = places[run];
              return place === null || place === undefined ? [] : [`${x(at)},${y(place)}`];
            });
            const place = best[run];
            return (
              <polyline
                key={name}
                points={points.join(' ')}
                fill="none"
                stroke={
                  place === null || place === undefined
                    ? 'var(--text-3)'
                    : `color-mix(in oklab, var(--run-2) ${Math.round(100 * place)}%, var(--accent))`
                }
                strokeWidth={hovered === run ? 3.5 : 1.75}
                strokeOpacity={hovered === null || hovered === run ? 0.9 : 0.2}
                onPointerEnter={() => setHovered(run)}
              >
                <title>{name}</title>
              </polyline>
            );
          })}
          {shown.map(({ name }, at) => (
            <g key={name} fontSize={11} fill="var(--text-2)">
              <line x1={x(at)} x2={x(at)} y1={TOP} y2={HEIGHT - BOTTOM} stroke="var(--line-strong)" />
              <text
                x={at === 0 ? 0 : at === shown.length - 1 ? width : x(at)}
                y={12}
                fontWeight={600}
                textAnchor={at === 0 ? 'start' : at === shown.length - 1 ? 'end' : 'middle'}
              >
                {fitting(name, at === 0 || at === shown.length - 1 ? apart / 2 + SIDE : apart)}
                <title>{name}</title>
              </text>
              {placed[at]?.marks.map(({ value, place }) => (
                <text
                  key={String(value)}
                  x={x(at) + 5}
                  y={y(place) - 5}
                  stroke="var(--surface)"
                  strokeWidth={3}
                  paintOrder="stroke"
                >
                  {label(value)}
                </text>
              ))}
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

/** What a person wrote stands as it was written; what was measured to four digits. */
const label = (value: SweepValue): string =>
  typeof value === 'number' && String(value).length > 6 ? decimal(value) : String(value);

/** Of a name as many letters as there is room for, its end: what tells keys apart. */
function fitting(name: string, room: number): string {
  const letters = Math.max(4, Math.floor((room - 8) / 6.4));
  return name.length <= letters ? name : `…${name.slice(1 - letters)}`;
}
