import { describe, expect, it } from 'vitest';
import { RunSeries } from '../../stores/run-series.ts';
import { metricsCsv, metricsJson } from './metrics-files.ts';

const series = new RunSeries(['a,b'], ['backbone', 'a,b']);
series.append({
  step: 0,
  loss: 0.5,
  taskLosses: [0.5],
  learningRates: [0, 0.01],
  examples: 128,
  elapsedMs: 7,
});

describe('metrics files', () => {
  it('writes one line a step, quoting names with commas', () => {
    expect(metricsCsv(series)).toBe(
      'step,examples,elapsed_ms,loss,"loss/a,b",learning_rate/backbone,"learning_rate/a,b"\n0,128,7,0.5,0.5,0,0.01\n',
    );
  });

  it("writes the terminal's names", () => {
    expect(JSON.parse(metricsJson(series, []))).toEqual({
      steps: [
        { step: 0, loss: 0.5, task_losses: { 'a,b': 0.5 }, learning_rates: { backbone: 0, 'a,b': 0.01 } },
      ],
      evaluations: [],
    });
  });
});
