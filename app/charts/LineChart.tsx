/** Lines over training steps (recharts), in a chunk of its own. Animation is off: the data moves by itself. */
import { memo, useMemo } from 'react';
import {
  CartesianGrid,
  Line,
  ReferenceLine,
  LineChart as Recharts,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { TooltipContentProps } from 'recharts';
import { compact, count } from '../format.ts';
import { rawKey } from './chart-rows.ts';
import type { ChartRow } from './chart-rows.ts';
import styles from './LineChart.module.css';
import { axis } from './plot-style.tsx';

export interface LineStyle {
  readonly key: string;
  readonly label: string;
  readonly color: string;
  readonly dash?: string;
}

export interface LineChartProps {
  readonly rows: readonly ChartRow[];
  readonly lines: readonly LineStyle[];
  readonly height: number;
  readonly logarithmic?: boolean;
  /** Draws the raw values behind the smoothed ones. */
  readonly ghosts?: boolean;
  /** How a value reads in the hover and the table. */
  readonly format: (value: number) => string;
  /** How a value reads on the axis; as in the hover without it. */
  readonly ticks?: (value: number) => string;
  /** Charts of one name share their crosshair. */
  readonly sync: string;
  /** Steps at which something was changed. */
  readonly marks?: readonly number[];
}

const NO_MARKS: readonly number[] = [];
const margin = { top: 8, right: 16, bottom: 0, left: 0 };

function LineChart({
  rows,
  lines,
  height,
  logarithmic = false,
  ghosts = false,
  format,
  ticks = format,
  sync,
  marks = NO_MARKS,
}: LineChartProps) {
  const single = rows.length === 1;
  // Only the data changes while training. A part with any new prop makes recharts register it anew, and every part of
  // the chart then renders again, synchronously; measuring which tick labels fit (`interval`) costs as much.
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
          scale={logarithmic ? 'log' : 'linear'}
          domain={['auto', 'auto']}
          axisLine={false}
          tickFormatter={(value: number) => ticks(value)}
          width={44}
          interval={0}
          allowDataOverflow={false}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: 'var(--text-3)', strokeWidth: 1 }}
          content={(props: TooltipContentProps) => (
            <Readout {...props} lines={lines} format={format} ghosts={ghosts} />
          )}
          wrapperStyle={{ zIndex: 6 }}
        />
        {marks.map((step) => (
          <ReferenceLine key={`mark ${step}`} x={step} stroke="var(--text-3)" strokeDasharray="2 3" />
        ))}
        {ghosts &&
          lines.map(({ key, color }) => (
            <Line
              key={rawKey(key)}
              dataKey={rawKey(key)}
              stroke={color}
              strokeOpacity={0.22}
              strokeWidth={1}
              dot={false}
              activeDot={false}
              isAnimationActive={false}
              type="linear"
            />
          ))}
        {lines.map(({ key, color, dash }) => (
          <Line
            key={key}
            dataKey={key}
            stroke={color}
            strokeWidth={1.75}
            {...(dash ? { strokeDasharray: dash } : {})}
            dot={single}
            activeDot={{ r: 3, strokeWidth: 0, fill: color }}
            isAnimationActive={false}
            type="linear"
          />
        ))}
      </>
    ),
    [lines, logarithmic, ghosts, format, ticks, single, marks],
  );
  return (
    <ResponsiveContainer width="100%" height={height} debounce={100}>
      <Recharts
        data={rows as ChartRow[]}
        syncId={sync}
        syncMethod="value"
        margin={margin}
        accessibilityLayer={false}
      >
        {parts}
      </Recharts>
    </ResponsiveContainer>
  );
}

export default memo(LineChart);

interface ReadoutProps extends TooltipContentProps {
  readonly lines: readonly LineStyle[];
  readonly format: (value: number) => string;
  readonly ghosts: boolean;
}

function Readout({ active, payload, lines, format, ghosts }: ReadoutProps) {
  const row = payload?.[0]?.payload as ChartRow | undefined;
  if (!active || !row) return null;
  return (
    <div className={styles.readout}>
      <div className={styles.step}>Step {count(row.x)}</div>
      <table>
        <tbody>
          {lines
            .filter(({ key }) => row[key] !== undefined)
            .map(({ key, label, color }) => (
              <tr key={key}>
                <td>
                  <span className={styles.swatch} style={{ background: color }} />
                  {label}
                </td>
                <td>{format(row[key] as number)}</td>
                {ghosts && (
                  <td className={styles.raw}>
                    {row[rawKey(key)] === undefined ? '' : format(row[rawKey(key)] as number)}
                  </td>
                )}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
