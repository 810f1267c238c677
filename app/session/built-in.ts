/** What comes with the page: configuration presets, data schemas, teacher presets, sample tweets. */
import localProd from '../../configs/local_prod.yaml?raw';
import playground from '../../configs/playground.yaml?raw';
import serial from '../../configs/serial.yaml?raw';
import shareNone from '../../configs/share-none.yaml?raw';
import easyData from '../../configs/data/easy.yaml?raw';
import noiseData from '../../configs/data/noise.yaml?raw';
import realisticData from '../../configs/data/realistic.yaml?raw';
import playgroundSchema from '../../configs/playground-segdense.json?raw';
import productionSchema from '../../configs/segdense.json?raw';
import { PRESETS } from '../../src/config/presets.ts';
import { parseDataSchema } from '../../src/data/data-schema.ts';
import type { DataSchema } from '../../src/data/data-schema.ts';
import { teacherPresets } from '../../src/data/synthesis/presets.ts';
import type { ConfigPreset } from '../stores/config.ts';
import type { TeacherText } from '../stores/teacher-settings.ts';

const texts: Readonly<Record<string, string>> = {
  'playground.yaml': playground,
  'serial.yaml': serial,
  'share-none.yaml': shareNone,
  'local_prod.yaml': localProd,
};

export const presets: readonly ConfigPreset[] = PRESETS.map(({ file, title, description }) => ({
  file,
  title,
  description,
  text: texts[file] ?? '',
}));

export const schemas: ReadonlyMap<string, DataSchema> = new Map([
  ['playground-segdense.json', parseDataSchema(playgroundSchema)],
  ['segdense.json', parseDataSchema(productionSchema)],
]);

export interface Teacher extends TeacherText {
  readonly label: string;
  readonly about: string;
}

const teacherTexts: Readonly<Record<string, string>> = {
  'easy.yaml': easyData,
  'realistic.yaml': realisticData,
  'noise.yaml': noiseData,
};

export const teachers: readonly Teacher[] = teacherPresets.map(({ id, file, label, about }) => ({
  id,
  label,
  about,
  text: teacherTexts[file] ?? '',
}));

export { sampleTweets } from '../../src/ranking/scenarios/index.ts';
