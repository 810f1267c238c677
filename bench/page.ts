/** The page that training rows run in: one row a page load, counters installed before any device exists. */
import localProd from '../configs/local_prod.yaml?raw';
import playground from '../configs/playground.yaml?raw';
import productionSchema from '../configs/segdense.json?raw';
import playgroundSchema from '../configs/playground-segdense.json?raw';
import { installGpuCounters } from './gpu-counters.ts';
import type { RankingFigures } from './ranking-page.ts';
import { rankingFigures } from './ranking-page.ts';
import type { Ceilings } from './training/ceilings.ts';
import { ceilings } from './training/ceilings.ts';
import { benchPreset } from './training/presets.ts';
import type { MeasureOptions, RowPreset, TrainingRow } from './training/row.ts';
import type { KernelTime } from './training/profile.ts';
import { kernelTimes } from './training/profile.ts';
import { trainingRow } from './training/trainee.ts';

const counters = installGpuCounters();
const texts = { localProd, playground, productionSchema, playgroundSchema };

export interface BenchPage {
  trainingRow(options: MeasureOptions): Promise<TrainingRow>;
  ceilings(preset: RowPreset): Promise<Ceilings>;
  kernelTimes(preset: RowPreset): Promise<KernelTime[]>;
  rankingFigures(count: number): Promise<RankingFigures>;
}

declare global {
  var bench: BenchPage;
}

globalThis.bench = {
  trainingRow: (options) => trainingRow(options, benchPreset(options.preset, texts), counters),
  ceilings: (preset) => ceilings(benchPreset(preset, texts)),
  kernelTimes: (preset) => kernelTimes(benchPreset(preset, texts)),
  rankingFigures: (count) => rankingFigures(count, benchPreset('playground', texts)),
};
