/** How often steps are told, on a clock that the test turns. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StepBuffer } from './step-buffer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const event = (step: number) => ({
  step,
  loss: 1,
  taskLosses: [1],
  learningRates: [0],
  examples: 1,
  elapsedMs: 0,
});

function told() {
  const messages: number[][] = [];
  const buffer = new StepBuffer((events) => messages.push(events.map(({ step }) => step)));
  const add = (...steps: number[]) => steps.forEach((step) => buffer.add(event(step)));
  return { messages, buffer, add };
}

it('tells the first step at once, and what follows it fast in one go', () => {
  const { messages, add } = told();
  add(0);
  expect(messages).toEqual([[0]]);
  add(1, 2);
  vi.advanceTimersByTime(20);
  add(3);
  expect(messages).toEqual([[0]]);
  vi.advanceTimersByTime(30);
  expect(messages).toEqual([[0], [1, 2, 3]]);
});

it('tells slow steps one by one, without a timer', () => {
  const { messages, add } = told();
  for (const step of [0, 1, 2]) {
    vi.advanceTimersByTime(80);
    add(step);
    expect(messages.at(-1)).toEqual([step]);
  }
  expect(vi.getTimerCount()).toBe(0);
});

it('hands over what there is when it is asked, once', () => {
  const { messages, buffer, add } = told();
  add(0, 1);
  buffer.flush();
  buffer.flush();
  vi.advanceTimersByTime(100);
  expect(messages).toEqual([[0], [1]]);
});
