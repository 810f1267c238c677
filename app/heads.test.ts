/** The colours' promise: any two heads stay apart for every common kind of colour vision, in both themes. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { heads } from '../src/ranking/heads.ts';
import { headStyle, setOwnHeads } from './heads.ts';

type Triple = readonly [number, number, number];

const tokens = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const palette = [...tokens.matchAll(/--head-(\w+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
  ([, name, light, dark]) => ({ name: name as string, light: light as string, dark: dark as string }),
);

const linear = (hex: string): Triple => {
  const channel = (at: number): number => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
};

/** Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB. */
const visions: Readonly<Record<string, readonly Triple[]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const times = (rows: readonly Triple[], [r, g, b]: Triple): Triple => {
  const [x, y, z] = rows.map((row) => Math.min(1, Math.max(0, row[0] * r + row[1] * g + row[2] * b)));
  return [x as number, y as number, z as number];
};

/** OKLab (Ottosson 2020). */
const lab = ([r, g, b]: Triple): Triple => {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
};

const distance = (a: Triple, b: Triple): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

describe('head colours', () => {
  const ten = palette.filter(({ name }) => name !== 'other');

  it.each(['light', 'dark'] as const)('any two of the ten differ in the %s theme', (theme) => {
    expect(ten).toHaveLength(10);
    for (const [vision, matrix] of Object.entries(visions)) {
      const colours = ten.map((entry) => ({ ...entry, at: lab(times(matrix, linear(entry[theme]))) }));
      for (const [i, a] of colours.entries()) {
        for (const b of colours.slice(i + 1)) {
          const least = vision === 'tritanopia' ? 0.07 : 0.095;
          expect(distance(a.at, b.at), `${a.name} and ${b.name} under ${vision}`).toBeGreaterThan(least);
        }
      }
    }
  });

  it('gives every head of the model a colour of its own', () => {
    const colours = heads.map(({ task }) => headStyle(task).color);
    expect(new Set(colours).size).toBe(10);
    for (const color of colours) {
      expect(palette.map(({ name }) => `var(--head-${name})`)).toContain(color);
    }
  });

  it('tells any own heads apart by colour and dash, by their place in the model, and leaves the ten theirs', () => {
    const ten = heads.map(({ task }) => headStyle(task));
    const tasks = Array.from({ length: 25 }, (_, i) => ({
      task: `own_${i}`,
      title: i === 0 ? 'is rich' : null,
    }));
    setOwnHeads([{ task: heads[0]!.task, title: 'another name' }, ...tasks]);
    const looks = tasks.map(({ task }) => headStyle(task));
    expect(new Set(looks.map(({ color, dash }) => `${color} ${dash}`)).size).toBe(25);
    expect(new Set(looks.slice(0, 10).map(({ color }) => color)).size).toBe(10);
    expect(looks[0]).toMatchObject({ label: 'is rich', meaning: 'The probability that is rich.' });
    expect(looks[1]?.label).toBe('own_1');
    expect(heads.map(({ task }) => headStyle(task))).toEqual(ten);
    setOwnHeads([{ task: 'own_1', title: null }]);
    expect(headStyle('own_1').color).toBe(looks[0]?.color);
    setOwnHeads([]);
    expect(headStyle('own_1').color).toBe('var(--head-other)');
  });

  it('names tasks it does not know by their last part', () => {
    expect(headStyle('other.engagement.is_shared')).toMatchObject({
      label: 'is_shared',
      color: 'var(--head-other)',
    });
  });
});
