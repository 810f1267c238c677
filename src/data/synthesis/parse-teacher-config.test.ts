import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTeacherConfig } from './parse-teacher-config.ts';
import { teacherPresets } from './presets.ts';
import { defaultTeacherConfig } from './teacher-config.ts';
import { teacherTasks } from './tasks.ts';

const preset = (name: string) =>
  readFileSync(new URL(`../../../configs/data/${name}.yaml`, import.meta.url), 'utf8');

describe('parseTeacherConfig', () => {
  it('gives the defaults for an empty text', () => {
    expect(parseTeacherConfig('')).toEqual({ config: defaultTeacherConfig, problems: [], notes: [] });
    expect(parseTeacherConfig('# nothing\n').config).toEqual(defaultTeacherConfig);
  });

  it.each(['easy', 'realistic', 'noise'])('takes the preset %s, with a rate for every label', (name) => {
    const { config, problems } = parseTeacherConfig(preset(name));
    expect(problems).toEqual([]);
    expect(Object.keys(config!.base_rates).toSorted()).toEqual([...teacherTasks].toSorted());
    expect(config!.noise).toBe(name === 'noise' ? 1 : 0);
  });

  it.each(teacherPresets)(
    'reads $file as the built-in preset, and realistic as the defaults',
    ({ id, file, config }) => {
      expect(parseTeacherConfig(preset(file.replace('.yaml', ''))).config).toEqual(config);
      if (id === 'realistic') expect(config).toEqual(defaultTeacherConfig);
    },
  );

  it('places an unknown key on the key', () => {
    const { config, problems } = parseTeacherConfig('seed: 1\n\nefect_size: 2\n');
    expect(config).toBeNull();
    expect(problems).toEqual([
      {
        message: 'efect_size: there is no such key, did you mean effect_size?',
        path: ['efect_size'],
        line: 3,
        column: 1,
      },
    ]);
  });

  it('places a value out of range on the value', () => {
    const { problems } = parseTeacherConfig('seed: 1\nbase_rates:\n  recap.engagement.is_favorited: 1.5\n');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      line: 3,
      column: 34,
      path: ['base_rates', 'recap.engagement.is_favorited'],
    });
  });

  it('reads numbers as the configuration does, and notes what looks otherwise', () => {
    const text = 'seed: 0100\nusers: 1_000\nauthors: "500"\neffect_size: 1e-1\nnoise: 0.5\nclusters: 0b11\n';
    const { config, problems, notes } = parseTeacherConfig(text);
    expect(problems).toEqual([]);
    expect(config).toMatchObject({ seed: 64, users: 1000, authors: 500, effect_size: 0.1, clusters: 3 });
    expect(notes[0]).toMatchObject({ line: 1, column: 7 });
    expect(notes[0]!.message).toMatch(/0100.*64/);
  });

  it('says in our words what is wrong', () => {
    const message = (text: string) => parseTeacherConfig(text).problems[0]!.message;
    expect(message('noise: "0,5"')).toBe('noise: must be a number, but is the text "0,5"; write 0.5');
    expect(message('seed: 1.5')).toMatch(/^seed: must be a whole number, but is 1\.5; write 1 or 2/);
    expect(message('users: 0')).toBe('users: must be at least 1, but is 0');
    expect(message('base_rates:\n  recap.engagement.is_reply: 0.1')).toMatch(
      /did you mean recap\.engagement\.is_replied\?/,
    );
    expect(message('seed:\u00A01')).toMatch(/no-break space/);
  });

  it('refuses a label more frequent than the one it implies, and says why', () => {
    const text = [
      'base_rates:',
      '  recap.engagement.is_replied: 0.01',
      '  recap.engagement.is_replied_reply_engaged_by_author: 0.02',
    ].join('\n');
    const { problems } = parseTeacherConfig(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ line: 3, column: 56 });
    expect(problems[0]!.message).toMatch(/a reply engaged by the author is a reply.*0\.009/);
  });

  it('places a syntax error and a text that is no map', () => {
    expect(parseTeacherConfig('seed: [1\nusers: 3\n').problems[0]).toMatchObject({ line: 1, column: 7 });
    expect(parseTeacherConfig('- 1\n').problems).toHaveLength(1);
    expect(parseTeacherConfig('seed: *nobody\n').problems[0]!.message).toMatch(/nobody/);
  });

  it('gives a config or problems inside the text, whatever the text', () => {
    const key = fc.constantFrom(
      'seed',
      'users',
      'noise',
      'effect_size',
      'base_rates',
      'x',
      '  recap.engagement.is_replied',
    );
    const value = fc.oneof(
      fc.constantFrom('', '1', '0.5', '-3', 'null', '.nan', '.inf', '"a"', '{}', '[1', '&a 2', '*a'),
      fc.string({ maxLength: 6 }),
    );
    const text = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc
        .array(fc.tuple(key, value), { maxLength: 6 })
        .map((lines) => lines.map(([k, v]) => `${k}: ${v}`).join('\n')),
    );
    fc.assert(
      fc.property(text, (t) => {
        const { config, problems } = parseTeacherConfig(t);
        expect(config === null).toBe(problems.length > 0);
        const lines = t.split(/\r\n|\r|\n/).length;
        for (const problem of problems) {
          expect(problem.line).toBeGreaterThanOrEqual(1);
          expect(problem.line).toBeLessThanOrEqual(lines + 1);
          expect(problem.message).not.toBe('');
        }
      }),
      { numRuns: 400 },
    );
  });

  it('reads back any config it accepts', () => {
    const config = fc.record({
      seed: fc.nat(),
      users: fc.integer({ min: 1, max: 50000 }),
      clusters: fc.integer({ min: 1, max: 256 }),
      noise: fc.double({ min: 0, max: 1, noNaN: true }),
      effect_size: fc.double({ min: 0, max: 6, noNaN: true }),
    });
    fc.assert(
      fc.property(config, (settings) => {
        expect(parseTeacherConfig(JSON.stringify(settings)).config).toEqual({
          ...defaultTeacherConfig,
          ...settings,
        });
      }),
    );
  });
});
