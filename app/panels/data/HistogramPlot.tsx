/** Two distributions side by side: a feature among positives and among negatives. */
import { useState } from 'react';
import { Readout } from '../../charts/Readout.tsx';
import plot from '../../charts/Plot.module.css';
import { scaleOf, ticksOf } from '../../charts/plot-scale.ts';
import { compact, count, percent } from '../../format.ts';
import type { HistogramBar } from '../../stores/histogram.ts';

interface HistogramPlotProps {
  readonly bars: readonly HistogramBar[];
  readonly label: string;
  readonly color: string;
  readonly unit: string;
  readonly height: number;
}

const WIDTH = 720;
const LEFT = 60;
const TOP = 8;
const BOTTOM = 20;
/** Of a bin's width, on each side. */
const AIR = 0.06;

export function HistogramPlot({ bars, label, color, unit, height }: HistogramPlotProps) {
  const [at, setAt] = useState<number | null>(null);
  const flag = bars.length === 2 && bars[0]?.to === 0.5;
  const edge = (value: number): string =>
    Math.abs(value) >= 100 ? compact(value) : String(Number(value.toPrecision(2)));
  const name = (bar: HistogramBar, i: number): string => (flag ? (i === 0 ? 'no' : 'yes') : edge(bar.from));
  const most = Math.max(
    ...bars.flatMap(({ positiveShare, negativeShare }) => [positiveShare, negativeShare]),
    1e-9,
  );
  const y = scaleOf([0, most]);
  const tall = height - TOP - BOTTOM;
  const py = (share: number): number => TOP + (1 - y.place(share)) * tall;
  const wide = (WIDTH - LEFT - 8) / Math.max(1, bars.length);
  const every = Math.ceil((bars.length * 44) / (WIDTH - LEFT));
  const shown = at === null ? undefined : bars[at];
  return (
    <div className={plot.plot} style={{ height }} onPointerLeave={() => setAt(null)}>
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        width="100%"
        height={height}
        preserveAspectRatio="none"
        data-plot
        aria-hidden="true"
      >
        {ticksOf(y, 6).map((value) => (
          <g key={value} fontSize={11} fill="var(--text-3)">
            <line x1={LEFT} x2={WIDTH} y1={py(value)} y2={py(value)} stroke="var(--line)" />
            <text x={LEFT - 6} y={py(value)} dy="0.355em" textAnchor="end">
              {percent(value)}
            </text>
          </g>
        ))}
        {bars.map((bar, i) => {
          const x = LEFT + (i + AIR) * wide;
          const half = (wide * (1 - 2 * AIR)) / 2;
          return (
            <g key={bar.from} onPointerEnter={() => setAt(i)}>
              <rect
                x={LEFT + i * wide}
                y={TOP}
                width={wide}
                height={tall}
                fill={i === at ? 'var(--sunken)' : 'transparent'}
              />
              <rect
                x={x}
                y={py(bar.negativeShare)}
                width={half}
                height={TOP + tall - py(bar.negativeShare)}
                fill="var(--line-strong)"
              />
              <rect
                x={x + half}
                y={py(bar.positiveShare)}
                width={half}
                height={TOP + tall - py(bar.positiveShare)}
                fill={color}
              />
              {i % every === 0 && (
                <text
                  x={LEFT + (i + 0.5) * wide}
                  y={height - 5}
                  fontSize={11}
                  textAnchor="middle"
                  fill="var(--text-3)"
                >
                  {name(bar, i)}
                </text>
              )}
            </g>
          );
        })}
        <line x1={LEFT} x2={WIDTH} y1={TOP + tall} y2={TOP + tall} stroke="var(--line-strong)" />
      </svg>
      {shown && at !== null && (
        <div className={plot.readout} style={at < bars.length / 2 ? { right: 8 } : { left: LEFT + 8 }}>
          <Readout
            title={flag ? name(shown, at) : `${edge(shown.from)} to ${edge(shown.to)} ${unit}`}
            rows={[
              { label, color, text: `${percent(shown.positiveShare)}, ${count(shown.positives)}` },
              {
                label: 'the others',
                color: 'var(--line-strong)',
                text: `${percent(shown.negativeShare)}, ${count(shown.negatives)}`,
              },
            ]}
          />
        </div>
      )}
    </div>
  );
}
