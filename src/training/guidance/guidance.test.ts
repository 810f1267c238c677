/** What is said of a run's numbers: each trouble by its name, and nothing where there is none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '../../metrics/metric-value.ts';
import type { EvaluationEvent, TaskEvaluation } from '../events.ts';
import { deviceMisfit } from './device-fit.ts';
import { closingSentence, findings, lossGoodUntil } from './findings.ts';
import { timeLeft } from './time-left.ts';

interface Told {
  readonly auroc: number;
  readonly limit?: number;
  readonly positives?: number;
}

function task(name: string, { auroc, limit, positives = 200 }: Told): TaskEvaluation {
  const value = present(auroc);
  const interval = { low: auroc - 0.005, high: auroc + 0.005 };
  return {
    task: name,
    examples: 2000,
    positives,
    loss: value,
    rce: value,
    nrce: value,
    auroc: value,
    ctr: value,
    pctr: value,
    meanCalibrated: value,
    more: {},
    intervals: {
      loss: interval,
      rce: interval,
      auroc: interval,
      ctr: interval,
      pctr: interval,
      meanCalibrated: interval,
    } as TaskEvaluation['intervals'],
    calibration: { x: [], y: [], counts: [] },
    roc: { x: [], y: [] },
    teacher: limit === undefined ? null : { loss: present(0.1), rce: present(10), auroc: present(limit) },
  };
}

function evaluation(
  step: number,
  heads: Readonly<Record<string, Told>>,
  change: Partial<EvaluationEvent> = {},
): EvaluationEvent {
  return {
    step,
    partition: 'validation',
    stratum: null,
    examples: 2000,
    loss: present(0.3),
    tasks: Object.entries(heads).map(([name, told]) => task(name, told)),
    ...change,
  };
}

const label = (name: string): string => name.toUpperCase();
const kinds = (losses: readonly number[], evaluations: readonly EvaluationEvent[] = []) =>
  findings({ losses, rates: [], evaluations, label }).map(({ kind }) => kind);
const falling = Array.from({ length: 300 }, (_, step) => 0.2 + 0.5 * Math.exp(-step / 50));

describe('findings', () => {
  it('are none of a run that learns', () => {
    expect(kinds(falling, [evaluation(300, { a: { auroc: 0.8, limit: 0.85 } })])).toEqual([]);
    expect(kinds([])).toEqual([]);
  });

  it('name an exploding loss long before it is no number, and when all was well', () => {
    const rising = [...falling.slice(0, 200), ...Array.from({ length: 40 }, (_, i) => 0.2 * 1.1 ** i)];
    const [found] = findings({ losses: rising, rates: [], evaluations: [], label });
    expect(found?.kind).toBe('exploding_loss');
    expect(found?.goodUntil).toBeGreaterThan(180);
    expect(found?.goodUntil).toBeLessThanOrEqual(212);
    expect(found?.mend).toMatch(/half the rate/);
    expect(kinds(Array.from({ length: 249 }, (_, step) => 0.7 + step * 800))).toEqual(['exploding_loss']);
  });

  it('name a loss that flew off before there was a good one', () => {
    const flown = [0.7, 0.9, 50, 1e6, 1e8, 1e7, ...Array.from({ length: 10 }, () => 2)];
    expect(lossGoodUntil([...flown, Number.NaN, Number.NaN])).toBe(2);
    expect(lossGoodUntil([0.7, 0.69, 0.68, Number.NaN])).toBeNull();
    const [found] = findings({ losses: flown, rates: [], evaluations: [], label });
    expect(found).toMatchObject({ kind: 'exploding_loss', goodUntil: 2 });
    expect(found?.seen).toContain('rose to 1.0e8');
    expect(kinds([...flown, ...Array.from({ length: 20 }, () => 0.3)])).toEqual([]);
    expect(kinds([0.7, 1.5, 3, 2])).toEqual([]);
    // Still rising after more steps than are told of together: the least bad of them is not where all was well.
    const on = [0.7, 0.8, ...Array.from({ length: 60 }, (_, step) => 1e5 * 1.05 ** step)];
    expect(lossGoodUntil(on)).toBe(2);
    expect(findings({ losses: on, rates: [], evaluations: [], label })).toMatchObject([
      { kind: 'exploding_loss', goodUntil: 2, mend: expect.stringContaining('start anew with a lower rate') },
    ]);
    // Long after a good while: what it was before counts, not where it began.
    const late = [
      ...falling,
      ...Array.from({ length: 10 }, () => 6e4),
      ...Array.from({ length: 60 }, () => 0.5),
    ];
    const [afterwards] = findings({ losses: late, rates: [], evaluations: [], label });
    expect(afterwards).toMatchObject({ kind: 'exploding_loss', goodUntil: 300 });
    expect(kinds([...late, ...Array.from({ length: 20 }, () => 0.2)])).toEqual([]);
  });

  it('name rates that are all 0, but not where a ramp begins or a part is held still', () => {
    const still = (...rates: readonly (readonly number[])[]) =>
      findings({ losses: [], rates, evaluations: [], label }).map(({ seen }) => seen);
    expect(still([0.1, 0, 0, 0, 0, 0], [0.2, 0, 0, 0, 0, 0])).toEqual([
      expect.stringContaining('Since step 1 every learning rate is 0'),
    ]);
    expect(still([0, 0.1], [0, 0.1])).toEqual([]);
    expect(still([0, 0, 0, 0, 0, 0], [0.1, 0.1, 0.1, 0.1, 0.1, 0.1])).toEqual([]);
    expect(still()).toEqual([]);
  });

  it('do not take noise around a good value for an explosion', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: 100, maxLength: 200 }),
        (noise) => {
          expect(kinds(noise.map((value) => 1 + value))).toEqual([]);
        },
      ),
      { seed: 13, numRuns: 100 },
    );
  });

  it('name a head that answers by chance where there is something to learn', () => {
    const heads = { a: { auroc: 0.8, limit: 0.85 }, b: { auroc: 0.505, limit: 0.8 } };
    expect(kinds(falling, [evaluation(100, heads)])).toEqual([]);
    const [found] = findings({ losses: falling, rates: [], evaluations: [evaluation(300, heads)], label });
    expect(found).toMatchObject({ kind: 'dead_head', tasks: ['b'] });
    expect(found?.seen).toMatch(/^B: after 300 steps .* 0\.505.* 0\.8/);
    expect(kinds(falling, [evaluation(300, { b: { auroc: 0.505, limit: 0.52 } })])).toEqual([]);
    expect(kinds(falling, [evaluation(300, { b: { auroc: 0.5 } })])).toEqual(['dead_head']);
  });

  it('name rare labels, and a head better than anyone can be', () => {
    expect(kinds(falling, [evaluation(300, { a: { auroc: 0.7, limit: 0.8, positives: 3 } })])).toEqual([
      'label_imbalance',
    ]);
    const small = evaluation(300, { a: { auroc: 0.7, limit: 0.8, positives: 13 } }, { examples: 32 });
    expect(kinds(falling, [small])).toEqual(['few_examples']);
    expect(kinds(falling, [evaluation(300, { a: { auroc: 0.93, limit: 0.85 } })])).toEqual(['leak']);
    expect(kinds(falling, [evaluation(300, { a: { auroc: 0.856, limit: 0.85 } })])).toEqual([]);
    expect(kinds(falling, [evaluation(300, { a: { auroc: 0.999 } })])).toEqual(['leak']);
  });

  it('name learning by heart: held-out loss up, training loss down', () => {
    const events = [0.35, 0.29, 0.3, 0.31, 0.32, 0.34].flatMap((loss, i) => [
      evaluation(100 * i, { a: { auroc: 0.7 } }, { loss: present(loss) }),
      evaluation(100 * i, { a: { auroc: 0.7 } }, { partition: 'train', loss: present(0.3 - 0.02 * i) }),
    ]);
    const [found] = findings({ losses: falling, rates: [], evaluations: events, label });
    expect(found).toMatchObject({ kind: 'overfitting' });
    // Where it was best, however long ago.
    expect(found?.seen).toContain('0.29 at step 100, and is 0.34');
    expect(found?.mend).toContain('step 100');
  });
});

describe('the closing sentence', () => {
  it('says what was learned against what the data allows', () => {
    const events = [evaluation(1500, { a: { auroc: 0.8, limit: 0.8 }, b: { auroc: 0.65, limit: 0.8 } })];
    expect(closingSentence(1500, events, label)).toBe(
      'In 1,500 steps the model learned 75 % of what this data allows: AUROC 0.73 on average, of 0.80 that the best possible model reaches, where 0.5 is chance. Nearest to its limit is A (0.80 of 0.80), furthest B (0.65 of 0.80).',
    );
  });

  it('leaves out heads of which too few positives were seen, and takes chance for nothing learned', () => {
    const rare = { auroc: 0.95, limit: 0.9, positives: 3 };
    const told = closingSentence(
      40,
      [evaluation(40, { a: { auroc: 0.6, limit: 0.9 }, b: { auroc: 0.4, limit: 0.9 }, c: rare })],
      label,
    );
    expect(told).toMatch(/learned 0 % .*AUROC 0\.50 on average.*Nearest .* A .*, furthest B /);
    expect(closingSentence(40, [evaluation(40, { c: rare })], label)).toContain('Nearest to its limit is C');
  });

  it('goes without a limit where nobody knows one, and is silent where nothing was measured', () => {
    expect(closingSentence(10, [evaluation(10, { a: { auroc: 0.9 }, b: { auroc: 0.6 } })], label)).toMatch(
      /AUROC of 0\.75 on average.*best A \(0\.90\), least B \(0\.60\)/,
    );
    expect(closingSentence(10, [], label)).toBeNull();
  });
});

describe('a model and a device', () => {
  const production = { stepFlops: 37e9, trainingBytes: 809e6 };
  const smaller = {
    // Half of it is of first layers, which shrink with the width and not with its square.
    narrower: (divisor: number) => ({
      stepFlops: (production.stepFlops * (1 / divisor + 1 / divisor ** 2)) / 2,
      trainingBytes: production.trainingBytes / divisor,
    }),
    withBatch: (examples: number) => ({
      ...production,
      stepFlops: (production.stepFlops * examples) / 128,
    }),
    batch: 128,
  };
  const fit = (kind: 'card' | 'software', memory: number | null) =>
    deviceMisfit(production, { kind, memory }, 1000, smaller);

  it('fit, or it is said before with sizes that do', () => {
    expect(fit('card', 8 * 2 ** 30)).toBeNull();
    const slow = fit('software', null);
    expect(slow?.expected).toMatch(
      /37 GFLOP takes about 15 s on a graphics card imitated in software, all 1,000 steps 4 h/,
    );
    // 5 GFLOP in 2 s: an eighth of the batch is 4.6, a sixth of the width 3.6, a quarter 5.8.
    expect(slow?.fits).toBe('With global_batch_size 16 or layers 1/6 as wide it fits.');
    const large = fit('card', 2 ** 30);
    expect(large?.expected).toMatch(
      /holds 810 MB .* This device has 1,100 MB in all, of which a page can count on half/,
    );
    // Fewer examples take no weights away.
    expect(large?.fits).toBe('With layers 1/2 as wide it fits.');
    expect(fit('card', 2 ** 20)?.fits).toContain('take both');
  });
});

describe('the time left', () => {
  const none = { evaluation: null, checkpoint: null };
  it('counts steps, and the evaluations and checkpoints still to come', () => {
    expect(timeLeft({ step: 100, total: 100, stepsPerSecond: 5, ...none })).toBe(0);
    expect(timeLeft({ step: 0, total: 100, stepsPerSecond: 0, ...none })).toBeNaN();
    expect(timeLeft({ step: 50, total: 100, stepsPerSecond: 5, ...none })).toBe(10);
    const evaluated = { every: 20, seconds: 3 };
    expect(timeLeft({ step: 50, total: 100, stepsPerSecond: 5, ...none, evaluation: evaluated })).toBe(19);
    expect(timeLeft({ step: 50, total: 110, stepsPerSecond: 5, ...none, evaluation: evaluated })).toBe(24);
  });
});
