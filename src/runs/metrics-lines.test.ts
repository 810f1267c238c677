import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MetricsLineError, parseStepLine, stepLine } from './metrics-lines.ts';
import { NAMES, stepEvent } from './testing.ts';

it('gives every step back as it was, the time to a tenth of a millisecond', () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  const event = fc.record({
    step: fc.nat(),
    loss: number,
    taskLosses: fc.tuple(number, number),
    learningRates: fc.tuple(number, number, number),
    examples: fc.nat(),
    elapsedMs: fc.nat(1e9).map((tenths) => tenths / 10),
  });
  fc.assert(
    fc.property(event, (step) => {
      const line = stepLine(step, NAMES);
      expect(line.indexOf('\n')).toBe(line.length - 1);
      // JSON has one zero.
      const plain = JSON.parse(JSON.stringify(step)) as typeof step;
      expect(parseStepLine(line, 1, NAMES)).toEqual(plain);
    }),
    { seed: 11, numRuns: 300 },
  );
});

it('reads the lines of older versions and of train.py, which say less and more', () => {
  const {
    elapsed_ms: _time,
    examples: _examples,
    ...less
  } = JSON.parse(stepLine(stepEvent(4), NAMES)) as Record<string, unknown>;
  expect(parseStepLine(JSON.stringify({ ...less, extra: 1 }), 1, NAMES)).toEqual({
    ...stepEvent(4),
    examples: 0,
    elapsedMs: 0,
  });
});

it.each([
  ['{"step":1', /line 7: this is no JSON/],
  ['7', /line 7: .*missing or no number/],
  ['{"step":1,"loss":null,"task_losses":{},"learning_rates":{}}', /line 7: loss is missing/],
  [
    stepLine(stepEvent(1), { ...NAMES, tasks: ['a', 'other'] }),
    /line 7: it has no "b"\. It is another model's/,
  ],
])('refuses %s with its line', (line, message) => {
  expect(() => parseStepLine(line, 7, NAMES)).toThrow(message);
  expect(() => parseStepLine(line, 7, NAMES)).toThrow(MetricsLineError);
});
