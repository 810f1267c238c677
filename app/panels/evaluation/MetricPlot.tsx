/** A metric over steps (recharts): held-out against training data, the interval as a band, what to reach as a dashed line. */
import { memo, useMemo } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { TooltipContentProps } from 'recharts';
import { compact, count } from '../../format.ts';
import type { MetricPoint } from '../../stores/evaluation-series.ts';
import { Readout } from '../../charts/Readout.tsx';
import { axis } from '../../charts/plot-style.tsx';

export interface PlotLine {
  readonly key: string;
  readonly label: string;
  readonly color: string;
  readonly dash?: string;
  readonly width?: number;
}

interface MetricPlotProps {
  readonly points: readonly MetricPoint[];
  readonly lines: readonly PlotLine[];
  readonly reference: { readonly label: string; readonly value: number } | null;
  /** The step looked at, marked by a thin line; null for the newest. */
  readonly at: number | null;
  readonly height: number;
  readonly format: (value: number) => string;
}

const margin = { top: 8, right: 16, bottom: 0, left: 0 };

function MetricPlot({ points, lines, reference, at, height, format }: MetricPlotProps) {
  const banded = points.some(({ band }) => band !== undefined);
  const single = points.length === 1;
  const goal = reference?.value ?? null;
  const goalLabel = reference?.label ?? '';
  // Parts that stay the same are not registered anew; see LineChart.
  const parts = useMemo(
    () => (
      <>
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          {...axis}
          dataKey="x"
          type="number"
          domain={['dataMin', 'dataMax']}
          axisLine={{ stroke: 'var(--line-strong)' }}
          tickFormatter={(value: number) => compact(value)}
          height={20}
          interval={0}
          allowDecimals={false}
        />
        <YAxis
          {...axis}
          axisLine={false}
          domain={['auto', 'auto']}
          tickFormatter={(value: number) => format(value)}
          width={50}
          interval={0}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: 'var(--text-3)', strokeWidth: 1 }}
          content={(props: TooltipContentProps) => {
            const point = props.payload?.[0]?.payload as MetricPoint | undefined;
            if (!props.active || !point) return null;
            return (
              <Readout
                title={`Step ${count(point.x)}`}
                rows={[
                  ...lines.flatMap(({ key, label, color }) => {
                    const value = point[key];
                    return typeof value === 'number' ? [{ label, color, text: format(value) }] : [];
                  }),
                  ...(point.band
                    ? [{ label: '95 %', text: `${format(point.band[0])} to ${format(point.band[1])}` }]
                    : []),
                  ...(goal === null
                    ? []
                    : [{ label: goalLabel, color: 'var(--text-3)', text: format(goal) }]),
                ]}
              />
            );
          }}
          wrapperStyle={{ zIndex: 6 }}
        />
        {banded && (
          <Area
            dataKey="band"
            type="linear"
            fill={lines[0]?.color ?? 'var(--accent)'}
            fillOpacity={0.16}
            stroke="none"
            activeDot={false}
            dot={false}
            isAnimationActive={false}
            connectNulls
          />
        )}
        {goal !== null && (
          <ReferenceLine y={goal} stroke="var(--text-2)" strokeDasharray="4 3" ifOverflow="extendDomain" />
        )}
        {at !== null && <ReferenceLine x={at} stroke="var(--accent)" strokeOpacity={0.6} />}
        {lines.map(({ key, color, dash, width = 1.75 }) => (
          <Line
            key={key}
            dataKey={key}
            stroke={color}
            strokeWidth={width}
            {...(dash ? { strokeDasharray: dash } : {})}
            dot={single ? { r: 2.5, fill: color, strokeWidth: 0 } : false}
            activeDot={{ r: 3, strokeWidth: 0, fill: color }}
            isAnimationActive={false}
            type="linear"
            connectNulls
          />
        ))}
      </>
    ),
    [lines, goal, goalLabel, at, format, banded, single],
  );
  return (
    <ResponsiveContainer width="100%" height={height} debounce={100}>
      <ComposedChart
        data={points as MetricPoint[]}
        syncId="evaluation"
        syncMethod="value"
        margin={margin}
        accessibilityLayer={false}
      >
        {parts}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

export default memo(MetricPlot);
