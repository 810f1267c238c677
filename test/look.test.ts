import { describe, expect, it } from 'vitest';
import { layoutDifferences, pictureDifferences } from '../e2e/look.ts';
import type { Layout, Picture } from '../e2e/look.ts';

const layout: Layout = {
  boxes: { 'region Training': [400, 200, 500, 600], 'region Ranking': [908, 200, 484, 600] },
  over: [],
};

const withBox = (box: Layout['boxes'][string]): Layout => ({
  ...layout,
  boxes: { ...layout.boxes, 'region Ranking': box },
});

describe('layouts', () => {
  it('are the same where texts wrap otherwise', () => {
    expect(layoutDifferences(layout, layout)).toEqual([]);
    expect(layoutDifferences(layout, withBox([912, 240, 480, 690]))).toEqual([]);
  });

  it('differ by parts that are gone or new', () => {
    const { 'region Ranking': _, ...boxes } = layout.boxes;
    expect(layoutDifferences(layout, { boxes, over: [] })).toEqual(['region Ranking is gone']);
    expect(layoutDifferences({ boxes, over: [] }, layout)).toEqual(['region Ranking is new']);
  });

  it('are the same where words are as wide as another font makes them', () => {
    const heads = (left: number, width: number): Layout => ({
      ...layout,
      boxes: { ...layout.boxes, 'nav Views': [left, 8, 520, 32], 'h2 About': [25, 130, width, 20] },
    });
    expect(layoutDifferences(heads(322, 300), heads(270, 250))).toEqual([]);
    expect(layoutDifferences(heads(322, 300), heads(100, 40))).toHaveLength(2);
  });

  it('are the same where what begins at the edge begins below it', () => {
    const more = { ...layout, boxes: { ...layout.boxes, 'region Weights': [400, 780, 500, 20] as const } };
    expect(layoutDifferences(layout, more)).toEqual([]);
    expect(layoutDifferences(more, layout)).toEqual([]);
  });

  it('differ by parts that stand elsewhere, or have another size', () => {
    expect(layoutDifferences(layout, withBox([800, 200, 484, 600]))).toHaveLength(1);
    expect(layoutDifferences(layout, withBox([908, 400, 484, 600]))).toHaveLength(1);
    expect(layoutDifferences(layout, withBox([908, 200, 300, 600]))).toHaveLength(1);
    expect(layoutDifferences(layout, withBox([908, 200, 484, 90]))).toHaveLength(1);
  });

  it('differ by parts that have come to lie over each other', () => {
    const pair = 'textbox and region Data lie over each other';
    expect(layoutDifferences(layout, { ...layout, over: [pair] })).toEqual([pair]);
    expect(layoutDifferences({ ...layout, over: [pair] }, { ...layout, over: [pair] })).toEqual([]);
  });
});

const rows = (inked: (row: number, column: number) => boolean): string[] =>
  Array.from({ length: 10 }, (_, row) =>
    Array.from({ length: 10 }, (_, column) => (inked(row, column) ? '6' : '0')).join(''),
  );

const picture: Picture = {
  colours: { ffffff: 0.7, eef0f3: 0.12, '1657cf': 0.01, '777777': 0.001 },
  ink: rows((row, column) => row < 5 && column < 5),
};

describe('pictures', () => {
  it('are the same with text of another weight, a line further down', () => {
    const ink = rows((row, column) => row > 0 && row < 6 && column < 5).map((line) =>
      line.replaceAll('6', '3'),
    );
    expect(pictureDifferences(picture, { colours: { ...picture.colours, ffffff: 0.66 }, ink })).toEqual([]);
  });

  it('differ by a colour that is gone, and by one that has come', () => {
    const { '1657cf': accent, ...colours } = picture.colours;
    expect(pictureDifferences(picture, { ...picture, colours: { ...colours, c2185b: accent ?? 0 } })).toEqual(
      ['#1657cf covers 0.0 % instead of 1.0 %', '#c2185b is new, on 1.0 %'],
    );
    // A shade is no other colour.
    expect(pictureDifferences(picture, { ...picture, colours: { ...colours, '1a5bd2': 0.01 } })).toEqual([]);
  });

  it('differ by a ground that shows where a panel was', () => {
    const colours = { ...picture.colours, ffffff: 0.45, eef0f3: 0.37 };
    expect(pictureDifferences(picture, { ...picture, colours })).toHaveLength(2);
  });

  it('differ where nothing is drawn any more, and where something is that was even', () => {
    const none = rows(() => false);
    expect(pictureDifferences(picture, { ...picture, ink: none })[0]).toContain(
      'nothing is drawn any more in 25',
    );
    expect(pictureDifferences({ ...picture, ink: none }, picture)[0]).toContain(
      'drawn where nothing was in 25',
    );
    expect(pictureDifferences(picture, { ...picture, ink: none.slice(1) })).toEqual(['another size']);
  });
});
