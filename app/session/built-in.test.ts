import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from '../../src/config/parse-config.ts';
import { parseDataSchema } from '../../src/data/data-schema.ts';
import { parseTeacherConfig } from '../../src/data/synthesis/parse-teacher-config.ts';
import { readFileSync } from 'node:fs';
import { readConfigNow, readTeacherNow } from '../stores/reading.ts';
import { presets, schemas, teachers } from './built-in.ts';

/** As a build has it: JSON, without what is undefined. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('what was read when the page was built', () => {
  it('is what the readers read', () => {
    const [{ text }] = presets as [(typeof presets)[number]];
    const { config, problems } = parseRecapConfig(text);
    expect(config).not.toBeNull();
    expect(plain(readConfigNow(text))).toEqual(plain({ config, problems }));
    for (const { text: settings } of [...teachers, { text: '' }]) {
      expect(readTeacherNow(settings)).toStrictEqual({
        config: parseTeacherConfig(settings).config,
        problems: [],
      });
    }
    for (const [name, schema] of schemas) {
      const file = readFileSync(new URL(`../../configs/${name}`, import.meta.url), 'utf8');
      expect(schema).toEqual(parseDataSchema(file));
    }
  });

  it('loses no value in JSON', () => {
    const { config, problems } = parseRecapConfig(presets[0]?.text ?? '');
    expect(plain({ config, problems })).toStrictEqual({ config, problems });
  });
});
