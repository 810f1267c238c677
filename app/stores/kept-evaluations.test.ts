import { describe, expect, it } from 'vitest';
import type { EvaluationEvent } from '../../src/training/events.ts';
import { keptEvaluations } from './kept-evaluations.ts';

const event = (step: number, partition = 'validation'): EvaluationEvent => ({
  step,
  partition,
  stratum: null,
  examples: 8,
  loss: { kind: 'value', value: step },
  tasks: [],
});
const stepsOf = (events: readonly EvaluationEvent[]) => events.map(({ step }) => step);

describe('the evaluations held in memory', () => {
  it('are all of a short run', () => {
    const events = Array.from({ length: 120 }, (_, step) => event(step));
    expect(keptEvaluations(events)).toBe(events);
  });

  it('are bounded however long a run goes on, with the first, the newest, and steps all along', () => {
    let kept: readonly EvaluationEvent[] = [];
    for (let step = 0; step < 5000; step++) {
      kept = keptEvaluations([...kept, event(step), event(step, 'train')]);
      expect(kept.length).toBeLessThanOrEqual(240);
    }
    const steps = stepsOf(kept.filter(({ partition }) => partition === 'validation'));
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(steps[0]).toBe(0);
    expect(steps.slice(-40)).toEqual(Array.from({ length: 40 }, (_, at) => 4960 + at));
    for (const [from, to] of [
      [0, 2500],
      [2500, 5000],
    ] as const) {
      expect(steps.filter((step) => step >= from && step < to).length).toBeGreaterThan(3);
    }
  });

  it('of one partition do not cost another its own', () => {
    const many = Array.from({ length: 200 }, (_, step) => event(step, 'train'));
    const kept = keptEvaluations([event(7), ...many]);
    expect(stepsOf(kept.filter(({ partition }) => partition === 'validation'))).toEqual([7]);
    expect(kept.length).toBeLessThanOrEqual(121);
  });
});
