/** A curve in the unit square or a part of it (recharts): calibration bins or an ROC, against the diagonal. */
import { memo, useMemo } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { TooltipContentProps } from 'recharts';
import { count, percent } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import type { CurvePoint } from '../../stores/evaluation-series.ts';
import { axis } from '../../charts/plot-style.tsx';
import { Readout } from '../../charts/Readout.tsx';

interface CurvePlotProps {
  readonly points: readonly CurvePoint[];
  readonly heads: readonly string[];
  /** The square's side: 1, or less where all values are small. */
  readonly max: number;
  /** Names of x and y for the hover. */
  readonly xName: string;
  readonly yName: string;
  /** Draws a dot a point: bins, against a curve of many points. */
  readonly dots: boolean;
  readonly height: number;
}

const share = (value: number): string => `${Number((value * 100).toPrecision(2))} %`;
const margin = { top: 8, right: 16, bottom: 0, left: 0 };

function CurvePlot({ points, heads, max, xName, yName, dots, height }: CurvePlotProps) {
  const shown = heads.join(' ');
  // Parts that stay the same are not registered anew; see LineChart.
  const parts = useMemo(() => {
    const scale = {
      ...axis,
      type: 'number',
      domain: [0, max],
      tickFormatter: share,
      tickCount: 5,
      interval: 0,
    } as const;
    return (
      <>
        <CartesianGrid stroke="var(--line)" />
        <XAxis
          {...scale}
          dataKey="x"
          axisLine={{ stroke: 'var(--line-strong)' }}
          height={20}
          allowDataOverflow
        />
        <YAxis {...scale} axisLine={false} width={50} allowDataOverflow />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: 'var(--text-3)', strokeWidth: 1 }}
          content={(props: TooltipContentProps) => {
            const point = props.payload?.[0]?.payload as CurvePoint | undefined;
            if (!props.active || !point) return null;
            const { label, color } = headStyle(point.task);
            const y = point[point.task];
            return (
              <Readout
                title={label}
                rows={[
                  { label: xName, text: percent(point.x) },
                  { label: yName, color, text: typeof y === 'number' ? percent(y) : '–' },
                  ...(point.examples === undefined
                    ? []
                    : [{ label: 'Examples', text: count(point.examples) }]),
                ]}
              />
            );
          }}
          wrapperStyle={{ zIndex: 6 }}
        />
        <ReferenceLine
          segment={[
            { x: 0, y: 0 },
            { x: max, y: max },
          ]}
          stroke="var(--text-2)"
          strokeDasharray="4 3"
        />
        {(shown === '' ? [] : shown.split(' ')).map((task) => {
          const { color, dash } = headStyle(task);
          return (
            <Line
              key={task}
              dataKey={task}
              stroke={color}
              strokeWidth={1.75}
              {...(dash ? { strokeDasharray: dash } : {})}
              dot={dots ? { r: 2.5, fill: color, strokeWidth: 0 } : false}
              activeDot={{ r: 3.5, strokeWidth: 0, fill: color }}
              isAnimationActive={false}
              type="linear"
              connectNulls
            />
          );
        })}
      </>
    );
  }, [shown, max, xName, yName, dots]);
  return (
    <ResponsiveContainer width="100%" height={height} debounce={100}>
      <LineChart data={points as CurvePoint[]} margin={margin} accessibilityLayer={false}>
        {parts}
      </LineChart>
    </ResponsiveContainer>
  );
}

export default memo(CurvePlot);
