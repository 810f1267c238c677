/** The table of runs: its numbers, what is found, what stands where; and where a sweep's runs stand on its axes. */
import { describe, expect, it } from 'vitest';
import { runSummary } from '../../src/runs/run-summary.ts';
import { absent, present } from '../../src/metrics/metric-value.ts';
import type { EvaluationEvent, TaskEvaluation } from '../../src/training/events.ts';
import type { RunEntry } from '../../src/workers/runs-protocol.ts';
import { parallelPlaces } from './parallel.ts';
import { headsOfRuns, isShort, metricOf, roomOf, tableRows } from './run-table.ts';
import type { TableChoice } from './run-table.ts';

const evaluation = (step: number, partition: string, aurocs: Readonly<Record<string, number | null>>) =>
  ({
    step,
    partition,
    stratum: null,
    loss: present(0.5),
    tasks: Object.entries(aurocs).map(([task, value]) => ({
      task,
      auroc: value === null ? absent('no positives') : present(value),
      rce: present(1),
      loss: present(0.4),
    })) as unknown as TaskEvaluation[],
  }) as unknown as EvaluationEvent;

function entry(name: string, loss: number | null, auroc: number | null, note = ''): RunEntry {
  const summary =
    auroc === null ? null : runSummary([evaluation(10, 'validation', { like: auroc, reply: null })]);
  return {
    manifest: { id: name, name, note, times: { created: name } },
    status: { phase: 'finished', step: name.length, loss },
    bytes: 100 * name.length,
    checkpoints: [],
    summary,
  } as unknown as RunEntry;
}

const runs = [entry('a', 0.3, 0.7), entry('bb', 0.1, null, 'the good one'), entry('ccc', null, 0.9)];
const choice: TableChoice = {
  text: '',
  metric: 'auroc',
  sorting: { key: 'created', down: true },
  pinned: [],
  agreement: new Map([
    ['bb', 0.5],
    ['a', 0.9],
    ['ccc', null],
  ]),
  differences: new Map([['a', ['train_data.global_batch_size: 64 → 32']]]),
};
const order = (change: Partial<TableChoice>) =>
  tableRows(runs, { ...choice, ...change }).map(({ manifest }) => manifest.id);

describe('runs in a table', () => {
  it('are sorted by any column, those without a number last either way', () => {
    expect(order({})).toEqual(['ccc', 'bb', 'a']);
    expect(order({ sorting: { key: 'loss', down: false } })).toEqual(['bb', 'a', 'ccc']);
    expect(order({ sorting: { key: 'loss', down: true } })).toEqual(['a', 'bb', 'ccc']);
    expect(order({ sorting: { key: 'metric', down: true } })).toEqual(['ccc', 'a', 'bb']);
    expect(order({ sorting: { key: 'head:like', down: false } })).toEqual(['a', 'ccc', 'bb']);
    expect(order({ sorting: { key: 'agreement', down: true } })).toEqual(['a', 'bb', 'ccc']);
    expect(order({ sorting: { key: 'steps', down: true } })).toEqual(['ccc', 'bb', 'a']);
    expect(order({ sorting: { key: 'bytes', down: false } })).toEqual(['a', 'bb', 'ccc']);
  });

  it('are found by words of name, note, state and differences; pinned ones stand on top', () => {
    expect(order({ text: 'GOOD finished' })).toEqual(['bb']);
    expect(order({ text: 'batch_size' })).toEqual(['a']);
    expect(order({ text: 'nothing of it' })).toEqual([]);
    expect(order({ pinned: ['a'] })).toEqual(['a', 'ccc', 'bb']);
  });

  it('have the mean over the heads that have a value, or one head’s', () => {
    const [a, b] = runs;
    expect(metricOf(a?.summary ?? null, 'auroc', null)).toBe(0.7);
    expect(metricOf(a?.summary ?? null, 'auroc', 'reply')).toBeNull();
    expect(metricOf(b?.summary ?? null, 'auroc', null)).toBeNull();
    expect(headsOfRuns(runs)).toEqual(['like', 'reply']);
  });
});

describe('runSummary', () => {
  it('is of the newest held-out evaluation of all examples, else of the training data', () => {
    const events = [
      evaluation(10, 'validation', { like: 0.6 }),
      evaluation(20, 'validation', { like: 0.7 }),
      { ...evaluation(30, 'validation', { like: 0.8 }), stratum: 'lang=1' },
      evaluation(30, 'train', { like: 0.9 }),
    ];
    expect(runSummary(events)).toMatchObject({ step: 20, partition: 'validation' });
    expect(runSummary(events.slice(2))).toMatchObject({ step: 30, partition: 'train' });
    expect(runSummary([])).toBeNull();
  });
});

describe('parallel coordinates', () => {
  it('place numbers by size, by logarithm where they span much, words in order', () => {
    expect(parallelPlaces([1, 2, null, 3]).places).toEqual([0, 0.5, null, 1]);
    expect(parallelPlaces([0.001, 0.1, 10]).places[1]).toBeCloseTo(0.5, 12);
    expect(parallelPlaces(['adam', 'sgd', 'adam'])).toEqual({
      places: [0, 1, 0],
      marks: [
        { value: 'adam', place: 0 },
        { value: 'sgd', place: 1 },
      ],
    });
    expect(parallelPlaces([3, 1, null, 3]).marks).toEqual([
      { value: 1, place: 0 },
      { value: 3, place: 1 },
    ]);
    // One value written over another can't be read: the ends stay.
    expect(parallelPlaces([1, 1.01, 1.5, 1.99, 2]).marks.map(({ value }) => value)).toEqual([1, 1.5, 2]);
    expect(parallelPlaces([6, 5, 4, 3, 2, 1]).marks.map(({ value }) => value)).toEqual([1, 6]);
    expect(parallelPlaces([5, 5]).places).toEqual([0.5, 0.5]);
    expect(parallelPlaces([null]).places).toEqual([null]);
  });
});

describe('room', () => {
  it('is told in runs of the newest one’s size, and short before it is gone', () => {
    const runs = [{ bytes: 100 }, { bytes: 9000 }];
    expect(roomOf({ used: 300, quota: 1250 }, runs)).toEqual({ left: 950, more: 9 });
    expect(isShort({ used: 300, quota: 1250 }, runs)).toBe(false);
    expect(isShort({ used: 800, quota: 1250 }, runs)).toBe(true);
    expect(roomOf({ used: 2000, quota: 1250 }, runs)).toEqual({ left: 0, more: 0 });
    expect(roomOf({ used: 300, quota: 1250 }, [])).toEqual({ left: 950, more: null });
    expect(roomOf({ used: null, quota: 1250 }, runs)).toBeNull();
    expect([isShort(null, runs), isShort({ used: 300, quota: 1250 }, [])]).toEqual([false, false]);
  });
});
