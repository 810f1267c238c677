/** The time left against what a recorded run really took: its steps, evaluations and checkpoints, one after another. */
import { describe, expect, it } from 'vitest';
import { RunSeries } from '../../src/runs/run-series.ts';
import { timeLeft } from '../../src/training/guidance/time-left.ts';
import { speedOf } from './run.ts';

const TOTAL = 1500;
const EVERY = { evaluation: 100, checkpoint: 250 };

/** As recorded: a slow first step that compiles, unequal steps, longer ones now and then, unequal evaluations. */
function recorded(medianMs: number) {
  let state = 7;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  return {
    step: (step: number): number =>
      step === 0
        ? 40 * medianMs
        : medianMs * (0.7 + 0.6 * random()) * (step % 97 === 0 ? 4 : 1) * (1 + (0.1 * step) / TOTAL),
    evaluation: (): number => 30 * medianMs * (0.9 + 0.2 * random()),
    checkpoint: (): number => 5 * medianMs * (0.8 + 0.4 * random()),
  };
}

describe('the time left', () => {
  it.each([8, 60, 700])('is right within 20 %% all along a run of %i ms a step', (medianMs) => {
    const takes = recorded(medianMs);
    const series = new RunSeries(['like'], ['backbone']);
    const spent: { evaluation?: number; checkpoint?: number } = {};
    const told: { readonly at: number; readonly left: number }[] = [];
    let trained = 0;
    let clock = 0;
    for (let step = 0; step < TOTAL; step++) {
      const ms = takes.step(step);
      trained += ms;
      clock += ms;
      series.append({
        step,
        loss: 1,
        taskLosses: [1],
        learningRates: [0.1],
        elapsedMs: trained,
        examples: 128 * (step + 1),
      });
      for (const kind of ['evaluation', 'checkpoint'] as const) {
        if ((step + 1) % EVERY[kind] !== 0 && step + 1 < TOTAL) continue;
        const ms = takes[kind]();
        spent[kind] = ms / 1000;
        clock += ms;
      }
      const regular = (kind: 'evaluation' | 'checkpoint') => {
        const seconds = spent[kind];
        return seconds === undefined ? null : { every: EVERY[kind], seconds };
      };
      const left = timeLeft({
        step: step + 1,
        total: TOTAL,
        stepsPerSecond: speedOf(series).stepsPerSecond,
        evaluation: regular('evaluation'),
        checkpoint: regular('checkpoint'),
      });
      // Before the first of each nobody can know what they take.
      if (step + 1 > EVERY.checkpoint && step % 25 === 0) told.push({ at: clock, left });
    }
    const wrong = told.filter(({ at, left }) => {
      const really = (clock - at) / 1000;
      return Math.abs(left - really) > 0.2 * really + 0.02 * (clock / 1000);
    });
    expect(told.length).toBeGreaterThan(40);
    expect(wrong).toEqual([]);
  });
});
