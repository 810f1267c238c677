import { readFileSync } from 'node:fs';
import { deflateSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRESETS } from '../config/presets.ts';
import { z } from '../config/zod.ts';
import { teacherPresets } from '../data/synthesis/presets.ts';
import { parseDataSchema } from '../data/data-schema.ts';
import { decodeLink, encodeLink, LinkError, linkOf, linkPart, MAX_LINK, recipeOfLink } from './link.ts';
import type { Link } from './link.ts';
import type { RunRecipe } from './manifest.ts';
import { recipeSchemaOf } from './recipe-forms.ts';

const read = (file: string): string =>
  readFileSync(new URL(`../../configs/${file}`, import.meta.url), 'utf8');
const presets = new Map(PRESETS.map(({ file }) => [file.replace('.yaml', ''), read(file)]));
const schema = recipeSchemaOf('playground-segdense.json', parseDataSchema(read('playground-segdense.json')));
const [{ config: settings }] = teacherPresets as [(typeof teacherPresets)[number]];

const recipe: RunRecipe = {
  config: presets.get('playground') ?? '',
  steps: null,
  data: { kind: 'teacher', preset: 'easy', settings, examples: null },
  schema,
  masks: [],
  seeds: { weights: 1, data: 1 },
  engine: { choice: 'auto', precision: 'float32', noisyShifts: false },
  warmStart: null,
};
const resources = { schemas: new Map([[schema.name, schema]]) };

const there = (link: Link) => decodeLink(encodeLink(link, presets), presets);

/** Changes such as people make: a line here, a word there. */
const edited = fc
  .tuple(
    fc.constantFrom(...presets.values()),
    fc.array(fc.tuple(fc.nat(10_000), fc.nat(30), fc.string({ unit: 'grapheme', maxLength: 30 })), {
      maxLength: 8,
    }),
  )
  .map(([text, edits]) =>
    edits.reduce((left, [at, gone, put]) => {
      const from = at % (left.length + 1);
      return left.slice(0, from) + put + left.slice(from + gone);
    }, text),
  )
  .filter((text) => !/\p{Cs}/u.test(text));

