/** How the axes of all plots look. */
import type { ReactElement } from 'react';
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

/** Pixels from an end of the x axis within which a label keeps to its inside. */
const EDGE = { left: 16, right: 24 };
const LEFT_END = 52;

/** A tick whose label stays within the plot, which ends at `right`. */
export const edgeTick =
  (right: number) =>
  (props: BaseTickContentProps): ReactElement => {
    const x = Number(props.x);
    const anchor = x > right - EDGE.right ? 'end' : x < LEFT_END + EDGE.left ? 'start' : 'middle';
    return tick({ ...props, textAnchor: anchor });
  };

export const axis = { tick, tickLine: false } as const;

/** An axis of numbers whose span and ticks are given. */
export const numberAxis = { ...axis, type: 'number', interval: 0, allowDataOverflow: true } as const;
