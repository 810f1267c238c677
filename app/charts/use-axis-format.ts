/** How places on the axis along which runs are drawn read: steps, examples, time. */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { compact, count, duration, dateAndClock, clockTime } from '../format.ts';
import { useSession } from '../session/context.tsx';
import type { Axis } from '../stores/chart-view.ts';

export interface AxisFormat {
  readonly formatX: (value: number) => string;
  readonly ticksX: (value: number) => string;
  readonly wholeX: boolean;
}

const FORMATS: Readonly<Record<Axis, AxisFormat>> = {
  step: { formatX: (value) => `Step ${count(value)}`, ticksX: compact, wholeX: true },
  examples: { formatX: (value) => `${count(value)} examples`, ticksX: compact, wholeX: true },
  relative: { formatX: (value) => `${duration(value)} trained`, ticksX: duration, wholeX: false },
  wall: { formatX: dateAndClock, ticksX: clockTime, wholeX: false },
};

export function useAxisFormat(): AxisFormat {
  const { chartView } = useSession();
  const axis = useStore(chartView, (state) => state.axis);
  return useMemo(() => FORMATS[axis], [axis]);
}
