import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { borderRange, createColumnsStore, withBorder } from './columns.ts';
import type { KeyValue } from './persistence.ts';

describe('a border between columns', () => {
  it('takes from one neighbour what it gives to the other, and makes none too narrow', () => {
    const widths = fc.array(fc.integer({ min: 100, max: 900 }), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(widths, fc.nat(2), fc.integer({ min: -500, max: 3000 }), (before, at, to) => {
        const border = at % (before.length - 1);
        const least = before.map(() => 90);
        const after = withBorder(before, border, to, least);
        const sum = (list: readonly number[]) => list.reduce((total, width) => total + width, 0);
        expect(sum(after)).toBeCloseTo(sum(before), 6);
        after.forEach((width, i) => {
          if (i !== border && i !== border + 1) expect(width).toBe(before[i]);
          expect(width).toBeGreaterThanOrEqual(90);
        });
        const { min, max } = borderRange(before, border, least);
        expect(after[border]).toBe(Math.min(max, Math.max(min, to)));
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe('what was kept', () => {
  it('comes back, and nonsense does not', () => {
    vi.useFakeTimers();
    const map = new Map<string, string>();
    const storage: KeyValue = {
      getItem: (key) => map.get(key) ?? null,
      setItem: (key, value) => void map.set(key, value),
    };
    const store = createColumnsStore(storage);
    store.getState().set('train', [300, 500, 400]);
    store.getState().set('rank', [1, 2]);
    store.getState().set('rank', null);
    vi.runAllTimers();
    vi.useRealTimers();
    expect(createColumnsStore(storage).getState().widths).toEqual({ train: [300, 500, 400] });
    const [key] = [...map.keys()];
    map.set(key ?? '', '{"train":[300,"wide"],"rank":[-1,2],"model":[1],"runs":[0.1,0.2]}');
    expect(createColumnsStore(storage).getState().widths).toEqual({});
  });
});
