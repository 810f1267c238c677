/** What the tests of the tiles for graphics cards reach, counted. */
import { describe, expect, it } from 'vitest';
import { SPLITS } from '../variants.ts';
import {
  EPILOGUES,
  FORMS,
  HARDWARE_TILES,
  hardwareCases,
  sampledCases,
  SHAPES,
  tileName,
} from './hardware-cases.ts';
import { productionProducts } from './production-products.ts';

/** Cases of `npm test`: one half on SwiftShader, the other on wgpu. */
const sample = HARDWARE_TILES.flatMap((tile, at) =>
  ([0, 1] as const).flatMap((half) =>
    sampledCases(at, half).map(({ variant, shape, epilogue }) => ({
      half: String(half),
      tile: tileName(tile),
      form: shape.form,
      shape: `${shape.m}×${shape.n}×${shape.k}`,
      epilogue: `${shape.form} ${epilogue}`,
      split: variant.kind === 'tiled' ? String(variant.split) : 'none',
      text: JSON.stringify({ variant, shape }),
    })),
  ),
);
type Axis = Exclude<keyof (typeof sample)[number], 'text'>;
const met = (a: Axis, b: Axis, of = sample) => new Set(of.map((one) => `${one[a]} | ${one[b]}`));

const names = HARDWARE_TILES.map(tileName);
const trains = (tile: (typeof HARDWARE_TILES)[number]) => tile.kind === 'direct' || tile.slices === 1;
const tiled = HARDWARE_TILES.filter(({ kind }) => kind === 'tiled').length;
const forms = HARDWARE_TILES.reduce((sum, tile) => sum + (trains(tile) ? 3 : 2), 0);
const shapes = SHAPES.length;
const ends = FORMS.length * EPILOGUES;

describe('the sample', () => {
  it('has every tile in every form it may take, on either device', () => {
    expect(new Set(names).size).toBe(names.length);
    for (const half of ['0', '1'])
      expect(
        met(
          'tile',
          'form',
          sample.filter((one) => one.half === half),
        ).size,
      ).toBe(forms);
  });

  it('has every tile in every shape, with every epilogue and every split', () => {
    expect(met('tile', 'shape').size).toBe(names.length * shapes);
    expect(met('tile', 'epilogue').size).toBe(forms * EPILOGUES);
    expect(met('tile', 'split').size).toBe(tiled * SPLITS.length + (names.length - tiled));
  });

  it('has every shape with every epilogue and split, and every split with every epilogue of a form that is split', () => {
    expect(met('shape', 'epilogue').size).toBe(shapes * ends);
    const split = sample.filter((one) => one.split !== 'none' && one.form !== 'TN');
    expect(met('shape', 'split', split).size).toBe(shapes * SPLITS.length);
    expect(met('split', 'epilogue', split).size).toBe(SPLITS.length * 2 * EPILOGUES);
  });

  it('is part of the whole', () => {
    const whole = HARDWARE_TILES.flatMap((tile) => FORMS.flatMap((form) => hardwareCases(tile, form)));
    const texts = new Set(whole.map((one) => JSON.stringify(one)));
    expect(sample.filter(({ text }) => !texts.has(text))).toEqual([]);
    // Products, each with the epilogues of its form.
    expect(whole).toHaveLength(436);
  });
});

it('production’s own products are known, each with its candidates', () => {
  const products = productionProducts();
  expect(products).toHaveLength(21);
  expect(products.every(({ variants }) => variants.length > 0)).toBe(true);
});
