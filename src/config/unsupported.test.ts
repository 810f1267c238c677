import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from './parse-config.ts';
import { edit, only, preset, sample } from './test-texts.ts';

const playground = sample;
const shareNone = preset('share-none.yaml');

describe('what the engine does not do', () => {
  it.each([
    [
      'z_score_log_config',
      /double_norm_log_config:\n(?: {6}.*\n)+/,
      'z_score_log_config: { analysis_path: a }\n',
    ],
    [
      'large_embeddings',
      'model:\n',
      'model:\n  large_embeddings: { tables: [], optimizer: { init_learning_rate: 0.1 } }\n',
    ],
    ['sampler', 'train_data:\n', 'train_data:\n  sampler: { name: f, kwargs: {} }\n'],
  ])('%s is a named error at its key', (key, before, after) => {
    const problem = only(edit(shareNone.replaceAll('<<: *tower_mlp', 'layer_sizes: [4, 1]'), before, after));
    expect(problem.underlined).toBe(key);
    expect(problem.message).toMatch(new RegExp(`^${key}.* not supported`));
  });

  it.each([
    ['train_data', 'file_batch_size', '16', 'one by one'],
    ['train_data', 'cache', 'true', 'read again'],
    ['train_data', 'data_service_dispatcher', 'host', 'no data service'],
    ['train_data', 'dataset_service_compression', 'AUTO', 'no data service'],
    ['train_data', 'map_num_parallel_calls', '2', 'one worker'],
    ['train_data', 'interleave_num_parallel_calls', '2', 'one after another'],
    ['training', 'save_dir', 'runs', '--out'],
    ['training', 'eval_timeout_in_s', '60', 'between training steps'],
  ])('%s.%s has no effect here, and says what happens instead', (section, key, value, instead) => {
    const problem = only(edit(playground, `${section}:\n`, `${section}:\n  ${key}: ${value}\n`));
    expect(problem).toMatchObject({ underlined: key, severity: 'info' });
    expect(problem.message).toContain('has no effect here');
    expect(problem.message).toContain(instead);
  });

  it('says that a checkpoint to start from is for the terminal', () => {
    const text = edit(playground, 'training:\n', 'training:\n  initial_checkpoint_dir: runs/first\n');
    const problem = only(text);
    expect(problem).toMatchObject({ underlined: 'initial_checkpoint_dir', severity: 'warning' });
    expect(problem.message).toContain('import the weights');
  });

  it.each([
    ['explicit_date_inputs', '{ data_root: d, end_date: 2023-03-01, days: 1 }'],
    ['explicit_datetime_inputs', '{ data_root: d, end_datetime: 2023-03-01T00, hours: 1 }'],
  ])('%s is for the terminal: on the page, files are chosen', (key, value) => {
    const problem = only(edit(shareNone, /  inputs: &data_root .*\n/, `  ${key}: ${value}\n`).replaceAll('inputs: *data_root', 'inputs: d')); // prettier-ignore
    expect(problem).toMatchObject({ underlined: key, severity: 'info' });
    expect(problem.message).toMatch(/Only the terminal.*data panel/);
  });

  it('does not flag what preprocessing does', () => {
    const text = edit(
      playground,
      '  preprocess: &preprocess\n',
      `  preprocess: &preprocess
    downcast: { features: { continuous: bfloat16 } }
    rectify_labels: { served_timestamp_field: s, impressed_timestamp_field: i, label_to_engaged_timestamp_field: {} }
    extract_features: { extract_feature_table: [{ name: n, source_tensor: discrete, index: 3 }] }
    downsample_negatives: { batch_multiplier: 4, engagements_list: [recap.engagement.is_shared], num_engagements: 13 }
`,
    );
    expect(
      parseRecapConfig(edit(text, 'model:\n', 'model:\n  stratifiers: [{ name: n, index: 1, value: 2 }]\n'))
        .problems,
    ).toEqual([]);
  });
});