describe('a link', () => {
  it('gives back every character of an edited preset, and of any other text', () => {
    fc.assert(
      fc.property(
        fc.oneof(edited, fc.string({ unit: 'grapheme' }), fc.constantFrom('', '\n', '\uFEFFa: 1\r\n')),
        fc.nat(4_294_967_295),
        (config, seed) => {
          const link = { ...linkOf({ ...recipe, config, seeds: { weights: seed, data: 3 } }), view: 'rank' };
          expect(there(link)).toEqual(link);
        },
      ),
      { seed: 1, numRuns: 40 },
    );
  });

  it.each([...presets])('of everyday changes to %s has at most 2,000 characters', (_, text) => {
    const config = text
      .replace(/learning_rate: *[\d.e-]+/, 'learning_rate: 0.0123')
      .replace(/global_batch_size: *\d+/, 'global_batch_size: 96')
      .replace(/num_train_steps: *\d+/, 'num_train_steps: 4321');
    const data = {
      kind: 'teacher' as const,
      preset: 'easy',
      settings: { ...settings, seed: 123456, noise: 0.25, users: 777 },
      examples: 100_000,
    };
    const weights = { label: 'Mine', weights: { 'recap.engagement.is_favorited': 0.75 } };
    const tweets = [{ id: '7', text: 'One more tweet about something else.', counts: { likes: 4 } }];
    const link = linkOf({ ...recipe, config, data }, { view: 'rank', weights, tweets });
    const fragment = encodeLink(link, presets);
    expect(fragment.length).toBeLessThan(1200);
    expect(fragment).toMatch(/^[\w.-]+$/);
    expect(decodeLink(fragment, presets)).toEqual(link);
    expect(encodeLink(linkOf({ ...recipe, config: text }), presets).length).toBeLessThan(350);
  });

  it('of a ranking is shorter by what it is told that such parts hold, and opens without it too', () => {
    const parts = {
      tweets: { set: 'all', changes: { 'calm-day-1': { text: 'A minus sign in the drawer.' } } },
    };
    const samples = JSON.stringify({ 'calm-day-1': { text: 'There is a minus sign in the drawer.' } });
    const link = linkOf(recipe, parts);
    const [plain, short] = ['', samples].map((known) => encodeLink(link, presets, known));
    expect([plain?.slice(0, 2), short?.slice(0, 2)]).toEqual(['1.', '2.']);
    expect(short?.length).toBeLessThan((plain?.length ?? 0) - 20);
    for (const fragment of [plain, short]) expect(decodeLink(fragment ?? '', presets, samples)).toEqual(link);
    expect(() => decodeLink(short ?? '', presets, 'others')).toThrow(/another edition/);
    // Without such parts it is as before, and hangs on no samples.
    expect(encodeLink(linkOf(recipe), presets, samples)).toBe(encodeLink(linkOf(recipe), presets));
  });

  it('is the recipe again, without paths and hashes', () => {
    expect(recipeOfLink(there(linkOf(recipe)), resources)).toEqual(recipe);
    const file = { name: 'a.tfrecord', size: 9, sha256: 'a'.repeat(64), path: '/home/me/a.tfrecord' };
    const data = {
      kind: 'files' as const,
      files: [file],
      shuffle: true,
      heldOut: true,
      validation: { v: [file] },
    };
    const bare = { name: 'a.tfrecord', size: 9, sha256: null };
    expect(recipeOfLink(there(linkOf({ ...recipe, data })), resources).data).toEqual({
      ...data,
      files: [bare],
      validation: { v: [bare] },
    });
  });

  it('carries what was changed while the run trained', () => {
    const changed = { ...recipe, changes: [{ step: 7, key: 'learning_rate', value: 0.5 }] };
    expect(recipeOfLink(there(linkOf(changed)), resources)).toEqual(changed);
  });

  it('names what only its maker has', () => {
    const link = linkOf(recipe);
    expect(() => recipeOfLink({ ...link, schema: 'own.json' }, resources)).toThrow(/schema own\.json.*drop/);
    expect(() => recipeOfLink({ ...link, masks: ['m.npy'] }, resources)).toThrow(/mask file m\.npy/);
    expect(() => recipeOfLink({ ...link, warmStart: 'w.safetensors' }, resources)).toThrow(/w\.safetensors/);
  });

  it('has parts that their owners check', () => {
    const part = z.strictObject({ label: z.string() });
    const link = there(linkOf(recipe, { weights: { label: 'Mine' }, tweets: [1] }));
    expect(linkPart(link, 'weights', part)).toEqual({ label: 'Mine' });
    expect(linkPart(link, 'heuristics', part)).toBeUndefined();
    expect(() => linkPart(link, 'tweets', part)).toThrow(/tweets in this link can't be read/);
  });
});

describe('a link that is not right', () => {
  const good = encodeLink(linkOf(recipe), presets);
  const [version, preset, edition, packed = ''] = good.split('.');

  it.each([
    ['of a newer version', good.replace('1.', '3.'), /newer playground wrote.*Reload/],
    ['of another edition', good.replace(`.${edition}.`, '.AAAAAA.'), /another edition/],
    ['of an unknown preset', good.replace(`.${preset}.`, '.elsewhere.'), /"elsewhere".*it has playground/],
    ['that is none', '/train', /no link to a run/],
    ['that is empty', '', /no link to a run/],
    ['without content', `${version}.${preset}.${edition}`, /no content/],
    ['with other characters', `${version}.${preset}.${edition}.%%%%${packed}`, /damaged/],
    ['that is too long', good.padEnd(MAX_LINK + 1, 'A'), /more than 200000/],
  ])('%s says so', (_, fragment, message) => {
    expect(() => decodeLink(fragment, presets)).toThrow(LinkError);
    expect(() => decodeLink(fragment, presets)).toThrow(message);
  });

  it('cut off anywhere, or with one character changed, is refused', () => {
    const start = good.length - packed.length;
    fc.assert(
      fc.property(fc.integer({ min: start, max: good.length - 1 }), fc.nat(62), (at, by) => {
        expect(() => decodeLink(good.slice(0, at), presets)).toThrow(LinkError);
        const other = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
        const put = other[(other.indexOf(good[at] ?? '') + 1 + by) % 64];
        const changed = good.slice(0, at) + put + good.slice(at + 1);
        let link: Link | null = null;
        try {
          link = decodeLink(changed, presets);
        } catch (error) {
          expect(error).toBeInstanceOf(LinkError);
        }
        // Bits behind the end of the last byte mean nothing.
        if (link) expect(link).toEqual(linkOf(recipe));
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('that unpacks to too much is stopped', () => {
    const bomb = deflateSync(new Uint8Array(6_000_000), { level: 6 });
    const bytes = Buffer.concat([new Uint8Array(4), bomb]);
    const [, , edition0] = encodeLink(linkOf({ ...recipe, config: '' }), new Map()).split('.');
    expect(() => decodeLink(`1.none.${edition0}.${bytes.toString('base64url')}`, presets)).toThrow(
      /unpacks to more than/,
    );
  });

  it('cannot be made of half a character, or of more than an address keeps', () => {
    expect(() => encodeLink(linkOf({ ...recipe, config: 'a: \uD800' }), presets)).toThrow(/half a character/);
    let state = 1;
    const noise = Array.from({ length: 100_000 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return String.fromCharCode(0x4e00 + (state >>> 17));
    }).join('');
    expect(() => encodeLink(linkOf({ ...recipe, config: noise }), presets)).toThrow(/export a bundle/);
  });
});
