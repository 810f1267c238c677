/** How the axes of all plots look. */
import type { BaseTickContentProps } from 'recharts';

/**
 * A tick's label as it is. Recharts' own measures each text in the page to break it into lines, and every measurement
 * lays the page out: the larger part of a chart's redraw.
 */
function tick({ x, y, payload, index, textAnchor, verticalAnchor, tickFormatter }: BaseTickContentProps) {
  const value: unknown = payload.value;
  return (
    <text
      x={x}
      y={y}
      dy={verticalAnchor === 'start' ? '0.71em' : '0.355em'}
      textAnchor={textAnchor}
      fontSize={11}
      fill="var(--text-3)"
    >
      {tickFormatter ? tickFormatter(value, index) : String(value)}
    </text>
  );
}

export const axis = { tick, tickLine: false } as const;
