import { describe, expect, it } from 'vitest';
import { changedRates, RATE_KEY, rateKey, withChange } from '../live-changes.ts';
import type { LiveChange } from '../live-changes.ts';
import { halvedRates, wayBack } from './way-back.ts';

const CHECKPOINTS = [10, 20, 30];
const RATES = { backbone: 1, a: 1, b: 1 };

/** What going back to a step at half the rates makes of the changes. */
function wentBack(changes: readonly LiveChange[], step: number): readonly LiveChange[] {
  return halvedRates(changes, step).reduce((all, change) => withChange(all, { step, ...change }), changes);
}

describe('the way back', () => {
  it('is the newest checkpoint, then the one before each that failed too, at half the rate that failed', () => {
    let changes: readonly LiveChange[] = [];
    let kept: readonly number[] = CHECKPOINTS;
    const ways: unknown[] = [];
    for (let failed = 0; failed < 4; failed++) {
      const step = wayBack(kept, changes) ?? Number.NaN;
      // What came after it goes once the run trains on.
      kept = kept.filter((checkpoint) => checkpoint <= step);
      changes = wentBack(changes, step);
      ways.push([step, changedRates(changes, step, RATES)['backbone']]);
    }
    expect(ways).toEqual([
      [30, 0.5],
      [20, 0.25],
      [10, 0.125],
      // Nothing older is kept: the first again, lower.
      [10, 0.0625],
    ]);
  });

  it('is none without a checkpoint, and is not shut by changes of other settings', () => {
    expect(wayBack([], [])).toBeNull();
    expect(wayBack(CHECKPOINTS, [{ step: 30, key: 'batch_size', value: 8 }])).toBe(30);
    expect(wayBack(CHECKPOINTS, [{ step: 30, key: rateKey('a'), value: 8 }])).toBe(20);
  });
});

describe('half the rates', () => {
  it('are half of what held at the step, not of a raise that came after it', () => {
    const changes = [
      { step: 10, key: RATE_KEY, value: 0.5 },
      { step: 90, key: RATE_KEY, value: 8 },
    ];
    expect(halvedRates(changes, 50)).toEqual([{ key: RATE_KEY, value: 0.25 }]);
  });

  it('keep what was turned down by itself below the others', () => {
    const changes = [{ step: 5, key: rateKey('a'), value: 0.1 }];
    expect(changedRates(wentBack(changes, 20), 20, RATES)).toEqual({ backbone: 0.5, a: 0.05, b: 0.5 });
    expect(changedRates(wentBack(changes, 0), 0, RATES)).toEqual({ backbone: 0.5, a: 0.05, b: 0.5 });
  });
});
