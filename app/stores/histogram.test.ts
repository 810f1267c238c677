import { expect, it } from 'vitest';
import { histogramBars, histogramTable } from './histogram.ts';

const counted = { feature: 'likes', edges: [0, 1, 10, 100], positives: [1, 0, 3], negatives: [50, 30, 20] };

it('shows shares within each class: few positives are as tall as many negatives', () => {
  const bars = histogramBars(counted);
  expect(bars.map(({ from, to }) => [from, to])).toEqual([
    [0, 1],
    [1, 10],
    [10, 100],
  ]);
  expect(bars.map(({ positiveShare }) => positiveShare)).toEqual([0.25, 0, 0.75]);
  expect(bars.map(({ negativeShare }) => negativeShare)).toEqual([0.5, 0.3, 0.2]);
  expect(
    histogramBars({ ...counted, positives: [0, 0, 0] }).map(({ positiveShare }) => positiveShare),
  ).toEqual([0, 0, 0]);
  const { columns, rows } = histogramTable(bars);
  expect(columns).toHaveLength(6);
  expect(rows[2]).toEqual([10, 100, 3, 20, 0.75, 0.2]);
});
