/** A value that a chart takes over in its turn among the page's charts: eight redraws in one frame would hold the page up. */
import { startTransition, useCallback, useEffect, useRef, useState } from 'react';
import { chartTurns } from '../../charts/turns.ts';

export function useInTurn<T>(value: T): T {
  const [taken, setTaken] = useState(value);
  const newest = useRef(value);
  const take = useCallback(() => startTransition(() => setTaken(newest.current)), []);
  useEffect(() => {
    if (newest.current === value) return;
    newest.current = value;
    chartTurns.ask(take);
  }, [value, take]);
  useEffect(() => () => chartTurns.drop(take), [take]);
  return taken;
}
