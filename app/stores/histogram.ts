/** A feature's histogram by label as bars and as a table: shares within each class, since positives are rare. */
import type { FeatureHistogram } from '../../src/workers/protocol.ts';
import type { TwinTable } from './twin-table.ts';
import { chartTexts } from '../texts/chart.ts';

export interface HistogramBar {
  readonly from: number;
  readonly to: number;
  /** Examples in the bin. */
  readonly positives: number;
  readonly negatives: number;
  /** Share of all positives (negatives) that lie in the bin, 0 to 1. */
  readonly positiveShare: number;
  readonly negativeShare: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export function histogramBars({ edges, positives, negatives }: FeatureHistogram): HistogramBar[] {
  const [allPositives, allNegatives] = [sum(positives), sum(negatives)];
  return positives.map((n, bin) => ({
    from: edges[bin] ?? NaN,
    to: edges[bin + 1] ?? NaN,
    positives: n,
    negatives: negatives[bin] ?? 0,
    positiveShare: allPositives > 0 ? n / allPositives : 0,
    negativeShare: allNegatives > 0 ? (negatives[bin] ?? 0) / allNegatives : 0,
  }));
}

export function histogramTable(bars: readonly HistogramBar[]): TwinTable {
  return {
    columns: [
      chartTexts.columns.from,
      chartTexts.columns.to,
      chartTexts.columns.positives,
      chartTexts.columns.negatives,
      chartTexts.columns.shareOfPositives,
      chartTexts.columns.shareOfNegatives,
    ],
    rows: bars.map((bar) => [
      bar.from,
      bar.to,
      bar.positives,
      bar.negatives,
      bar.positiveShare,
      bar.negativeShare,
    ]),
  };
}
