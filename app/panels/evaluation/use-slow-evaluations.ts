/** The run's evaluations, at most every `interval` ms: a fast GPU evaluates several times a second, and charts are slow. */
import { useEffect, useState } from 'react';
import type { EvaluationEvent } from '../../../src/training/events.ts';
import { CADENCE } from '../../cadence.ts';
import { useSession } from '../../session/context.tsx';

export function useSlowEvaluations(interval: number = CADENCE.evaluations): readonly EvaluationEvent[] {
  const { run } = useSession();
  const [evaluations, setEvaluations] = useState(() => run.getState().evaluations);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const update = (): void => {
      timer = null;
      setEvaluations(run.getState().evaluations);
    };
    const stop = run.subscribe((state, before) => {
      if (state.evaluations === before.evaluations) return;
      if (state.evaluations.length === 0) update();
      else timer ??= setTimeout(update, interval);
    });
    update();
    return () => {
      stop();
      if (timer) clearTimeout(timer);
    };
  }, [run, interval]);
  return evaluations;
}
