import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from './parse-config.ts';
import { edit, only, preset, sample } from './test-texts.ts';

const playground = sample;
const shareNone = preset('share-none.yaml');

describe('what the engine does not do', () => {
  const mlp = '{ layer_sizes: [4, 1] }';
  it.each([
    ['dcn_config', /mlp_config: &tower_mlp\n(?: {8}.*\n)+/, `dcn_config: { poly_degree: 2 }\n`],
    [
      'dlrm_config',
      '    recap.engagement.is_retweeted: *tower',
      `    recap.engagement.is_retweeted: { dlrm_config: { bottom_mlp: ${mlp}, top_mlp: ${mlp} } }`,
    ],
    [
      'z_score_log_config',
      /double_norm_log_config:\n(?: {6}.*\n)+/,
      'z_score_log_config: { analysis_path: a }\n',
    ],
    ['feature_names_to_concat', '[binary]', '[binary, discrete]'],
    ['small_embeddings', 'model:\n', 'model:\n  small_embeddings: { tables: [] }\n'],
    [
      'large_embeddings',
      'model:\n',
      'model:\n  large_embeddings: { tables: [], optimizer: { init_learning_rate: 0.1 } }\n',
    ],
    [
      'position_debias_config',
      'model:\n',
      'model:\n  position_debias_config: { position_feature_index: 51 }\n',
    ],
    ['sampler', 'train_data:\n', 'train_data:\n  sampler: { name: f, kwargs: {} }\n'],
  ])('%s is a named error at its key', (key, before, after) => {
    const problem = only(edit(shareNone.replaceAll('<<: *tower_mlp', 'layer_sizes: [4, 1]'), before, after));
    expect(problem.underlined).toBe(key);
    expect(problem.message).toMatch(new RegExp(`^${key}.* not supported`));
  });

  it.each([
    ['file_batch_size', '16'],
    ['cache', 'true'],
    ['data_service_dispatcher', 'host'],
    ['dataset_service_compression', 'AUTO'],
    ['map_num_parallel_calls', '2'],
    ['interleave_num_parallel_calls', '2'],
  ])('%s has no effect here, and says so', (key, value) => {
    const problem = only(edit(playground, 'train_data:\n', `train_data:\n  ${key}: ${value}\n`));
    expect(problem).toMatchObject({ underlined: key, severity: 'info' });
    expect(problem.message).toContain('has no effect here');
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
