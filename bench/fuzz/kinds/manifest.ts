/** Manifests: keys left out, moved, of other types, versions to come, and damaged text. */
import fc from 'fast-check';
import { sampleManifest } from '../../../src/runs/bundle.fixture.ts';
import { parseManifest } from '../../../src/runs/manifest.ts';
import { ManifestError, manifestText } from '../../../src/runs/new-manifest.ts';
import { fuzzKind } from '../kind.ts';
import { edits } from '../mutate.ts';

const whole = sampleManifest('a');
// Thousands of features say no more than three.
const sample = {
  ...whole,
  recipe: {
    ...whole.recipe,
    config: 'model: {}',
    schema: { ...whole.recipe.schema, features: whole.recipe.schema.features.slice(0, 3) },
  },
};
const good = manifestText(sample);
const paths = pathsOf(sample);

function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

/** The manifest with something else at a path; undefined leaves it out. */
function changed(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put;
  if (Array.isArray(value)) {
    return value.map((item: unknown, i) => (String(i) === key ? changed(item, rest, put) : item));
  }
  const record = value as Record<string, unknown>;
  return { ...record, [key]: changed(record[key], rest, put) };
}

const put = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    undefined,
    null,
    -1,
    0.5,
    2 ** 53,
    1e300,
    '',
    'x'.repeat(5000),
    [],
    {},
    '2026-11-26',
  ),
);
const texts = fc
  .array(fc.tuple(fc.constantFrom(...paths), put), { maxLength: 2 })
  .map((changes) =>
    changes.reduce<unknown>(
      (left, [path, value]) => (isThere(left, path) ? changed(left, path, value) : left),
      sample,
    ),
  )
  .map((value) => JSON.stringify(value) ?? '');

function isThere(value: unknown, path: readonly string[]): boolean {
  let at: unknown = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return false;
    at = (at as Record<string, unknown>)[key];
  }
  return true;
}

export const manifestKind = fuzzKind({
  name: 'manifest',
  input: fc.tuple(fc.oneof(texts, fc.constant(good)), fc.option(edits, { freq: 2 })).map(([text, edit]) => ({
    bytes: edit ? edit(new TextEncoder().encode(text)) : new TextEncoder().encode(text),
  })),
  errors: [ManifestError],
  bytes: ({ bytes }) => bytes,
  read({ bytes }) {
    const manifest = parseManifest(new TextDecoder().decode(bytes));
    const text = manifestText(manifest);
    if (manifestText(parseManifest(text)) !== text) throw new Error('Written and read again it differs.');
  },
  probe: () => parseManifest(good).id,
});
