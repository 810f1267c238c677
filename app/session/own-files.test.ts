import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from '../../src/config/parse-config.ts';
import type { RecapConfig } from '../../src/config/recap-config.ts';
import { batchLayout } from '../../src/data/layout.ts';
import { masksOf } from '../../src/data/mask-files.ts';
import type { MaskFiles } from '../../src/data/mask-files.ts';
import { parseDataSchema } from '../../src/data/data-schema.ts';
import { teacherPresets } from '../../src/data/synthesis/presets.ts';
import { calmDay } from '../../src/ranking/scenarios/calm-day.ts';
import { createTweetEncoder, createTweetWorld } from '../../src/ranking/tweet-features.ts';
import { recipeDifferences } from '../../src/runs/recipe.ts';
import { createDataStore } from '../stores/data.ts';
import { createSettingsStore } from '../stores/settings.ts';
import { dataUse } from './data-use.ts';
import { modelFacts } from '../../src/runs/model-facts.ts';
import { readDescriptions, sortFiles } from './own-files.ts';
import { draftRecipe } from './draft-recipe.ts';

/** A mask as numpy.save writes it. */
function npy(name: string, keep: readonly number[]): File {
  const header = `{'descr': '|b1', 'fortran_order': False, 'shape': (${keep.length},), }`.padEnd(117) + '\n';
  const magic = [0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, header.length, 0];
  return new File([Uint8Array.from(magic), header, Uint8Array.from(keep)], name);
}

describe('own files', () => {
  it('are records, a schema and masks, by the ends of their names', () => {
    const files = ['a.tfrecord.gz', 's.json', 'keep.npy', 'b'].map((name) => new File([], name));
    const { records, schema, masks } = sortFiles(files);
    expect(records.map(({ name }) => name)).toEqual(['a.tfrecord.gz', 'b']);
    expect(schema?.name).toBe('s.json');
    expect(masks.map(({ name }) => name)).toEqual(['keep.npy']);
    expect(sortFiles([]).schema).toBeNull();
  });

  it('give a schema, and masks beside those that were there', async () => {
    const json = '{"schema": [{"dtype": "float_list", "feature_name": "x", "length": 3}]}';
    const before = new Map([
      ['old.npy', Int32Array.of(7)],
      ['keep.npy', Int32Array.of(8)],
    ]);
    const sorted = sortFiles([new File([json], 's.json'), npy('keep.npy', [1, 0, 1])]);
    const { ownSchema, ownMasks } = await readDescriptions(sorted, before);
    expect(ownSchema?.schema.features).toHaveLength(1);
    expect([...ownMasks!]).toEqual([
      ['old.npy', Int32Array.of(7)],
      ['keep.npy', Int32Array.of(0, 2)],
    ]);
    expect(await readDescriptions(sortFiles([new File([], 'a')]), before)).toEqual({});
  });

  it('are named when they cannot be read', async () => {
    const bad = sortFiles([new File(['no numpy'], 'bad.npy')]);
    await expect(readDescriptions(bad, new Map())).rejects.toThrow(
      /^bad.npy: The mask is no usable .npy file/,
    );
    await expect(readDescriptions(sortFiles([new File(['{'], 's.json')]), new Map())).rejects.toThrow(
      /^s.json:1/,
    );
  });
});

describe('own masks', () => {
  const read = (name: string) => readFileSync(new URL(`../../configs/${name}`, import.meta.url), 'utf8');
  const cut = 'continuous_feature_truncation: 96';
  const text = read('playground.yaml').replace(
    cut,
    `${cut}\n      continuous_feature_mask_path: masks/keep.npy`,
  );
  const config = parseRecapConfig(text).config!;
  const schema = parseDataSchema(read('playground-segdense.json'));
  // Two named columns and one of noise.
  const masks = new Map([['keep.npy', Int32Array.of(0, 3, 90)]]);

  it('narrow the model, the use of the columns and the sample tweets', () => {
    const whole = modelFacts(parseRecapConfig(read('playground.yaml')).config!, schema, new Map());
    expect(whole.inputs - modelFacts(config, schema, masks).inputs).toBe(96 - 3);
    expect(dataUse(config, schema, masks).tensors[0]).toMatchObject({ kept: 3, named: 2 });
    const encoded = (of: RecapConfig, files: MaskFiles) => {
      const data = of.train_data;
      const layout = batchLayout(data, schema, Object.keys(of.model.tasks), masksOf(data, files));
      const world = createTweetWorld(teacherPresets[0]!.config, layout);
      return createTweetEncoder(world, layout).encode(calmDay.tweets);
    };
    const masked = encoded(config, masks);
    const all = encoded(parseRecapConfig(read('playground.yaml')).config!, new Map());
    expect([...masked.continuous.subarray(3, 6)]).toEqual([0, 3, 90].map((c) => all.continuous[96 + c]));
    expect(() => modelFacts(config, schema, new Map())).toThrow(/mask file keep.npy is not there/);
  });

  it('are part of what a run is made from, so that another one makes another run', () => {
    const settings = createSettingsStore(null).getState();
    const store = createDataStore([{ id: 'easy', text: '' }], null);
    const text = read('playground.yaml');
    const config = parseRecapConfig(text).config!;
    const schemas = new Map([['playground-segdense.json', schema]]);
    const recipe = () => draftRecipe({ config, text }, settings, store.getState(), schemas);
    const before = recipe();
    store.getState().set({ ownMasks: masks });
    expect(recipeDifferences(before, recipe())).toEqual([
      { path: 'masks', before: [], after: [{ name: 'keep.npy', columns: [0, 3, 90] }] },
    ]);
  });
});
