import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from './parse-config.ts';
import { PRESETS } from './presets.ts';
import type { MlpConfig, RecapConfig } from './recap-config.ts';
import { PRODUCTION_LABELS } from './schema/known-names.ts';
import { preset, read } from './test-texts.ts';

interface DataSchema {
  schema: { dtype: string; feature_name: string; length: number }[];
}

function valid(file: string): RecapConfig {
  const { config, problems } = parseRecapConfig(preset(file));
  expect(problems.filter(({ severity }) => severity !== 'info')).toEqual([]);
  if (!config) throw new Error(`${file} is not valid`);
  return config;
}

function lengths(config: RecapConfig): Map<string, number> {
  const schema = JSON.parse(read(`configs/${config.train_data.seg_dense_schema.schema_path}`)) as DataSchema;
  return new Map(schema.schema.map(({ feature_name, length }) => [feature_name, length]));
}

function linear(from: number, to: number): number {
  return from * to + to;
}

/** Parameters of an MLP on `from` columns (BatchNorm here is without affine). */
function mlp(from: number, { layer_sizes: sizes }: MlpConfig): number {
  return sizes.reduce((sum, size, i) => sum + linear(i === 0 ? from : (sizes[i - 1] ?? 0), size), 0);
}

/** Parameters of a share_all model with a parallel MaskNet and MLP towers, from the facts of the architecture. */
function parameters(config: RecapConfig): number {
  const slice = config.train_data.preprocess?.truncate_and_slice;
  const continuous = slice?.continuous_feature_truncation ?? 0;
  const binary = slice?.binary_feature_truncation ?? 0;
  const names = config.train_data.seg_dense_schema.renamed_features;
  const width = lengths(config).get(names['user_embedding'] ?? '') ?? 0;
  const input = continuous + binary + 3 * width;
  const maskNet = config.model.backbone?.mask_net_config;
  if (!maskNet?.mlp) throw new Error('no MaskNet with an MLP');
  const blocks = maskNet.mask_blocks.map(({ aggregation_size, output_size }) => {
    const hidden = aggregation_size ?? 0;
    return linear(input, hidden) + linear(hidden, input) + linear(input, output_size) + 2 * output_size;
  });
  const joined = maskNet.mask_blocks.reduce((sum, block) => sum + block.output_size, 0);
  const shared = maskNet.mlp.layer_sizes.at(-1) ?? 0;
  const towers = Object.values(config.model.tasks).map(({ mlp_config }) =>
    mlp_config ? mlp(shared, mlp_config) : 0,
  );
  const norms = 2 * continuous + 2 * (continuous + binary) + 3 * 2 * width;
  return norms + mlp(joined, maskNet.mlp) + [...blocks, ...towers].reduce((sum, count) => sum + count, 0);
}

it('lists every preset there is', () => {
  const folder = new URL('../../configs/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  expect(PRESETS.map(({ file }) => file).toSorted()).toEqual(files.toSorted());
});

describe.each(PRESETS)('$file', ({ file, description }) => {
  const config = valid(file);

  it('is one sentence long in the list', () => {
    expect(description).toMatch(/^[A-Z][^.]*[a-zA-Z)]\.$/);
  });

  it('names features that its data schema has, and keeps no more columns than there are', () => {
    const features = lengths(config);
    const { renamed_features: names } = config.train_data.seg_dense_schema;
    for (const feature of [...Object.values(names), ...Object.keys(config.train_data.tasks)]) {
      expect(features.has(feature), feature).toBe(true);
    }
    const slice = config.train_data.preprocess?.truncate_and_slice;
    expect(slice?.continuous_feature_truncation).toBeLessThanOrEqual(
      features.get(names['continuous'] ?? '') ?? 0,
    );
    expect(slice?.binary_feature_truncation).toBeLessThanOrEqual(features.get(names['binary'] ?? '') ?? 0);
  });

  it('has the thirteen labels of production', () => {
    expect(Object.keys(config.train_data.tasks)).toEqual(PRODUCTION_LABELS);
  });
});

