/** Answers follow from numbers; the tour has a word for each of its steps, and stands where it was left. */
import { describe, expect, it } from 'vitest';
import { experimentTexts, tourTexts } from '../texts/story.ts';
import type { ExperimentId } from '../texts/story.ts';
import { answerOf } from './experiments.ts';
import type { Outcome } from './experiments.ts';
import { createTourStore, TOUR } from './tour.ts';

const base: Outcome = {
  loss: 0.2,
  auroc: 0.75,
  like: { ctr: 0.1, pctr: 0.1, auroc: 0.7, guesses: [{ guess: 0.1, examples: 10 }] },
  moved: { tweets: 70, without: 20 },
};
/** Half of the examples each: the mean of what calibration makes of them, not what it makes of their mean. */
const guesses = [
  { guess: 0.2, examples: 5 },
  { guess: 0.8, examples: 5 },
];
const other = (change: Partial<Outcome>): Outcome => ({ ...base, ...change });

describe('an experiment’s answer', () => {
  it.each([
    ['report', base, 1, /20 of 70 tweets/],
    ['report', other({ moved: { tweets: 70, without: 3 } }), 0, /3 of 70/],
    ['rate', other({ loss: 0.15 }), 0, /0\.15 at ten times the rate, and 0\.2 /],
    ['rate', other({ loss: 0.2001 }), 1, /./],
    ['rate', other({ loss: Number.POSITIVE_INFINITY }), 2, /no number at ten times/],
    ['mask', other({ auroc: 0.7 }), 0, /0\.700 against 0\.750/],
    ['mask', other({ auroc: 0.755 }), 1, /./],
    ['serial', other({ auroc: 0.72 }), 2, /a chain lags behind/],
    ['serial', other({ auroc: 0.78 }), 0, /./],
    ['downsampling', other({ like: { ctr: 0.1, pctr: 0.5, auroc: 0.7, guesses } }), 0, /10 %.*50 %.*15\.5 %/],
    ['downsampling', base, 1, /./],
    ['noise', other({ auroc: 0.51 }), 1, /0\.510 on examples it never saw, and 0\.750/],
    ['noise', other({ auroc: 0.7 }), 2, /./],
  ] as const)('%s %#', (id, outcome, holds, text) => {
    const from = id === 'report' ? outcome : base;
    const answer = answerOf(id, from, outcome);
    expect(answer?.holds).toBe(holds);
    expect(answer?.text).toMatch(text);
  });

  it('is none where a run gave nothing', () => {
    const nothing = { loss: 1, auroc: null, like: null, moved: null };
    for (const id of Object.keys(experimentTexts) as ExperimentId[]) {
      if (id !== 'rate') expect(answerOf(id, nothing, nothing)).toBeNull();
    }
  });
});

describe('the tour', () => {
  it('has eight steps with words, each of its own', () => {
    expect(new Set(TOUR.map(({ id }) => id)).size).toBe(8);
    for (const { id } of TOUR) expect(tourTexts[id].text.length).toBeGreaterThan(120);
  });

  it('goes on where it was left, and begins anew behind its end', () => {
    const tour = createTourStore(null);
    expect(tour.getState().active).toBe(false);
    tour.getState().start();
    tour.getState().go(3);
    tour.getState().leave();
    expect(tour.getState()).toMatchObject({ active: false, step: 3 });
    tour.getState().start();
    expect(tour.getState()).toMatchObject({ active: true, step: 3 });
    tour.getState().go(-1);
    expect(tour.getState().step).toBe(0);
    tour.getState().go(TOUR.length);
    expect(tour.getState()).toMatchObject({ active: false, step: 0 });
  });
});
