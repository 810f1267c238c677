import { describe, expect, it } from 'vitest';
import { RunSeries } from '../../src/runs/run-series.ts';
import { nextWords, runWords } from './run-words.ts';
import type { Told } from './run-words.ts';

/** @param ms of training a step takes. */
function series(steps: number, ms: number, loss: (step: number) => number): RunSeries {
  const rows = new RunSeries(['like'], ['backbone']);
  for (let step = 0; step < steps; step++) {
    rows.append({
      step,
      loss: loss(step),
      taskLosses: [loss(step)],
      learningRates: [0.1],
      elapsedMs: (step + 1) * ms,
      examples: 64 * (step + 1),
    });
  }
  return rows;
}

describe('runWords', () => {
  it('says step, loss against its beginning and time left', () => {
    const half = series(500, 100, (step) => 1 - step / 2000);
    expect(runWords(half, 1000)).toBe(
      'Step 500 of 1,000. Loss 0.755, down from 0.995. About 50 seconds left.',
    );
    expect(runWords(half, 10_000)).toContain('About 16 minutes left.');
    expect(
      runWords(
        series(10, 100, (step) => 1 + step),
        10,
      ),
    ).toBe('Step 10 of 10. Loss 10.00, up from 1.000.');
  });

  it('says nothing before the first step', () => {
    expect(
      runWords(
        series(0, 1, () => 1),
        10,
      ),
    ).toBe('');
  });
});

describe('nextWords', () => {
  it('speaks at tenths of the run, never within ten seconds of the last time', () => {
    const said: number[] = [];
    let told: Told | null = null;
    for (let steps = 1; steps <= 1000; steps++) {
      const next = nextWords(
        series(steps, 50, () => 1),
        1000,
        told,
      );
      if (next) {
        said.push(steps);
        told = next.told;
      }
    }
    // 50 s of training: after 5 s, then each 10 s at the next tenth.
    expect(said).toEqual([100, 300, 500, 700, 900]);
  });

  it('says nothing of a run that is over within seconds', () => {
    expect(
      nextWords(
        series(20, 10, () => 1),
        20,
        null,
      ),
    ).toBeNull();
  });
});
