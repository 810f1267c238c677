import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from './parse-config.ts';
import { edit, fixture, only, preset, sample } from './test-texts.ts';

const playground = sample;
const shareNone = preset('share-none.yaml');

describe('rules', () => {
  it.each([
    [
      'two architectures',
      playground,
      '    recap.engagement.is_replied: *tower',
      '    recap.engagement.is_replied:\n      <<: *tower\n      mask_net_config: {mask_blocks: [{output_size: 1, aggregation_size: 2, input_layer_norm: false}]}',
      'mask_net_config',
      'The architecture is given twice',
    ],
    [
      'no architecture',
      playground,
      '    recap.engagement.is_replied: *tower',
      '    recap.engagement.is_replied: {}',
      'recap.engagement.is_replied',
      'set exactly one of mlp_config',
    ],
    [
      'no aggregation size',
      playground,
      'output_size: 32, aggregation_size: 32',
      'output_size: 32',
      '{ output_size: 32, input_layer_norm: false }',
      'set exactly one of aggregation_size, reduction_factor',
    ],
    [
      'two schedules',
      playground,
      '    backbone_learning_rate:',
      '    backbone_learning_rate:\n      constant: 0.1',
      'linear_ramp_to_constant',
      'given twice',
    ],
    [
      'share_none with a backbone',
      playground,
      'share_all',
      'share_none',
      'backbone',
      'share_none has no backbone',
    ],
    [
      'share_all without backbone',
      shareNone,
      'share_none',
      'share_all',
      'share_all',
      'share_all needs a backbone',
    ],
    [
      'unknown evaluation task',
      playground,
      '[recap.engagement.is_favorited]',
      '[recap.engagement.is_liked]',
      'recap.engagement.is_liked',
      'not among this partition',
    ],
    [
      'evaluation task without tower',
      playground,
      '[recap.engagement.is_favorited]',
      '[recap.engagement.is_shared]',
      'recap.engagement.is_shared',
      'has no tower',
    ],
    ['centre without scale', playground, 'scale: true', 'scale: false', 'false', 'learns both or neither'],
    ['another axis', playground, 'axis: -1', 'axis: 0', '0', 'use -1'],
    ['a tower with two outputs', playground, '[16, 8, 1]', '[16, 8, 2]', '2', 'make the last size 1'],
    [
      'a MaskNet tower with two outputs',
      shareNone,
      '[16, 1]',
      '[16, 3]',
      '3',
      'ends in one logit, this one in 3',
    ],
    [
      'a tower without learning rate',
      playground,
      /      recap.engagement.is_replied:\n.*linear_ramp_to_constant:\n.*\n.*\n/,
      '',
      'tower_learning_rates',
      'No learning rate for recap.engagement.is_replied',
    ],
    [
      'a learning rate without tower',
      playground,
      '    tower_learning_rates:\n',
      '    tower_learning_rates:\n      recap.engagement.is_shared: {constant: 0.1}\n',
      'recap.engagement.is_shared',
      'not a task of the model',
    ],
    [
      'no backbone learning rate',
      playground,
      /    backbone_learning_rate:\n.*\n.*\n.*\n/,
      '',
      'multi_task_learning_rates',
      'backbone_learning_rate is missing',
    ],
    [
      'a batch of one with BatchNorm',
      playground,
      'global_batch_size: 128',
      'global_batch_size: 1',
      '1',
      'at least 2 examples',
    ],
    [
      'another width in validation',
      playground,
      '    preprocess: *preprocess',
      '    preprocess: {truncate_and_slice: {continuous_feature_truncation: 90, binary_feature_truncation: 32}}',
      '90',
      'is 90 here and 96 in train_data',
    ],
    [
      'a day that no calendar has',
      playground,
      /  inputs: &data_root .*\n/,
      '  explicit_date_inputs: {data_root: &data_root d, end_date: 2023-02-29, days: 1}\n',
      '2023-02-29',
      'must be a day, such as 2023-03-01',
    ],
    [
      'an hour with minutes',
      playground,
      /  inputs: &data_root .*\n/,
      '  explicit_datetime_inputs: {data_root: &data_root d, end_datetime: 2023-03-01T05:30, hours: 1}\n',
      '2023-03-01T05:30',
      'must be an hour, such as 2023-03-01T05',
    ],
    [
      'two inputs',
      playground,
      '  inputs: &data_root',
      '  explicit_date_inputs: {data_root: d, end_date: 2023-03-01, days: 1}\n  inputs: &data_root',
      'explicit_date_inputs',
      'given twice',
    ],
  ] as const)('%s', (_, text, before, after, underlined, message) => {
    const problem = only(edit(text, before, after));
    expect(problem.underlined).toBe(underlined);
    expect(problem.message).toContain(message);
    expect(problem.severity).toBe('error');
  });

  it('checks piecewise learning rates', () => {
    const serial = fixture('serial-share-partial');
    expect(only(edit(serial, '          - 0.0001\n', ''))).toMatchObject({
      underlined: 'learning_rate_values',
      message: '2 boundaries need 3 values, but there are 2.',
    });
    expect(only(edit(serial, '          - 7\n', '          - 3\n')).message).toContain('sort them ascending');
  });

  it('checks the end of a cosine', () => {
    const problem = only(edit(fixture('serial-share-partial'), 'final_num_steps: 9', 'final_num_steps: 3'));
    expect(problem).toMatchObject({ underlined: '3' });
  });

  it('wants a label for each tower', () => {
    const problem = only(edit(fixture('mixed-share-none'), '    recap.engagement.is_replied: {}\n', ''));
    expect(problem).toMatchObject({ underlined: 'recap.engagement.is_replied' });
    expect(problem.message).toContain('has a tower but no label');
  });

  it('reports rules of one section beside errors in another', () => {
    const text = edit(edit(playground, 'share_all', 'share_none'), 'num_eval_steps: 8', 'num_eval_steps: x');
    expect(parseRecapConfig(text).problems.map(({ line }) => line)).toHaveLength(2);
  });
});

describe('advice', () => {
  it('says that a ramp is longer than training', () => {
    const problem = only(edit(playground, 'num_ramp_steps: 50', 'num_ramp_steps: 15000'));
    expect(problem).toMatchObject({ severity: 'info', underlined: 'num_ramp_steps' });
    expect(problem.message).toContain('only reaches 10 %');
  });

  it('warns of settings without effect', () => {
    expect(only(edit(playground, '  backbone:\n', '  backbone:\n    pos_weight: 2\n'))).toMatchObject({
      severity: 'warning',
      underlined: 'pos_weight',
    });
    expect(
      only(
        edit(
          playground,
          'layer_sizes: [16, 8, 1]',
          'final_layer_activation: true\n        layer_sizes: [16, 8, 1]',
        ),
      ),
    ).toMatchObject({
      severity: 'warning',
      underlined: 'final_layer_activation',
    });
  });
});
