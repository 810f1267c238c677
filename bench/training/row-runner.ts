import type { AdapterDescription } from '../browser.ts';
import type { Ceilings } from './ceilings.ts';
import type { KernelTime } from './profile.ts';
import type { MeasureOptions, RowEngine, RowPreset, TrainingRow } from './row.ts';

/** Where rows are measured: each in a fresh page, or in a fresh process. */
export interface RowRunner {
  readonly adapter: AdapterDescription;
  /** Engines that can run there. */
  readonly engines: readonly RowEngine[];
  ceilings(preset: RowPreset): Promise<Ceilings>;
  kernels(preset: RowPreset): Promise<KernelTime[]>;
  row(options: MeasureOptions): Promise<TrainingRow>;
  close(): Promise<void>;
}
