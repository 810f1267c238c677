import { describe, expect, it } from 'vitest';
import type { StepEvent } from '../training/events.ts';
import { RunSeries } from './run-series.ts';
import { smooth } from './smoothing.ts';

const event = (step: number): StepEvent => ({
  step,
  loss: step / 10,
  taskLosses: [step, -step],
  learningRates: [0.1, 0.2, 0.3],
  examples: (step + 1) * 128,
  elapsedMs: step * 50,
});

describe('RunSeries', () => {
  it('keeps every step it is given', () => {
    const series = new RunSeries(['a', 'b'], ['backbone', 'a', 'b']);
    for (let step = 0; step < 1000; step++) series.append(event(step));
    expect(series.length).toBe(1000);
    expect(series.losses[999]).toBeCloseTo(99.9, 12);
    expect(series.taskLosses(1)[700]).toBe(-700);
    expect(series.learningRates(2)[0]).toBe(0.3);
    expect(series.taskLosses(7)).toHaveLength(0);
  });

  it('stays bounded by keeping every second, fourth, … step', () => {
    const series = new RunSeries(['a', 'b'], ['backbone'], 64);
    for (let step = 0; step < 10_000; step++) series.append(event(step));
    expect(series.length).toBeLessThanOrEqual(64);
    expect(series.length).toBeGreaterThan(30);
    const steps = [...series.steps];
    const stride = (steps[1] as number) - (steps[0] as number);
    expect(steps).toEqual(steps.map((_, row) => row * stride));
    for (const [row, step] of steps.entries()) expect(series.losses[row]).toBeCloseTo(step / 10, 9);
  });

  it('goes back to an earlier step, thinned or not, and on from there', () => {
    const series = new RunSeries(['a', 'b'], ['backbone'], 64);
    for (let step = 0; step < 100; step++) series.append(event(step));
    const back = series.before(51);
    expect(back.steps.at(-1)).toBe(50);
    expect(back.taskLosses(1)[25]).toBe(-50);
    for (let step = 51; step < 60; step++) back.append(event(step));
    expect([...back.steps]).toEqual(Array.from({ length: 30 }, (_, row) => 2 * row));
    expect(series.steps.at(-1)).toBe(98);
    expect(series.before(0).length).toBe(0);
    expect(series.before(1000).length).toBe(series.length);
  });
});

describe('what a chart draws of a series', () => {
  it('is the plain computation at any time: appended, thinned, gone back, read from columns', () => {
    const wave = (step: number): StepEvent => ({
      ...event(step),
      loss: Math.sin(step) + 2,
      taskLosses: [1, 3],
    });
    let series = new RunSeries(['a', 'b'], ['backbone'], 128);
    const check = (): void => {
      for (const weight of [0.9, 0]) {
        expect([...series.drawnLosses(weight).values]).toEqual([...smooth(series.losses, weight)]);
      }
      expect([...series.drawnTaskLosses(1, 0.9).values]).toEqual([...smooth(series.taskLosses(1), 0.9)]);
      expect(series.drawnRates(0).values).toHaveLength(series.length);
      expect(series.drawnRates(4).values).toHaveLength(0);
    };
    for (let step = 0; step < 700; step++) {
      series.append(wave(step));
      if (step % 50 === 0) check();
    }
    series = series.before(300);
    check();
    for (let step = 300; step < 330; step++) series.append(wave(step));
    check();
    series = RunSeries.fromColumns(series.toColumns());
    check();
  });
});
