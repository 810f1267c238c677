/** Whose weights the list shows, and when that changes by itself. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { calmDay } from '../../src/ranking/scenarios/calm-day.ts';
import { createRankingStore, rankedBy, withSnapshot } from './ranking.ts';
import type { RankedBy, Snapshot } from './ranking.ts';
import { memoryStorage } from './testing.ts';

const tweets = calmDay.tweets;
const snapshot = (step: number, untrained = step === 0): Snapshot => ({
  step,
  tasks: ['like'],
  probabilities: new Float32Array(tweets.length).fill(0.1),
  untrained,
});
const ready = { kind: 'ready', snapshot: snapshot(1500) } as const;

/** A ranking and what it shows. */
function ranking() {
  const store = createRankingStore(tweets);
  const shown = (misfit: string | null = null) => rankedBy(store.getState(), misfit);
  return { ...store.getState(), by: (misfit?: string | null): RankedBy => shown(misfit).by, shown };
}

it('comes back with the tool that was open, and with the first where nonsense was kept', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const storage = memoryStorage();
  createRankingStore(tweets, storage).getState().show('heuristics');
  vi.runAllTimers();
  expect(createRankingStore(tweets, storage).getState().tool).toBe('heuristics');
  for (const key of storage.kept.keys()) storage.kept.set(key, '{"tool":"hammer"}');
  expect(createRankingStore(tweets, storage).getState().tool).toBe('why');
});

describe('whose weights the list shows', () => {
  it('is the pretrained as soon as they are there, then yours when training begins', () => {
    const { addSnapshot, setPretrained, by, shown } = ranking();
    // Its place is kept before it comes; nothing is kept for what will not come.
    expect(shown()).toMatchObject({ by: 'pretrained', snapshot: null });
    expect(by('Another model.')).toBe('untrained');
    setPretrained(ready);
    expect(shown()).toMatchObject({ by: 'pretrained', snapshot: ready.snapshot });
    addSnapshot(snapshot(0));
    expect(by()).toBe('pretrained');
    addSnapshot(snapshot(5));
    expect(shown()).toMatchObject({ by: 'yours', snapshot: { step: 5 } });
  });

  it('is what a person chose, until a run begins to train', () => {
    const { addSnapshot, setPretrained, choose, clear, by } = ranking();
    setPretrained(ready);
    addSnapshot(snapshot(0));
    choose('untrained');
    expect(by()).toBe('untrained');
    addSnapshot(snapshot(5));
    expect(by()).toBe('yours');
    choose('pretrained');
    addSnapshot(snapshot(10));
    expect(by()).toBe('pretrained');
    clear();
    addSnapshot(snapshot(0));
    addSnapshot(snapshot(5));
    expect(by()).toBe('yours');
  });

  it('is a checkpoint while its run is there, and what is pinned and recorded is that run’s', () => {
    const store = createRankingStore(tweets);
    const { addSnapshot, choose, clear } = store.getState();
    addSnapshot(snapshot(0));
    addSnapshot(snapshot(5));
    addSnapshot(snapshot(10));
    choose({ checkpoint: 5 });
    expect(rankedBy(store.getState(), null)).toMatchObject({ by: 'yours', at: { checkpoint: 5 } });
    expect(store.getState().history.map(({ step }) => step)).toEqual([0, 5, 10]);
    addSnapshot(snapshot(5));
    expect(store.getState().history.map(({ step }) => step)).toEqual([0, 5]);
    clear();
    expect(store.getState()).toMatchObject({ chosen: null, history: [], pins: {} });
  });

  it('keeps a bounded history, the first and the newest in it', () => {
    let history: readonly Snapshot[] = [];
    for (let step = 0; step < 40; step++) history = withSnapshot(history, snapshot(step), 8);
    expect(history.length).toBeLessThanOrEqual(8);
    expect([history[0]?.step, history.at(-1)?.step]).toEqual([0, 39]);
  });

  it('is imported weights at once', () => {
    const { addSnapshot, setPretrained, by } = ranking();
    setPretrained(ready);
    addSnapshot(snapshot(0, false));
    expect(by()).toBe('yours');
  });

  it('is the untrained where the pretrained are of another model or cannot be read, and the chip says why', () => {
    const { addSnapshot, setPretrained, choose, shown } = ranking();
    expect(shown().unavailable.pretrained).toContain('being read');
    setPretrained(ready);
    addSnapshot(snapshot(0));
    choose('pretrained');
    expect(shown('Another model.')).toMatchObject({
      by: 'untrained',
      unavailable: { untrained: null, pretrained: 'Another model.' },
    });
    setPretrained({ kind: 'failed', message: 'No network.' });
    expect(shown()).toMatchObject({ by: 'untrained', unavailable: { pretrained: 'No network.' } });
    expect(shown().unavailable.yours).toContain('Train');
  });
});
