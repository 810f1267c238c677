/** How places on the axis along which runs are drawn read: steps, examples, time. */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { compact, count, duration, dateAndClock, clockTime } from '../format.ts';
import { useSession } from '../session/context.tsx';
import type { Axis } from '../stores/chart-view.ts';
import { chartTexts } from '../texts/chart.ts';

export interface AxisFormat {
  readonly formatX: (value: number) => string;
  readonly ticksX: (value: number) => string;
  readonly wholeX: boolean;
}

const FORMATS: Readonly<Record<Axis, AxisFormat>> = {
  step: { formatX: (value) => chartTexts.step(count(value)), ticksX: compact, wholeX: true },
  examples: { formatX: (value) => chartTexts.examples(count(value)), ticksX: compact, wholeX: true },
  relative: { formatX: (value) => chartTexts.trained(duration(value)), ticksX: duration, wholeX: false },
  wall: { formatX: dateAndClock, ticksX: clockTime, wholeX: false },
};

export function useAxisFormat(): AxisFormat {
  const { chartView } = useSession();
  const axis = useStore(chartView, (state) => state.axis);
  return useMemo(() => FORMATS[axis], [axis]);
}
