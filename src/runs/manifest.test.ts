import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkManifest, parseManifest } from './manifest.ts';
import { ManifestError, manifestText, newManifest, runId } from './new-manifest.ts';
import type { RunManifest } from './manifest.ts';
import { runName } from './run-names.ts';
import { manifest, recipe } from './testing.ts';

function refusal(value: unknown): ManifestError {
  try {
    checkManifest(value);
  } catch (error) {
    if (error instanceof ManifestError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

/** A manifest as plain JSON with one value replaced, by its keys. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const copy = JSON.parse(manifestText(manifest())) as Record<string, unknown>;
  let at: Record<string | number, unknown> = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path.at(-1) ?? ''] = value;
  return copy;
}

describe('a manifest', () => {
  it('comes back from its text as it was', () => {
    fc.assert(
      fc.property(
        fc.record({
          config: fc.string(),
          steps: fc.option(fc.integer({ min: 1, max: 1e9 })),
          seeds: fc.record({ weights: fc.nat(4_294_967_295), data: fc.nat(4_294_967_295) }),
          examples: fc.option(fc.integer({ min: 1, max: 1e9 })),
          name: fc.string({ minLength: 1, maxLength: 200 }),
          note: fc.string(),
          columns: fc.array(fc.nat(), { maxLength: 5 }),
        }),
        ({ config, steps, seeds, examples, name, note, columns }) => {
          const made: RunManifest = manifest({
            name,
            note,
            recipe: recipe(config, {
              steps,
              seeds,
              masks: [{ name: 'x', columns }],
              data: { kind: 'uniform', labels: 'raw', examples },
            }),
          });
          expect(parseManifest(manifestText(made))).toEqual(made);
        },
      ),
      { seed: 8, numRuns: 200 },
    );
  });

  it('of version 1 is read as one without changes', () => {
    const whole = manifest();
    const { recipe: made, ...rest } = whole;
    expect(checkManifest({ ...whole, version: 1 })).toEqual(whole);
    const changes = [{ step: 7, key: 'learning_rate', value: 0.5 }];
    expect(checkManifest({ ...rest, recipe: { ...made, changes } }).recipe.changes).toEqual(changes);
  });

  it('has an id that sorts by its moment, and differs from others of that moment', () => {
    const ids = Array.from({ length: 200 }, (_, i) => {
      const now = new Date(1_795_000_000_000 + 1000 * Math.floor(i / 2));
      return newManifest({ recipe: recipe(), app: '1', now }).id;
    });
    expect(new Set(ids).size).toBe(200);
    const moments = ids.map((id) => id.slice(0, 15));
    expect(moments).toEqual([...moments].sort());
    for (const id of ids) expect(checkManifest({ ...manifest(), id }).id).toBe(id);
  });

  it('is named by its id in words that can be told apart, unless a person has named it', () => {
    const made = newManifest({ recipe: recipe(), app: '1' });
    expect(made.name).toBe(runName(made.id));
    expect(newManifest({ recipe: recipe(), app: '1', name: 'mine' }).name).toBe('mine');
    const names = Array.from({ length: 400 }, (_, i) =>
      runName(runId(new Date(1_795_000_000_000 + 1000 * (i >> 3))).replace(/.{5}$/, `${1000 + 7 * i}x`)),
    );
    for (const name of names) expect(name).toMatch(/^[a-z]+ [a-z]+$/);
    // Of 4,096; drawn by chance 381 of 400 would differ.
    expect(new Set(names).size).toBeGreaterThan(360);
  });

  it.each<[string, unknown, string, RegExp]>([
    ['no object', 7, '', /no run manifest/],
    ['a list', [], '', /no run manifest/],
    ['another file', { training: {} }, 'format', /describes no run/],
    ['no version', changed(['version'], undefined), 'version', /whole number/],
    ['a version in text', changed(['version'], '1'), 'version', /whole number/],
    [
      'a newer version',
      changed(['version'], 3),
      'version',
      /is 3, which a newer version .* Reload the page or update/,
    ],
    ['an unknown key', changed(['recipe', 'sedes'], 1), 'recipe', /"sedes" is no key here: take it out/],
    ['a seed out of range', changed(['recipe', 'seeds', 'data'], 2 ** 32), 'recipe.seeds.data', /Correct it/],
    ['a kind of data', changed(['recipe', 'data', 'kind'], 'sql'), 'recipe.data.kind', /Correct it/],
    [
      'a feature',
      changed(['recipe', 'schema', 'features', 0, 'kind'], 'text'),
      'recipe.schema.features.0.kind',
      /Correct it/,
    ],
    ['an id with a path', changed(['id'], '../x'), 'id', /Correct it/],
    ['an engine that ran', changed(['ran'], [{ engine: 'auto' }]), 'ran.0.engine', /Correct it/],
    ['a moment', changed(['times', 'created'], 'yesterday'), 'times.created', /Correct it/],
  ])('is refused with %s, by its key', (_what, value, path, message) => {
    const error = refusal(value);
    expect(error.path).toBe(path);
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/Invalid input|undefined:/);
  });

  it('is refused with the place where it is no JSON', () => {
    const text = manifestText(manifest());
    expect(() => parseManifest(text.slice(0, 40))).toThrow(/line \d+, column \d+: this is no JSON/);
    expect(() => parseManifest(text.replace('"version": 2', '"version": !'))).toThrow(
      /line 3, column 1[0-9]: /,
    );
    expect(() => parseManifest('')).toThrow(ManifestError);
  });

  it('of any other JSON is taken or refused by name', () => {
    const keys = fc.constantFrom<(string | number)[]>(
      ['format'],
      ['version'],
      ['id'],
      ['name'],
      ['parent'],
      ['recipe'],
      ['recipe', 'config'],
      ['recipe', 'steps'],
      ['recipe', 'data'],
      ['recipe', 'masks'],
      ['recipe', 'seeds'],
      ['recipe', 'engine', 'choice'],
      ['recipe', 'warmStart'],
      ['ran'],
      ['times'],
    );
    fc.assert(
      fc.property(keys, fc.jsonValue(), (path, value) => {
        try {
          checkManifest(changed(path, value));
        } catch (error) {
          expect(error).toBeInstanceOf(ManifestError);
        }
      }),
      { seed: 9, numRuns: 500 },
    );
  });
});
