/** Metrics of a head beyond those that an evaluation has fields for (training/events.ts). */
import { averagePrecision } from './average-precision.ts';
import type { HeadMetric } from './head-metric.ts';

export const HEAD_METRICS: readonly HeadMetric[] = [averagePrecision];
