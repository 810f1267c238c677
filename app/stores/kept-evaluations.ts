/** Which evaluations of a run the page holds in memory: all of a short run, of a long one fewer of the older. */
import type { EvaluationEvent } from '../../src/training/events.ts';

/** Evaluations of one partition and stratum; with their curves they are some 40 KB each. */
const MOST = 120;
/** The newest, all of which stay. */
const NEWEST = 40;

/**
 * The events, less those older ones of each partition and stratum beyond MOST that stand closest together: the first stays,
 * and steps all along, so that a line drawn through them keeps its form. The run's folder has them all.
 */
export function keptEvaluations(events: readonly EvaluationEvent[]): readonly EvaluationEvent[] {
  const groups = new Map<string, EvaluationEvent[]>();
  for (const event of events) {
    const key = `${event.partition} ${event.stratum ?? ''}`;
    const group = groups.get(key);
    if (group) group.push(event);
    else groups.set(key, [event]);
  }
  const dropped = new Set<EvaluationEvent>();
  for (const left of groups.values()) {
    while (left.length > MOST) {
      const gap = (at: number): number => (left[at + 1]?.step ?? 0) - (left[at - 1]?.step ?? 0);
      let closest = 1;
      for (let at = 2; at < left.length - NEWEST; at++) if (gap(at) < gap(closest)) closest = at;
      for (const event of left.splice(closest, 1)) dropped.add(event);
    }
  }
  return dropped.size === 0 ? events : events.filter((event) => !dropped.has(event));
}
