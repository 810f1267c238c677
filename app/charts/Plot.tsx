/**
 * A plot of lines, each with its own x: drawn as SVG, so that it can be taken away as it is. Plots of one view share
 * window and crosshair. Drag chooses a window, Shift and drag moves it, Ctrl and wheel zooms, a double click shows all;
 * with the focus: arrows move the crosshair, with Shift the window, + and − zoom, 0 shows all.
 */
import { memo, useCallback, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { ChartViewStore } from '../stores/chart-view.ts';
import { PlotCursor } from './PlotCursor.tsx';
import { pointsOf, valueRange } from './plot-lines.ts';
import type { PlotLine, PlotPoints, Range } from './plot-lines.ts';
import { padded, scaleOf, ticksOf } from './plot-scale.ts';
import type { Scale } from './plot-scale.ts';
import styles from './Plot.module.css';

export interface PlotProps {
  readonly lines: readonly PlotLine[];
  readonly height: number;
  readonly name: string;
  /** Shared window, crosshair and logarithmic x; without it the plot stands alone. */
  readonly view: ChartViewStore;
  readonly logY?: boolean;
  /** How a value reads at the crosshair. */
  readonly format: (value: number) => string;
  /** How a value reads on the axis; as at the crosshair without it. */
  readonly ticks?: (value: number) => string;
  readonly formatX: (value: number) => string;
  readonly ticksX: (value: number) => string;
  readonly wholeX?: boolean;
  /** A dashed line to reach. */
  readonly goal?: { readonly label: string; readonly value: number } | null;
  /** A thin line at a place on x. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[];
  /** Both axes from 0 to this, with the diagonal, instead of what the values span. */
  readonly square?: number;
  readonly dots?: boolean;
  /** Most points of a line; the width in pixels, without it, over three. */
  readonly limit?: number;
}

const LEFT = 52;
const RIGHT = 14;
const TOP = 8;
const BOTTOM = 20;

function Plot(props: PlotProps) {
  const { lines, height, view, logY = false, square, goal, limit, dots = false } = props;
  const { ticks = props.format, ticksX, wholeX = false } = props;
  const window = useStore(view, (state) => state.window);
  const logX = useStore(view, (state) => state.logX) && square === undefined;
  const outliersOut = useStore(view, (state) => state.outliersOut) && square === undefined;
  const [box, width] = useWidth();
  const clip = useId();
  const inner = Math.max(1, width - LEFT - RIGHT);
  const tall = height - TOP - BOTTOM;
  const own = square === undefined ? window : null;

  const whole = useMemo(
    (): Range => (square === undefined ? spanOf(lines, logX) : [0, square]),
    [lines, square, logX],
  );
  const shown = useMemo(() => {
    const most = limit ?? Math.max(40, Math.round(inner / 3));
    return lines.map((line) => pointsOf(line, own, most, { x: logX, y: logY }));
  }, [lines, own, inner, limit, logX, logY]);
  const x = useMemo(() => scaleOf(own ?? whole, logX), [own, whole, logX]);
  const y = useMemo((): Scale => {
    if (square !== undefined) return scaleOf([0, square]);
    const range = valueRange(shown, outliersOut) ?? [0, 1];
    const goaled: Range = goal ? [Math.min(range[0], goal.value), Math.max(range[1], goal.value)] : range;
    return scaleOf(padded(goaled, logY), logY);
  }, [shown, outliersOut, goal, logY, square]);

  const px = useCallback((value: number): number => LEFT + x.place(value) * inner, [x, inner]);
  const py = useCallback((value: number): number => TOP + (1 - y.place(value)) * tall, [y, tall]);

  return (
    <div ref={box} className={styles.plot} style={{ height }}>
      {width > 0 && (
        <>
          <svg
            width={width}
            height={height}
            className={styles.picture}
            data-plot
            data-legend={legendOf(lines)}
            aria-hidden="true"
          >
            <defs>
              <clipPath id={clip}>
                <rect x={LEFT} y={TOP - 2} width={inner} height={tall + 4} />
              </clipPath>
            </defs>
            <Axes
              x={x}
              y={y}
              px={px}
              py={py}
              width={width}
              height={height}
              ticks={ticks}
              ticksX={ticksX}
              wholeX={wholeX}
            />
            <g clipPath={`url(#${clip})`}>
              {square !== undefined && (
                <line
                  x1={px(0)}
                  y1={py(0)}
                  x2={px(square)}
                  y2={py(square)}
                  stroke="var(--text-2)"
                  strokeDasharray="4 3"
                />
              )}
              {goal && (
                <line
                  x1={LEFT}
                  x2={LEFT + inner}
                  y1={py(goal.value)}
                  y2={py(goal.value)}
                  stroke="var(--text-2)"
                  strokeDasharray="4 3"
                />
              )}
              {props.marks?.map((mark) => (
                <line
                  key={`${mark.label} ${mark.x}`}
                  x1={px(mark.x)}
                  x2={px(mark.x)}
                  y1={TOP}
                  y2={TOP + tall}
                  stroke="var(--accent)"
                  strokeOpacity={0.6}
                >
                  <title>{mark.label}</title>
                </line>
              ))}
              {shown.map((points) => (
                <LineShape
                  key={points.line.key}
                  points={points}
                  px={px}
                  py={py}
                  dots={dots || points.x.length === 1}
                />
              ))}
            </g>
          </svg>
          <PlotCursor {...props} x={x} whole={whole} left={LEFT} inner={inner} py={py} width={width} />
        </>
      )}
    </div>
  );
}

export default memo(Plot);

interface ShapeProps {
  readonly points: PlotPoints;
  readonly px: (value: number) => number;
  readonly py: (value: number) => number;
  readonly dots: boolean;
}

function LineShape({ points: { line, x, y, ghost, band }, px, py, dots }: ShapeProps) {
  const { color, dash, width = 1.75 } = line;
  const path = (values: readonly number[]): string =>
    x.map((at, i) => `${i === 0 ? 'M' : 'L'}${round(px(at))} ${round(py(values[i] as number))}`).join('');
  return (
    <>
      {band && band.length > 1 && (
        <path
          d={`${path(band.map(([, high]) => high))}${x
            .map((at, i) => `L${round(px(at))} ${round(py(band[i]?.[0] ?? NaN))}`)
            .toReversed()
            .join('')}Z`}
          fill={color}
          fillOpacity={0.16}
        />
      )}
      {ghost && <path d={path(ghost)} fill="none" stroke={color} strokeOpacity={0.22} />}
      <path
        d={path(y)}
        fill="none"
        stroke={color}
        strokeWidth={width}
        strokeDasharray={dash === '' ? undefined : dash}
        strokeLinejoin="round"
      />
      {dots &&
        x.map((at, i) => (
          <circle key={i} cx={round(px(at))} cy={round(py(y[i] as number))} r={2.5} fill={color} />
        ))}
    </>
  );
}

interface AxesProps {
  readonly x: Scale;
  readonly y: Scale;
  readonly px: (value: number) => number;
  readonly py: (value: number) => number;
  readonly width: number;
  readonly height: number;
  readonly ticks: (value: number) => string;
  readonly ticksX: (value: number) => string;
  readonly wholeX: boolean;
}

/** Pixels for a tick's text, beside and above each other. */
const TICK_WIDTH = 72;
const TICK_HEIGHT = 34;

function Axes({ x, y, px, py, width, height, ticks, ticksX, wholeX }: AxesProps) {
  const right = width - RIGHT;
  const bottom = height - BOTTOM;
  const xs = ticksOf(x, Math.max(2, Math.floor((width - LEFT) / TICK_WIDTH)), wholeX);
  const ys = ticksOf(y, Math.max(2, Math.floor((height - BOTTOM) / TICK_HEIGHT)));
  return (
    <g fontSize={11} fill="var(--text-3)">
      {ys.map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={right} y1={py(value)} y2={py(value)} stroke="var(--line)" />
          <text x={LEFT - 6} y={py(value)} dy="0.355em" textAnchor="end">
            {ticks(value)}
          </text>
        </g>
      ))}
      <line x1={LEFT} x2={right} y1={bottom} y2={bottom} stroke="var(--line-strong)" />
      {xs.map((value) => (
        <text
          key={value}
          x={Math.min(right, Math.max(LEFT, px(value)))}
          y={height - 5}
          textAnchor={px(value) > right - 24 ? 'end' : px(value) < LEFT + 16 ? 'start' : 'middle'}
        >
          {ticksX(value)}
        </text>
      ))}
    </g>
  );
}

/** For the picture that is taken away: colour, dash and name of each line. */
function legendOf(lines: readonly PlotLine[]): string {
  return lines
    .map(
      ({ color, dash = '', label, run }) =>
        `${color}\t${dash}\t${run === undefined ? label : `${label}, ${run}`}`,
    )
    .join('\n');
}

/** What lines span along x. */
function spanOf(lines: readonly PlotLine[], log: boolean): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const { x } of lines) {
    if (x.length === 0) continue;
    // A logarithmic axis begins at the first place that it has.
    let first = 0;
    while (log && first < x.length - 1 && (x[first] as number) <= 0) first++;
    low = Math.min(low, x[first] as number);
    high = Math.max(high, x[x.length - 1] as number);
  }
  if (!(high >= low)) return [0, 1];
  return high > low ? [low, high] : [low, low + 1];
}

const round = (value: number): number => Math.round(value * 10) / 10;

function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const { current } = box;
    if (!current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return [box, width] as const;
}
