import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from './parse-config.ts';
import { locateProblems } from './place-problems.ts';
import { edit, only, shown, sample } from './test-texts.ts';

const playground = sample;

describe('aliases', () => {
  it('shows a problem in an anchored value once, at the anchor', () => {
    const problem = only(edit(playground, 'affine: false', 'affine: 7'));
    expect(problem.underlined).toBe('7');
    expect(problem.path).toEqual([
      'model',
      'tasks',
      'recap.engagement.is_favorited',
      'mlp_config',
      'batch_norm',
      'affine',
    ]);
  });

  it('shows an alias of the wrong type at the alias', () => {
    const problem = only(edit(playground, 'inputs: *data_root', 'inputs: *data_tasks'));
    expect(problem.underlined).toBe('*data_tasks');
    expect(problem.message).toContain('inputs must be a text, but is a map');
  });

  it('shows what is wrong only where the alias stands at the alias', () => {
    const { problems } = parseRecapConfig(
      edit(playground, 'preprocess: *preprocess', 'preprocess: *seg_dense_schema'),
    );
    const line = playground.slice(0, playground.indexOf('preprocess: *preprocess')).split('\n').length;
    expect(problems.map((problem) => problem.line)).toEqual([line, line, line, line]);
    expect(
      problems.some(({ message }) => message.includes('renamed_features is not a key of preprocess')),
    ).toBe(true);
  });

  it.each([
    ['an unknown anchor', 'inputs: *data_root', 'inputs: *nothing', 'no &nothing'],
    ['an alias inside its anchor', 'inputs: *data_root', 'inputs: &self [*self]', 'contain itself'],
    ['a merge of a text', '      <<: *data_tasks', '      <<: *data_root', 'merges maps only'],
  ])('names %s', (_, before, after, message) => {
    expect(shown(edit(playground, before, after)).join('\n')).toContain(message);
  });

  it('survives an alias bomb', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    const { config, problems } = parseRecapConfig(lines.join('\n'));
    expect(config).toBeNull();
    expect(problems[0]?.message).toContain('Aliases expand to more than');
  });
});

describe('locateProblems', () => {
  const problem = (path: (string | number)[], place: 'key' | 'value') =>
    ({ severity: 'error', message: 'of another layer', path, place }) as const;
  const underlined = (path: (string | number)[], place: 'key' | 'value') =>
    locateProblems(playground, [problem(path, place)]).map(({ from, to }) => playground.slice(from, to));

  it('finds keys and values', () => {
    expect(underlined(['train_data', 'seg_dense_schema', 'schema_path'], 'value')).toEqual([
      'playground-segdense.json',
    ]);
    expect(underlined(['train_data', 'seg_dense_schema', 'schema_path'], 'key')).toEqual(['schema_path']);
    expect(underlined(['model', 'backbone', 'mask_net_config', 'mlp', 'layer_sizes', 0], 'value')).toEqual([
      '64',
    ]);
  });

  it('shows what the text does not have at the nearest key above', () => {
    expect(underlined(['train_data', 'seg_dense_schema', 'features', 2], 'value')).toEqual([
      'seg_dense_schema',
    ]);
    expect(underlined(['validation_data', 'train', 'preprocess', 'downcast'], 'key')).toEqual([
      '*validation',
    ]);
  });

  it('is empty for broken YAML', () => {
    expect(locateProblems('a: [', [problem(['a'], 'key')])).toEqual([]);
  });
});
