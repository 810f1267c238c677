import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from './parse-config.ts';
import { FIXTURES, edit, fixture, only, preset, shown, sample } from './test-texts.ts';

const playground = sample;
const production = preset('local_prod.yaml');

describe('valid configurations', () => {
  it.each(FIXTURES)('reads fixture %s without errors or warnings', (name) => {
    const { config, problems } = parseRecapConfig(fixture(name));
    expect(problems.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(config?.train_data.seg_dense_schema.schema_path).toBe('segdense.json');
  });

  it('gives null for what is absent and defaults for the rest', () => {
    const { config } = parseRecapConfig(fixture('mixed-share-none'));
    expect(config?.model.backbone).toBeNull();
    expect(config?.training).toEqual({
      save_dir: 'runs',
      num_train_steps: 12,
      initial_checkpoint_dir: null,
      checkpoint_every_n: 5,
      checkpoint_max_to_keep: null,
      train_log_every_n: 1,
      num_eval_steps: 1,
      eval_log_every_n: 1,
      eval_timeout_in_s: 3600,
      gradient_accumulation: null,
    });
    expect(config?.train_data.tasks['recap.engagement.is_shared']).toEqual({
      pos_downsampling_rate: 1,
      neg_downsampling_rate: 1,
    });
    expect(config?.train_data.examples_shuffle_buffer_size).toBe(1024);
  });

  it('takes null as absent for keys with a default, and for a task without rates', () => {
    const text = edit(
      edit(playground, 'checkpoint_every_n: 250', 'checkpoint_every_n: null'),
      'recap.engagement.is_bookmarked: {}',
      'recap.engagement.is_bookmarked:',
    );
    const { config, problems } = parseRecapConfig(text);
    expect(problems).toEqual([]);
    expect(config?.training.checkpoint_every_n).toBe(1000);
    expect(config?.train_data.tasks['recap.engagement.is_bookmarked']).toEqual({
      pos_downsampling_rate: 1,
      neg_downsampling_rate: 1,
    });
  });

  it('merges maps with explicit keys winning', () => {
    const { config } = parseRecapConfig(production);
    const partition = config?.validation_data['recap.engagement.is_favorited'];
    expect(partition?.tasks['recap.engagement.is_favorited']).toEqual({
      pos_downsampling_rate: 0.8387,
      neg_downsampling_rate: 0.01,
    });
    expect(partition?.tasks['recap.engagement.is_replied']?.neg_downsampling_rate).toBe(1);
    expect(partition?.global_batch_size).toBe(128);
    expect(partition?.evaluation_tasks).toEqual(['recap.engagement.is_favorited']);
  });

  it('merges a list of maps, the first winning', () => {
    const text = edit(
      edit(
        fixture('mixed-share-none'),
        'training:\n',
        'training:\n  <<: [&a {save_dir: a}, &b {save_dir: b, checkpoint_max_to_keep: 3}]\n',
      ),
      '  save_dir: runs\n',
      '',
    );
    expect(parseRecapConfig(text).config?.training).toMatchObject({
      save_dir: 'a',
      checkpoint_max_to_keep: 3,
    });
  });

  it('allows one learning rate for a model with one task', () => {
    const text = `
model:
  featurization_config: { log1p_abs_config: {} }
  tasks: { a: { mlp_config: { layer_sizes: [1] } } }
train_data: &data
  inputs: data/*.gz
  global_batch_size: 4
  seg_dense_schema: { schema_path: s.json }
  tasks: { a: {} }
validation_data: { validation: *data }
optimizer: { adam: {}, single_task_learning_rate: { constant: 0.001 } }
`;
    const { config, problems } = parseRecapConfig(text);
    expect(problems).toEqual([]);
    expect(config?.optimizer.adam).toEqual({ beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 });
    expect(config?.optimizer.multi_task_learning_rates).toBeNull();
    expect(config?.training.num_train_steps).toBe(1_000_000);
  });
});

describe('keys', () => {
  it('names an unknown key at the key, with the nearest known one', () => {
    const problem = only(edit(playground, 'checkpoint_every_n', 'checkpoint_evry_n'));
    expect(problem).toMatchObject({
      underlined: 'checkpoint_evry_n',
      severity: 'error',
      path: ['training', 'checkpoint_evry_n'],
    });
    expect(problem.message).toContain('did you mean checkpoint_every_n?');
  });

  it('names a missing key at its parent', () => {
    const problem = only(edit(fixture('mixed-share-none'), /  global_batch_size: 9\n/, ''));
    expect(problem.underlined).toBe('train_data');
    expect(problem.message).toContain('global_batch_size is missing in train_data');
  });

  it('names a missing section', () => {
    const problem = only(playground.slice(0, playground.indexOf('# Short ramps')));
    expect(problem.message).toContain('optimizer is missing');
    expect(problem.underlined).toBe('training');
  });

  it('asks for adam', () => {
    const problem = only(edit(playground, /  adam:\n.*\n.*\n.*\n/, ''));
    expect(problem.underlined).toBe('optimizer');
    expect(problem.message).toContain('adam is missing in optimizer');
  });

  it('names a duplicate key at the second one', () => {
    const problem = only(
      edit(playground, '  checkpoint_every_n: 250\n', '  checkpoint_every_n: 250\n  checkpoint_every_n: 3\n'),
    );
    expect(problem.message).toContain('twice');
    expect(problem.line).toBe(
      playground.slice(0, playground.indexOf('checkpoint_every_n')).split('\n').length + 1,
    );
  });

  it('refuses keys that are no names', () => {
    expect(shown(edit(playground, 'training:\n', 'training:\n  ? [a, b]\n  : 1\n'))[0]).toContain(
      'A key must be a name',
    );
    expect(shown(edit(playground, 'training:\n', 'training:\n  __proto__: 1\n'))[0]).toContain(
      'cannot be a key',
    );
  });
});

describe('values', () => {
  it.each([
    ['num_train_steps: 1500', 'num_train_steps: many', 'many', 'a whole number, but is the text "many"'],
    ['num_train_steps: 1500', 'num_train_steps: "1.5e3"', '"1.5e3"', 'write 1500'],
    ['num_train_steps: 1500', 'num_train_steps: 1,5', '1,5', 'a whole number, but is the text "1,5"'],
    ['num_train_steps: 1500', 'num_train_steps: 1.500,0', '1.500,0', 'write 1500'],
    ['num_train_steps: 1500', 'num_train_steps: 0o10', '0o10', 'write 8'],
    ['num_train_steps: 1500', 'num_train_steps: true', 'true', 'write 1'],
    ['num_train_steps: 1500', 'num_train_steps: 1500 steps', '1500 steps', 'is the text "1500 steps"'],
    ['beta_1: 0.95', 'beta_1: 0,95', '0,95', 'write 0.95'],
    ['beta_1: 0.95', 'beta_1: 95%', '95%', 'write 0.95'],
    ['clip_magnitude: 5.0', 'clip_magnitude: −5', '−5', 'write -5 with a hyphen'],
    ['use_parallel: true', 'use_parallel: 2', '2', 'true or false, but is 2'],
    ['multi_task_type: share_all', 'multi_task_type: no', 'no', 'one of share_none'],
    ['num_train_steps: 1500', 'num_train_steps: 0', '0', 'at least 1, but is 0'],
    ['num_train_steps: 1500', 'num_train_steps: 1.5', '1.5', 'a whole number, but is 1.5; write 1 or 2'],
    ['num_train_steps: 1500', 'num_train_steps: 1e400', '1e400', 'but is the text "1e400"'],
    [
      'num_train_steps: 1500',
      'num_train_steps: 99999999999999999999',
      '99999999999999999999',
      'at most 9007199254740991',
    ],
    [
      'layer_sizes: [64]',
      'layer_sizes: [.nan]',
      '.nan',
      'Item 1 of layer_sizes must be a whole number, but is .nan',
    ],
    ['layer_sizes: [64]', 'layer_sizes: [.inf]', '.inf', 'but is .inf'],
    ['layer_sizes: [64]', 'layer_sizes: [2000000]', '2000000', 'at most 1048576'],
    ['layer_sizes: [64]', 'layer_sizes: []', '[]', 'a list of at least 1 item, but is an empty list'],
    ['layer_sizes: [64]', 'layer_sizes: 64', '64', 'a list, but is 64'],
    ['clip_magnitude: 5.0', 'clip_magnitude: 1e39', '1e39', 'at most 3.4028234663852886e+38'],
    ['clip_magnitude: 5.0', 'clip_magnitude: .nan', '.nan', 'a number, but is .nan'],
    ['use_parallel: true', 'use_parallel: maybe', 'maybe', 'true or false, but is the text "maybe"'],
    ['multi_task_type: share_all', 'multi_task_type: shareall', 'shareall', 'did you mean share_all'],
    ['beta_1: 0.95', 'beta_1: 1', '1', 'less than 1'],
    ['neg_downsampling_rate: 0.01', 'neg_downsampling_rate: 0', '0', 'greater than 0'],
  ])('%s → %s', (before, after, underlined, message) => {
    const problem = only(edit(playground, before, after));
    expect(problem.underlined).toBe(underlined);
    expect(problem.message).toContain(message);
  });

  it('underlines the key of a block that should be a number', () => {
    const problem = only(edit(playground, 'num_train_steps: 1500', 'num_train_steps:\n    - 1\n    - 2'));
    expect(problem.underlined).toBe('num_train_steps');
    expect(problem.message).toContain('but is a list');
  });
});

describe('text', () => {
  it.each([
    ['', 'is empty'],
    ['# nothing\n', 'is empty'],
    ['- a\n', 'is a map of keys'],
    ['training', 'is a map of keys'],
    ['a: [1, 2\nb: 3', 'This "[" has no closing "]"'],
    ['model: [a', 'This "[" has no closing "]"'],
    ['a: {b: [1, 2}\nc: 3', 'This "[" has no closing "]": add it before the "}"'],

    ['a: [1]]', 'This "]" closes nothing'],
    ['a: @b', 'cannot start with this character'],
    ['a: "b', 'This quote (") is not closed'],
    ["a: 'it's'", 'YAML syntax'],
    ['a:\n\t- b', 'use spaces'],
    ['a: 1\n---\nb: 2', 'more than one document'],
    ['['.repeat(5000), ''],
    [`${'a:\n'}${' '.repeat(1)}${'['.repeat(100)}${']'.repeat(100)}`, 'Nested deeper'],
    ['x'.repeat(1_000_001), 'characters'],
  ])('text %# gives a problem', (text, message) => {
    const { config, problems } = parseRecapConfig(text);
    expect(config).toBeNull();
    expect(problems[0]?.severity).toBe('error');
    expect(problems.map((problem) => problem.message).join('\n')).toContain(message);
    for (const { from, to } of problems) expect(from >= 0 && from <= to && to <= text.length).toBe(true);
  });

  it('reads CRLF line ends, with the same lines', () => {
    const text = edit(playground, 'num_eval_steps: 8', 'num_eval_steps: x');
    const crlf = text.replaceAll('\n', '\r\n');
    expect(only(crlf)).toMatchObject({ underlined: 'x', line: only(text).line, column: only(text).column });
  });
});

describe('$VAR', () => {
  const written = '${HOME}/runs/$NAME/$OTHER/${no-name}';
  const text = edit(playground, 'data/*.gz', written);

  it('substitutes known names and leaves the others', () => {
    const { config } = parseRecapConfig(text, { variables: { HOME: '/home/somebody', NAME: 'x' } });
    expect(config?.train_data.inputs).toBe('/home/somebody/runs/x/$OTHER/${no-name}');
    expect(parseRecapConfig(text).config?.train_data.inputs).toBe(written);
  });

  it('keeps positions those of the text as given', () => {
    const broken = edit(edit(text, 'num_eval_steps: 8', 'num_eval_steps: $N'), 'affine: false', 'affine: 7');
    const { problems } = parseRecapConfig(broken, {
      variables: { HOME: '/home/somebody', NAME: '', OTHER: '', N: '"a long text"' },
    });
    expect(problems.map(({ from, to }) => broken.slice(from, to))).toEqual(['$N', '7']);
  });

  it('does not take names from the prototype', () => {
    const { config } = parseRecapConfig(edit(playground, 'data/*.gz', '$constructor'), { variables: {} });
    expect(config?.train_data.inputs).toBe('$constructor');
  });

  it('says at its place what stays, once for all aliases, and why', () => {
    const one = only(edit(playground, 'data/*.gz', '${HOME}/data/*.gz'));
    expect(one).toMatchObject({
      severity: 'info',
      underlined: '${HOME}/data/*.gz',
      path: ['train_data', 'inputs'],
      message: 'A page has no environment variables: ${HOME} stays as it is.',
    });
    const { problems } = parseRecapConfig(text, { variables: { HOME: '/home/somebody', NAME: '$HOME' } });
    expect(problems.map(({ message }) => message)).toEqual([
      'There is no environment variable OTHER: set it, or write its value in place of $OTHER.',
    ]);
  });

  it('is silent in comments and where nobody reads the value', () => {
    expect(shown(edit(playground, 'training:\n', '# $HOME\ntraining:\n'))).toEqual([]);
    expect(only(edit(playground, 'training:\n', 'training:\n  save_dir: $HOME\n')).underlined).toBe(
      'save_dir',
    );
  });
});
