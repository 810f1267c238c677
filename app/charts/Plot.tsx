/**
 * A plot of lines, each with its own x (recharts): drawn as SVG, so that it can be taken away as it is. Plots of one view share
 * window and crosshair. Drag chooses a window, Shift and drag moves it, Ctrl and wheel zooms, as two fingers do, a double click shows all;
 * with the focus: arrows move the crosshair, with Shift the window, + and − zoom, 0 shows all.
 */
import { memo, useCallback, useId, useMemo } from 'react';
import { CartesianGrid, LineChart, ReferenceLine, XAxis, YAxis } from 'recharts';
import { useStore } from 'zustand';
import type { ChartViewStore } from '../stores/chart-view.ts';
import { PlotCursor } from './PlotCursor.tsx';
import { pointsOf, valueRange } from './plot-lines.ts';
import type { PlotLine, PlotPoints, Range } from './plot-lines.ts';
import { padded, scaleOf, ticksOf } from './plot-scale.ts';
import type { Scale } from './plot-scale.ts';
import { useWidth } from '../parts/use-width.ts';
import { edgeTick, numberAxis } from './plot-style.tsx';
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
  /** Both axes from 0 to this, with the diagonal, instead of what the values span: until a window is chosen. */
  readonly square?: number;
  readonly dots?: boolean;
  /** Most points of a line; the width in pixels, without it, over three. */
  readonly limit?: number;
}

const LEFT = 52;
const RIGHT = 14;
const TOP = 8;
const BOTTOM = 20;
/** Pixels for a tick's text, beside and above each other. */
const TICK_WIDTH = 72;
const TICK_HEIGHT = 34;

const MARGIN = { top: TOP, right: RIGHT, bottom: 0, left: 0 };
/** Axes are drawn where there are rows; what they span is said by their domains. */
const CORNERS = [{ x: 0 }, { x: 1 }];
const AXIS_LINE = { stroke: 'var(--line-strong)' };
const GOAL = { stroke: 'var(--text-2)', strokeDasharray: '4 3' };

const domainOf = ({ domain: [low, high] }: Scale): [number, number] => [low, high];
/** What of the diagonal lies within the domains; null where it does not cross them. */
function diagonal({ domain: x }: Scale, { domain: y }: Scale) {
  const [from, to] = [Math.max(x[0], y[0]), Math.min(x[1], y[1])];
  return from < to
    ? ([
        { x: from, y: from },
        { x: to, y: to },
      ] as const)
    : null;
}

function Plot(props: PlotProps) {
  const { lines, height, view, logY = false, square, goal, limit, dots = false } = props;
  const { ticks = props.format, ticksX, wholeX = false } = props;
  const window = useStore(view, (state) => state.window);
  const logX = useStore(view, (state) => state.logX) && square === undefined;
  const outliersOut = useStore(view, (state) => state.outliersOut) && square === undefined;
  const [box, width] = useWidth();
  const inner = Math.max(1, width - LEFT - RIGHT);
  const tall = height - TOP - BOTTOM;

  const whole = useMemo(
    (): Range => (square === undefined ? spanOf(lines, logX) : [0, square]),
    [lines, square, logX],
  );
  const shown = useMemo(() => {
    const most = limit ?? Math.max(40, Math.round(inner / 3));
    return lines.map((line) => pointsOf(line, window, most, { x: logX, y: logY }));
  }, [lines, window, inner, limit, logX, logY]);
  const x = useMemo(() => scaleOf(window ?? whole, logX), [window, whole, logX]);
  const y = useMemo((): Scale => {
    if (square !== undefined && window === null) return scaleOf([0, square]);
    const range = valueRange(shown, outliersOut) ?? [0, 1];
    const goaled: Range = goal ? [Math.min(range[0], goal.value), Math.max(range[1], goal.value)] : range;
    return scaleOf(padded(goaled, logY), logY);
  }, [shown, outliersOut, goal, logY, square, window]);
  const across = useMemo(() => (square === undefined ? null : diagonal(x, y)), [square, x, y]);

  const px = useCallback((value: number): number => LEFT + x.place(value) * inner, [x, inner]);
  const py = useCallback((value: number): number => TOP + (1 - y.place(value)) * tall, [y, tall]);
  const xs = useMemo(
    () => ticksOf(x, Math.max(2, Math.floor((width - LEFT) / TICK_WIDTH)), wholeX),
    [x, width, wholeX],
  );
  const ys = useMemo(() => ticksOf(y, Math.max(2, Math.floor((height - BOTTOM) / TICK_HEIGHT))), [y, height]);

  return (
    <div ref={box} className={styles.plot} style={{ height }}>
      {width > 0 && (
        <>
          <div className={styles.picture} data-plot data-legend={legendOf(lines)} aria-hidden="true">
            <LineChart
              width={width}
              height={height}
              margin={MARGIN}
              data={CORNERS}
              accessibilityLayer={false}
              tabIndex={-1}
            >
              <CartesianGrid stroke="var(--line)" vertical={false} horizontalValues={ys} />
              <XAxis
                {...numberAxis}
                dataKey="x"
                height={BOTTOM}
                domain={domainOf(x)}
                scale={x.log ? 'log' : 'linear'}
                ticks={xs}
                axisLine={AXIS_LINE}
                tickFormatter={ticksX}
                tick={edgeTick(width - RIGHT)}
              />
              <YAxis
                {...numberAxis}
                width={LEFT}
                domain={domainOf(y)}
                scale={y.log ? 'log' : 'linear'}
                ticks={ys}
                axisLine={false}
                tickFormatter={ticks}
              />
              {across && <ReferenceLine {...GOAL} segment={across} />}
              {goal && <ReferenceLine {...GOAL} y={goal.value} />}
              {props.marks?.map((mark) => (
                <ReferenceLine
                  key={`${mark.label} ${mark.x}`}
                  x={mark.x}
                  stroke="var(--accent)"
                  strokeOpacity={0.6}
                />
              ))}
              <Lines shown={shown} px={px} py={py} dots={dots} inner={inner} tall={tall} />
            </LineChart>
          </div>
          <PlotCursor {...props} x={x} whole={whole} left={LEFT} inner={inner} py={py} width={width} />
        </>
      )}
    </div>
  );
}

export default memo(Plot);

interface LinesProps {
  readonly shown: readonly PlotPoints[];
  readonly px: (value: number) => number;
  readonly py: (value: number) => number;
  readonly dots: boolean;
  readonly inner: number;
  readonly tall: number;
}

/** Every line by its own x, which a chart's one table of rows has no place for. */
const Lines = memo(function Lines({ shown, px, py, dots, inner, tall }: LinesProps) {
  const clip = useId();
  return (
    <>
      <defs>
        <clipPath id={clip}>
          <rect x={LEFT} y={TOP - 2} width={inner} height={tall + 4} />
        </clipPath>
      </defs>
      <g clipPath={`url(#${clip})`}>
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
    </>
  );
});

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
