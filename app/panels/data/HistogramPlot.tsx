/** Two distributions side by side (recharts): a feature among positives and among negatives. */
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { TooltipContentProps } from 'recharts';
import { axis } from '../../charts/plot-style.tsx';
import { Readout } from '../../charts/Readout.tsx';
import { compact, count, percent, significant } from '../../format.ts';
import type { HistogramBar } from '../../stores/histogram.ts';
import { explorerTexts } from '../../texts/data-explorer.ts';

interface HistogramPlotProps {
  readonly bars: readonly HistogramBar[];
  readonly label: string;
  readonly color: string;
  readonly unit: string;
  readonly height: number;
}

export function HistogramPlot({ bars, label, color, unit, height }: HistogramPlotProps) {
  const flag = bars.length === 2 && bars[0]?.to === 0.5;
  const edge = (value: number): string => (Math.abs(value) >= 100 ? compact(value) : significant(value, 2));
  const rows = bars.map((bar, at) => ({
    ...bar,
    name: flag ? (at === 0 ? explorerTexts.no : explorerTexts.yes) : edge(bar.from),
  }));
  return (
    <div data-plot aria-hidden="true">
      <ResponsiveContainer width="100%" height={height} debounce={100}>
        <BarChart
          data={rows}
          margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
          barGap={0}
          barCategoryGap="12%"
          accessibilityLayer={false}
        >
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis
            {...axis}
            dataKey="name"
            axisLine={{ stroke: 'var(--line-strong)' }}
            height={20}
            minTickGap={16}
            allowDuplicatedCategory
          />
          <YAxis {...axis} axisLine={false} width={56} tickFormatter={(value: number) => percent(value)} />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: 'var(--sunken)' }}
            content={(props: TooltipContentProps) => {
              const bar = props.payload?.[0]?.payload as (HistogramBar & { name: string }) | undefined;
              if (!props.active || !bar) return null;
              const title = flag ? bar.name : explorerTexts.bar(edge(bar.from), edge(bar.to), unit);
              return (
                <Readout
                  title={title}
                  rows={[
                    {
                      label,
                      color,
                      text: explorerTexts.barValue(percent(bar.positiveShare), count(bar.positives)),
                    },
                    {
                      label: explorerTexts.others,
                      color: 'var(--line-strong)',
                      text: explorerTexts.barValue(percent(bar.negativeShare), count(bar.negatives)),
                    },
                  ]}
                />
              );
            }}
          />
          <Bar dataKey="negativeShare" fill="var(--line-strong)" isAnimationActive={false} />
          <Bar dataKey="positiveShare" fill={color} isAnimationActive={false} />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}
