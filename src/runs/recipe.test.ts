import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from '../config/parse-config.ts';
import { parseDataSchema } from '../data/data-schema.ts';
import { ManifestError } from './new-manifest.ts';
import { knowRecipe, openRecipe, recipeDifferences } from './recipe.ts';
import { recipeMasksOf, recipeSchemaOf } from './recipe-forms.ts';
import { recipe } from './testing.ts';

const read = (file: string) => readFileSync(new URL(`../../configs/${file}`, import.meta.url), 'utf8');
const config = read('playground.yaml');
const schema = parseDataSchema(read('playground-segdense.json'));
const whole = recipe(config, { schema: recipeSchemaOf('playground-segdense.json', schema), masks: [] });

describe('openRecipe', () => {
  it('gives configuration, schema and masks back, with the steps of the recipe', () => {
    const masks = new Map([['keep.npy', Int32Array.of(1, 5)]]);
    const made = { ...whole, masks: recipeMasksOf(masks) };
    const open = openRecipe(made);
    expect(open.config.training.num_train_steps).toBe(10);
    expect(open.schema).toEqual(schema);
    expect(open.masks).toEqual(masks);
    expect(open.tasks).toHaveLength(10);
    expect(openRecipe(made)).toBe(open);
    expect(openRecipe({ ...whole, steps: null }).config.training.num_train_steps).toBe(1500);
  });

  it('takes what another thread has read, and reads other texts itself', () => {
    const { config: found, problems } = parseRecapConfig(config);
    if (!found) throw new Error('no configuration');
    const sent = structuredClone({ config: found, problems });
    const made = { ...whole, config: `# sent\n${config}` };
    knowRecipe(made, sent);
    expect(openRecipe(made).config.model).toBe(sent.config.model);
    expect(openRecipe({ ...whole, config: `# read\n${config}` }).config.model).toEqual(found.model);
  });

  it('names the place of what is wrong', () => {
    expect(() => openRecipe(recipe('training:\n  num_train_steps: -1\n'))).toThrow(
      /^recipe\.config: line \d+, column \d+: /,
    );
    const [feature] = whole.schema.features;
    if (!feature) throw new Error('no feature');
    const twice = { ...whole, schema: { name: 's', features: [feature, feature] } };
    expect(() => openRecipe(twice)).toThrow(ManifestError);
    expect(() => openRecipe(twice)).toThrow(/^recipe\.schema: /);
  });
});

describe('recipeDifferences', () => {
  it('is empty for the same run, also under another comment', () => {
    expect(recipeDifferences(whole, structuredClone(whole))).toEqual([]);
    expect(recipeDifferences(whole, { ...whole, config: `# a word\n${config}` })).toEqual([]);
    expect(recipeDifferences(whole, { ...whole, steps: null })).toEqual([
      { path: 'training.num_train_steps', before: 10, after: 1500 },
    ]);
  });

  it('names keys of the configuration and of the rest', () => {
    const after = {
      ...whole,
      config: config.replace('clip_magnitude: 5.0', 'clip_magnitude: 3.0'),
      seeds: { weights: 4, data: 2 },
      data: { kind: 'uniform', labels: 'binary', examples: 64 } as const,
    };
    expect(recipeDifferences(whole, after)).toEqual([
      { path: 'model.featurization_config.double_norm_log_config.clip_magnitude', before: 5, after: 3 },
      { path: 'data.examples', before: null, after: 64 },
      { path: 'seeds.weights', before: 1, after: 4 },
    ]);
  });

  it('names what is changed while training by its key', () => {
    const factor = (step: number, value: number) => ({ step, key: 'learning_rate', value });
    const before = { ...whole, changes: [factor(0, 2)] };
    expect(recipeDifferences(before, { ...whole, changes: [factor(0, 3), factor(7, 1)] })).toEqual([
      { path: 'changes.learning_rate', before: 2, after: 3 },
      { path: 'changes.learning_rate from step 7', before: undefined, after: 1 },
    ]);
    expect(recipeDifferences(whole, { ...whole, changes: [] })).toEqual([]);
  });

  it('shows the texts where one of them is no configuration', () => {
    expect(recipeDifferences(recipe('a'), recipe('b', { steps: 3 }))).toEqual([
      { path: 'config', before: 'a', after: 'b' },
      { path: 'steps', before: 10, after: 3 },
    ]);
  });

  it('turns around when its sides do', () => {
    const changes = fc.record(
      {
        seeds: fc.record({ weights: fc.nat(3), data: fc.nat(3) }),
        masks: fc.array(fc.record({ name: fc.constantFrom('a', 'b'), columns: fc.array(fc.nat(3)) }), {
          maxLength: 2,
        }),
        data: fc.oneof(
          fc.record({
            kind: fc.constant('uniform' as const),
            labels: fc.constantFrom('raw' as const, 'binary' as const),
            examples: fc.option(fc.integer({ min: 1, max: 3 })),
          }),
          fc.record({
            kind: fc.constant('files' as const),
            files: fc.array(
              fc.record({ name: fc.constantFrom('x', 'y'), size: fc.nat(2), sha256: fc.constant(null) }),
              { minLength: 1, maxLength: 2 },
            ),
            shuffle: fc.boolean(),
            heldOut: fc.boolean(),
            validation: fc.constant({}),
          }),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(changes, changes, (one, other) => {
        const [a, b] = [recipe('', one), recipe('', other)];
        const forth = recipeDifferences(a, b);
        const back = recipeDifferences(b, a);
        const sorted = (list: typeof forth) => [...list].sort((x, y) => (x.path < y.path ? -1 : 1));
        expect(
          sorted(back.map(({ path, before, after }) => ({ path, before: after, after: before }))),
        ).toEqual(sorted(forth));
        expect(forth.length === 0).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      { seed: 10, numRuns: 300 },
    );
  });
});
