/** What comes with the page: configuration presets, data schemas, teacher presets, sample tweets. */
import { configs, defaultTeacher, schemas as schemaFiles, teachers } from 'virtual:built-in';
import { makeDataSchema } from '../../src/data/make-data-schema.ts';
import type { DataSchema } from '../../src/data/make-data-schema.ts';
import type { ConfigPreset } from '../stores/config.ts';
import { knowConfig, knowTeacher } from '../stores/reading.ts';

for (const { text, read } of configs) if (read) knowConfig(text, read);
for (const { text, config } of teachers) knowTeacher(text, config);
knowTeacher('', defaultTeacher);

export const presets: readonly ConfigPreset[] = configs;

export const schemas: ReadonlyMap<string, DataSchema> = new Map(
  schemaFiles.map(({ name, features }) => [name, makeDataSchema(features)]),
);

export { teachers };

export { sampleTweets } from '../../src/ranking/scenarios/index.ts';
