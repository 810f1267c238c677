/** Runs beside each other: how many, how each looks, and each line on its own steps along any axis. */
import { describe, expect, it } from 'vitest';
import { axisAt } from '../../src/runs/run-axis.ts';
import { RunSeries } from '../../src/runs/run-series.ts';
import type { RunManifest } from '../../src/runs/manifest.ts';
import { createComparedRunsStore, MAX_RUNS, shownRuns } from './compared-runs.ts';
import type { ComparedRun } from './compared-runs.ts';
import { headLossLines, lossLines, rateLines } from './run-lines.ts';

function run(name: string, steps: number, every = 1): ComparedRun {
  const series = new RunSeries(['like', 'reply'], ['backbone', 'like', 'reply']);
  for (let step = 0; step < steps; step += every) {
    series.append({
      step,
      loss: 1 / (step + 1),
      taskLosses: [2, 3],
      learningRates: [0.1, 0.2, 0.3],
      examples: (step + 1) * 64,
      elapsedMs: (step + 1) * 500,
    });
  }
  const times = { created: '2026-01-01T00:00:00.000Z', started: '2026-01-01T00:01:00.000Z', ended: null };
  return { manifest: { id: name, name, times } as RunManifest, series, evaluations: [] };
}

const START = Date.parse('2026-01-01T00:01:00.000Z');

describe('runs beside each other', () => {
  it('are named only where there are several, the current one first and once', () => {
    const now = run('now', 3);
    expect(shownRuns(now, { runs: [] }).map(({ name }) => name)).toEqual([undefined]);
    const shown = shownRuns(now, { runs: [run('a', 5), now] });
    expect(shown.map(({ name }) => name)).toEqual(['now', 'a']);
    expect(new Set(shown.map(({ color, dash }) => `${color} ${dash}`)).size).toBe(2);
  });

  it('are five at most', () => {
    const runs = ['a', 'b', 'c', 'd', 'e'].map((name) => run(name, 2));
    const shown = shownRuns(run('now', 2), { runs });
    expect(shown).toHaveLength(MAX_RUNS);
    expect(new Set(shown.map(({ color }) => color)).size).toBe(MAX_RUNS);
    expect(shownRuns(null, { runs }).map(({ color }) => color)).not.toContain('var(--accent)');
  });

  it('chosen come back from the storage, nonsense does not', () => {
    const storage = { getItem: () => '{"chosen":["a",7,"b","c","d","e","f"]}', setItem: () => {} };
    expect(createComparedRunsStore(storage).getState().chosen).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

describe('lines', () => {
  const runs = shownRuns(run('now', 4), { runs: [run('other', 10, 3)] });

  it('have each run’s own steps, along steps, examples, training time and clock', () => {
    const xs = (axis: Parameters<typeof lossLines>[1]) =>
      lossLines(runs, axis, 0).map(({ x }) => Array.from(x));
    expect(xs('step')).toEqual([
      [0, 1, 2, 3],
      [0, 3, 6, 9],
    ]);
    expect(xs('examples')[1]).toEqual([64, 256, 448, 640]);
    expect(xs('relative')[1]).toEqual([0.5, 2, 3.5, 5]);
    expect(xs('wall')[0]?.[0]).toBe(START + 500);
  });

  it('are one a head and run, without those switched off; raw values stay behind smoothed ones', () => {
    const lines = headLossLines(runs, 'step', 0.5, ['like']);
    expect(lines.map(({ label, run: name }) => [label, name])).toEqual([
      ['reply', 'now'],
      ['reply', 'other'],
    ]);
    const [loss] = lossLines(runs, 'step', 0.9);
    expect(loss?.values[3]).toBe(0.25);
    expect(loss?.drawn?.values[3]).toBeGreaterThan(0.25);
    const [plain] = lossLines(runs, 'step', 0);
    expect(plain?.drawn?.values).toBe(plain?.values);
    expect(rateLines(runs, 'step').map(({ values }) => values[0])).toEqual([0.1, 0.2, 0.3, 0.1, 0.2, 0.3]);
  });

  it('place an evaluation where its updates are', () => {
    const [, other] = runs;
    if (!other) throw new Error('no other run');
    const at = (axis: Parameters<typeof axisAt>[1], step: number) =>
      axisAt(other.series, axis, other.started, step);
    expect([at('step', 7), at('examples', 7), at('relative', 7), at('wall', 7)]).toEqual([
      7,
      448,
      3.5,
      START + 3500,
    ]);
    expect([at('examples', 0), at('relative', 0), at('wall', 0)]).toEqual([0, 0, START]);
  });
});
