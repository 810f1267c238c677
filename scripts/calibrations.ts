/**
 * Makes src/data/synthesis/kept-calibrations.ts anew, where a preset or what is drawn for its calibration has changed:
 * `node scripts/run-ts.mjs scripts/calibrations.ts`. A test compares the file with what is counted.
 */
import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { calibrate, calibrationKey } from '../src/data/synthesis/calibration.ts';
import { createFeatureModel } from '../src/data/synthesis/feature-model.ts';
import { createPopulation } from '../src/data/synthesis/population.ts';
import { teacherPresets } from '../src/data/synthesis/presets.ts';

const NO_EMBEDDINGS = { userEmbedding: 0, userEngEmbedding: 0, authorEmbedding: 0 };

const kept = new Map(
  teacherPresets.map(({ config }) => {
    const model = createFeatureModel(createPopulation(config, NO_EMBEDDINGS), config.in_cluster_share);
    const { measured, scale, bias } = calibrate(config, model);
    const numbers = { mean: measured.mean, deviation: measured.deviation, scale, bias };
    const lists = Object.entries(numbers).map(([name, values]) => `${name}: [${values.join(', ')}]`);
    const key = calibrationKey(config);
    return [key, `{ key: ${JSON.stringify(key)}, ${lists.join(', ')} }`] as const;
  }),
);
const text = `/** Calibrations of the teachers that come with the playground, as scripts/calibrations.ts counts them. */

export interface KeptCalibration {
  /** calibrationKey of the settings. */
  readonly key: string;
  /** Of each input's logarithm. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Of each label. */
  readonly scale: readonly number[];
  readonly bias: readonly number[];
}

export const KEPT_CALIBRATIONS: readonly KeptCalibration[] = [${[...kept.values()].join(', ')}];
`;
const file = new URL('../src/data/synthesis/kept-calibrations.ts', import.meta.url);
const style = { parser: 'typescript', singleQuote: true, printWidth: 110 } as const;
writeFileSync(file, await format(text, style));