describe('local_prod.yaml', () => {
  const config = valid('local_prod.yaml');

  it('has 48,115,108 parameters', () => {
    expect(parameters(config)).toBe(48_115_108);
  });

  it('has the learning rates and partitions of production', () => {
    const rates = config.optimizer.multi_task_learning_rates;
    expect(rates?.backbone_learning_rate?.linear_ramp_to_constant).toEqual({
      learning_rate: 1e-4,
      num_ramp_steps: 1000,
    });
    const towers = Object.values(rates?.tower_learning_rates ?? {}).map(
      ({ linear_ramp_to_constant: ramp }) => [ramp?.learning_rate, ramp?.num_ramp_steps],
    );
    expect(towers).toEqual([
      [8e-4, 5000],
      [1e-4, 2000],
      [2e-4, 1000],
      [5e-4, 5000],
      [3e-4, 1000],
      [1e-3, 1000],
      [1e-4, 1000],
      [1e-4, 3000],
      [1e-4, 1000],
      [3e-3, 1000],
    ]);
    const sampled = Object.entries(config.validation_data).flatMap(([name, { tasks, evaluation_tasks }]) => {
      const rate = tasks[name];
      if (!rate) return [];
      expect(evaluation_tasks).toEqual([name]);
      const others = Object.entries(tasks).filter(([task]) => task !== name);
      expect(others.every(([, other]) => other.neg_downsampling_rate === 1)).toBe(true);
      return [[rate.pos_downsampling_rate, rate.neg_downsampling_rate]];
    });
    expect(sampled).toEqual([
      [0.8387, 0.01],
      [0.9164, 0.00195],
      [1, 0.00174],
      [1, 0.0028],
      [1, 0.0015],
      [1, 0.005],
      [1, 0.001],
      [1, 0.000014],
      [0.9561, 0.004],
      [1, 0.00427],
    ]);
    expect(Object.keys(config.validation_data).slice(0, 2)).toEqual(['validation', 'train']);
  });

  it("has production's dropout", () => {
    const rates = Object.values(config.model.tasks).map(
      ({ mlp_config }) => mlp_config?.dropout?.rate ?? null,
    );
    expect(rates).toEqual([null, null, null, 0.1, null, null, null, 0.2, null, null]);
  });

  it("reads production's data schema", () => {
    const features = lengths(config);
    const names = config.train_data.seg_dense_schema.renamed_features;
    const length = (tensor: string) => features.get(names[tensor] ?? '');
    expect(['continuous', 'binary', 'discrete', 'user_embedding'].map(length)).toEqual([6000, 512, 320, 200]);
    expect(['meta.author_id', 'meta.tweet_id', 'meta.user_id'].map((name) => features.get(name))).toEqual([
      1, 1, 1,
    ]);
  });
});

it('gives no advice on local_prod.yaml but on ramps, keys without effect, and variables', () => {
  const { problems } = parseRecapConfig(preset('local_prod.yaml'));
  const others = problems.filter(({ message }) => !message.startsWith('The ramp takes'));
  expect(others.map(({ path, severity }) => [severity, path.join('.')])).toEqual([
    ['info', 'training.save_dir'],
    ['info', 'training.eval_timeout_in_s'],
    ['info', 'train_data.dataset_service_compression'],
    ['info', 'train_data.inputs'],
  ]);
});

describe('playground.yaml', () => {
  const config = valid('playground.yaml');

  it('has as many parameters as its first line says, few enough for a software adapter', () => {
    expect(parameters(config)).toBe(89_450);
    expect(preset('playground.yaml').split('\n')[0]).toContain('89,450 parameters');
  });

  it('has no problems, infos included', () => {
    for (const file of ['playground.yaml', 'serial.yaml', 'share-none.yaml']) {
      expect(parseRecapConfig(preset(file)).problems).toEqual([]);
    }
  });
});
