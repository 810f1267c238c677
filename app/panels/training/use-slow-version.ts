/** The series' version, at most every `interval` ms: drawing a chart costs more than reading a number. */
import { startTransition, useEffect, useState } from 'react';
import { chartTurns } from '../../charts/turns.ts';
import { useSession } from '../../session/context.tsx';

export function useSlowVersion(interval: number): number {
  const { run } = useSession();
  const [version, setVersion] = useState(() => run.getState().version);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const update = (): void => {
      timer = null;
      // In slices: a chart's rendering may wait for a click.
      startTransition(() => setVersion(run.getState().version));
    };
    const stop = run.subscribe((state, before) => {
      if (state.version === before.version) return;
      if (state.series !== before.series) update();
      else timer ??= setTimeout(() => chartTurns.ask(update), interval);
    });
    update();
    return () => {
      stop();
      if (timer) clearTimeout(timer);
      chartTurns.drop(update);
    };
  }, [run, interval]);
  return version;
}
