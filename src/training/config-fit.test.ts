/** What only the data shows of a configuration, at its place in the text. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from '../config/parse-config.ts';
import { locateProblems } from '../config/place-problems.ts';
import { PRESETS } from '../config/presets.ts';
import { parseDataSchema } from '../data/data-schema.ts';
import { fitProblems } from './config-fit.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const sample = read('test/sample-config.yaml');
const playground = parseDataSchema(read('configs/playground-segdense.json'));

/** "underlined text: message" of each problem. */
function found(text: string, teacher = true, schema = playground): string[] {
  const { config, problems } = parseRecapConfig(text);
  if (!config) throw new Error(problems.map(({ message }) => message).join('\n'));
  return locateProblems(text, fitProblems(config, { schema, teacher })).map(
    ({ from, to, message }) => `${text.slice(from, to)}: ${message}`,
  );
}

function edited(before: string | RegExp, after: string): string {
  const text = sample.replace(before, after);
  expect(text).not.toBe(sample);
  return text;
}

const preprocess = (lines: string) =>
  edited('  preprocess: &preprocess\n', `  preprocess: &preprocess\n    ${lines}\n`);

describe('fitProblems', () => {
  it.each(PRESETS)('finds nothing in $file', ({ file }) => {
    const schema = file === 'local_prod.yaml' ? parseDataSchema(read('configs/segdense.json')) : playground;
    expect(found(read(`configs/${file}`), true, schema)).toEqual([]);
  });

  it.each([
    [
      'a truncation beyond the schema, once for all aliases',
      edited('continuous_feature_truncation: 96', 'continuous_feature_truncation: 960'),
      /^960: 960 columns are more than the 128 /,
    ],
    [
      'a feature that the schema does not have',
      edited('meta__author_id: meta.author_id', 'meta__author_id: meta.author'),
      /^meta\.author: "meta\.author" is not in the data schema playground-segdense\.json/,
    ],
    [
      'a label that the schema does not have, at its key',
      edited('    recap.engagement.is_bookmarked: {}\n', '    recap.engagement.is_bookmarkd: {}\n'),
      /^recap\.engagement\.is_bookmarkd: "recap\.engagement\.is_bookmarkd" is not in/,
    ],
    [
      'a wrong number of engagements',
      preprocess('downsample_negatives: { batch_multiplier: 2, engagements_list: [recap.engagement.is_replied], num_engagements: 99 }'), // prettier-ignore
      /^99: The model has 10 engagements, not 99/,
    ],
    [
      "a stratifier's column out of range",
      edited('model:\n', 'model:\n  stratifiers: [{ name: kind, index: 999, value: 1 }]\n'),
      /^999: Stratifier kind reads column 999 of the discrete tensor, which has \d+ here: use at most \d+\./,
    ],
    [
      'layers that cannot be built',
      read('configs/playground.yaml').replaceAll(/aggregation_size: \d+/g, 'reduction_factor: 0.0001'),
      /^reduction_factor: .*leaves no aggregation unit; the smallest usable factor is /,
    ],
    [
      'what a teacher cannot give',
      preprocess('extract_features: { extract_feature_table: [{ name: n, source_tensor: meta__user_id, index: 0 }] }'), // prettier-ignore
      /^meta__user_id: The teacher does not write "meta__user_id"/,
    ],
  ])('places %s', (_, text, message) => {
    const problems = found(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it('lets files give what a teacher cannot', () => {
    const text = preprocess('extract_features: { extract_feature_table: [{ name: n, source_tensor: meta__user_id, index: 0 }] }'); // prettier-ignore
    expect(found(text, false)).toEqual([]);
  });

  it('builds a model with a stratifier in range', () => {
    expect(
      found(edited('model:\n', 'model:\n  stratifiers: [{ name: kind, index: 0, value: 1 }]\n')),
    ).toEqual([]);
  });
});
