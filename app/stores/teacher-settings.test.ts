import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultTeacher } from './reading.ts';
import {
  numberFields,
  positionOf,
  rateFields,
  readTeacher,
  settingDifferences,
  settingOf,
  typedSettings,
  valueAt,
  withSetting,
} from './teacher-settings.ts';

const text = '# mine\neffect_size: 2\nseed: 7\nbase_rates:\n  recap.engagement.is_favorited: 0.2\n';
const [effect, noise] = numberFields as [(typeof numberFields)[number], (typeof numberFields)[number]];
const like = rateFields.find(({ label }) => label === 'is_favorited')!;

describe('settings of the teacher', () => {
  it('are those of the last text without problems', () => {
    const read = readTeacher(text, null);
    expect(read.teacherProblems).toEqual([]);
    expect([settingOf(read.teacherConfig, effect), settingOf(read.teacherConfig, like)]).toEqual([2, 0.2]);
    const broken = readTeacher('effect_size: [', read.teacherConfig);
    expect(broken.teacherProblems.length).toBeGreaterThan(0);
    expect(broken.teacherConfig).toBe(read.teacherConfig);
    expect(readTeacher('effect_size: [', null).teacherConfig).toEqual(defaultTeacher());
  });

  it('are shown as typed, valid or not, and not at all of what is no text of settings', () => {
    const typed = typedSettings(
      'effect_size: 900\nnoise: loud\nbase_rates: { recap.engagement.is_favorited: 2 }',
    );
    expect([typed?.(effect.path), typed?.(noise.path), typed?.(like.path)]).toEqual([900, null, 2]);
    expect(typedSettings('a: [')).toBeNull();
    expect(typedSettings('- 1')).toBeNull();
  });

  it('change one at a time in the text, whose comments stay', () => {
    const changed = withSetting(text, effect.path, 3);
    expect(changed).toBe(text.replace('effect_size: 2', 'effect_size: 3'));
    const rate = withSetting(changed, like.path, 0.5);
    expect(settingOf(readTeacher(rate, null).teacherConfig, like)).toBe(0.5);
    // Settings without a seed would be none.
    const begun = readTeacher(withSetting('', effect.path, 1), null);
    expect(begun).toMatchObject({ teacherProblems: [], teacherConfig: { effect_size: 1 } });
  });

  it('are told where they differ', () => {
    const { teacherConfig } = readTeacher(text, null);
    const told = settingDifferences(teacherConfig, { ...teacherConfig, effect_size: 1 });
    expect(told).toEqual(['effect_size 2']);
    expect(settingDifferences(teacherConfig, teacherConfig)).toEqual([]);
  });

  it('have places on their sliders, and values at them that are within their limits', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (position) => {
        for (const field of [...numberFields, like]) {
          const value = valueAt(field, position);
          expect(value).toBeGreaterThanOrEqual(field.min);
          expect(value).toBeLessThanOrEqual(field.max);
          if (field.whole) expect(Number.isInteger(value)).toBe(true);
          // As near as what a person would type comes to it.
          expect(Math.abs(positionOf(field, value) - position)).toBeLessThan(0.15);
        }
      }),
      { seed: 7, numRuns: 100 },
    );
    expect([positionOf(effect, -1), positionOf(effect, 99), positionOf(like, 0.0001)]).toEqual([0, 1, 0]);
  });
});
