import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataSchemaError, parseDataSchema } from './data-schema.ts';
import { FEATURE_KINDS, makeDataSchema } from './make-data-schema.ts';

const failure = (text: string) => {
  try {
    parseDataSchema(text, 'segdense.json');
  } catch (error) {
    return error as DataSchemaError;
  }
  throw new Error('It was accepted.');
};

describe('the data schema', () => {
  it('reads the reference’s file', () => {
    const path = new URL('../../test/fixtures/parallel-share-all/segdense.json', import.meta.url);
    const schema = parseDataSchema(readFileSync(path, 'utf8'));
    expect(schema.features[0]).toEqual({ name: 'cont__vals', kind: 'float_list', length: 26 });
    expect(schema.byName.get('recap.engagement.is_favorited')).toMatchObject({
      kind: 'int64_list',
      length: 1,
    });
  });

  it('gives back any schema', () => {
    const feature = fc.record({
      name: fc.string({ minLength: 1 }),
      kind: fc.constantFrom(...FEATURE_KINDS),
      length: fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.constant(-1)),
    });
    fc.assert(
      fc.property(fc.uniqueArray(feature, { selector: (f) => f.name }), (features) => {
        const json = {
          schema: features.map(({ name, kind, length }) => ({ dtype: kind, feature_name: name, length })),
        };
        expect(parseDataSchema(JSON.stringify(json, null, 1)).features).toEqual(features);
      }),
    );
  });

  it.each([
    [
      '{\n  "schema": [\n    {"dtype": 1, "feature_name": "x", "length": 1}\n  ]\n}',
      3,
      15,
      'schema.0.dtype: dtype must be a text',
    ],
    ['{"schema": [\n{"dtype": "float_list", "feature_name": "x", "length": 1.5}]}', 2, 56, 'a whole number'],
    ['{"schema": [\n\n  {"dtype": "float_list", "length": 2}]}', 3, 3, 'feature_name must be a text'],
    [
      '{"schema": [{"dtype": "int64_list", "feature_name": "x", "length": 1},\n {"dtype": "int64_list", "feature_name": "x", "length": 1}]}',
      2,
      42,
      '"x" is named twice',
    ],
    ['{"schema": {}}', 1, 12, 'schema must be a list'],
    ['[]', 1, 1, ''],
    ['{"schema": [\n', 2, 1, 'no JSON'],
  ])('points at the place in %j', (text, line, column, message) => {
    const error = failure(text);
    expect(error).toBeInstanceOf(DataSchemaError);
    expect(error.message).toContain(`segdense.json:${line}:${column}: `);
    expect(error.message).toContain(message);
  });

  it('takes types and lengths that nothing here can read: a configuration need not read them', () => {
    const entry = (name: string, dtype: string, length: number) => ({ dtype, feature_name: name, length });
    const schema = [entry('a', 'string', 1), entry('b', 'float_list', 0), entry('c', 'bytes_list', -1)];
    expect(parseDataSchema(JSON.stringify({ schema })).features).toEqual([
      { name: 'a', kind: 'other', length: 1 },
      { name: 'b', kind: 'float_list', length: 0 },
      { name: 'c', kind: 'bytes_list', length: -1 },
    ]);
  });

  it('reports any damaged text with a place', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const error = failure(text);
        expect(error).toBeInstanceOf(DataSchemaError);
        expect(error.line).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('refuses two features of one name made in code', () => {
    const x = { name: 'x', kind: 'float_list', length: 1 } as const;
    expect(() => makeDataSchema([x, x])).toThrow(/twice/);
  });
});
