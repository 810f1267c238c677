/** The folder for the reference: its configuration, its data, its script. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cli, fixture, temporaryFolder } from '../cli/testing/run.ts';
import { parseRecapConfig } from '../src/config/parse-config.ts';
import { parseDataSchema } from '../src/data/data-schema.ts';
import { planData } from '../src/data/layout.ts';
import { npyNonzero, writeNpyMask } from '../src/formats/npy.ts';
import { checkReference, ReferenceError } from '../src/formats/reference/limits.ts';
import { referenceConfig } from '../src/formats/reference/reference.ts';
import { readSafetensors } from '../src/formats/safetensors.ts';

const NAME = 'serial-share-partial';
const temporary = temporaryFolder();
afterAll(() => temporary.remove());
const out = temporary.path('reference');
const text = readFileSync(fixture(NAME, 'config.yaml'), 'utf8');

/** The fixture's configuration with one change, parsed, and its plan. */
function changed(change: (yaml: string) => string) {
  const { config, problems } = parseRecapConfig(change(text));
  if (!config) throw new Error(problems.map(({ message }) => message).join(' '));
  const schema = parseDataSchema(readFileSync(fixture(NAME, 'segdense.json'), 'utf8'), 'segdense.json');
  return { config, plan: planData(config.train_data, schema, Object.keys(config.model.tasks)) };
}

beforeAll(async () => {
  const ended = await cli([
    'export',
    '--config',
    fixture(NAME, 'config.yaml'),
    '--weights',
    fixture(NAME, 'initial.safetensors'),
    '--data',
    fixture(NAME, 'data/*.gz'),
    '--format',
    'reference',
    '--out',
    out,
  ]);
  expect(ended.stderr).toContain('120 examples checked and copied.');
  expect(ended).toMatchObject({ code: 0, stdout: '' });
});

describe('config.yaml', () => {
  const yaml = () => readFileSync(join(out, 'config.yaml'), 'utf8');

  it("has the model's tasks first and in the model's order, in every data section", () => {
    const value = parse(yaml()) as {
      model: { tasks: object };
      train_data: { tasks: object };
      validation_data: Record<string, { tasks: object }>;
    };
    const model = Object.keys(value.model.tasks);
    for (const { tasks } of [value.train_data, ...Object.values(value.validation_data)]) {
      expect(Object.keys(tasks).slice(0, model.length)).toEqual(model);
      expect(Object.keys(tasks)).toHaveLength(5);
    }
  });

  it('has no null and no exponent that PyYAML takes for text, and says the same', () => {
    expect(yaml()).not.toMatch(/null|: ~/);
    expect(yaml()).toContain('epsilon: 1.0e-7');
    const { config } = parseRecapConfig(yaml());
    const { config: before } = parseRecapConfig(text);
    expect(config?.model).toEqual(before?.model);
    expect(config?.optimizer).toEqual(before?.optimizer);
    expect(config?.train_data.tasks).toEqual(before?.train_data.tasks);
    expect(config?.train_data.preprocess).toEqual(before?.train_data.preprocess);
  });

  it('doubles a dollar, which string.Template would take for a variable', () => {
    const { config, plan } = changed((yaml) => `${yaml}which_metrics: $all\n`);
    expect(referenceConfig(config, plan)).toContain('which_metrics: $$all');
  });

  it('trains here to the losses of the reference, on the data beside it', async () => {
    const run = temporary.path('run');
    const ended = await cli([
      'train',
      '--config',
      join(out, 'config.yaml'),
      '--weights',
      join(out, 'weights.safetensors'),
      '--shuffle',
      'false',
      '--steps',
      '3',
      '--out',
      run,
    ]);
    expect(ended.code).toBe(0);
    const losses = readSafetensors(
      new Uint8Array(readFileSync(fixture(NAME, 'expected.safetensors'))),
    ).tensors.get('losses');
    const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
    lines.forEach((line, step) => {
      const { loss } = JSON.parse(line) as { loss: number };
      const expected = Number(losses?.data[step]);
      expect(Math.abs(loss / expected - 1)).toBeLessThanOrEqual(1e-5);
    });
    expect(lines).toHaveLength(3);
  });
});

it('to_reference.py compiles and knows the widths', () => {
  const script = readFileSync(join(out, 'to_reference.py'), 'utf8');
  expect(script).toContain('"continuous": [-1, 14]');
  const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (python) execFileSync(python, ['-m', 'py_compile', join(out, 'to_reference.py')]);
});

describe('what the reference cannot do is refused, at its key', () => {
  it.each([
    [
      'serial MaskNet with an mlp',
      ['mlp: null\n      use_parallel', 'mlp: {layer_sizes: [4, 3]}\n      use_parallel'],
      'model.backbone.mask_net_config.mlp',
    ],
    [
      'an MLP of one layer',
      ['- 7\n        - 1', '- 1'],
      'model.tasks.recap.engagement.is_favorited.mlp_config',
    ],
    [
      'another featurization',
      [/double_norm_log_config:[\s\S]*?feature_names/, 'log1p_abs_config: {}\n    feature_names'],
      'model.featurization_config',
    ],
    [
      'no discrete tensor',
      ['discrete: disc__vals\n', 'other: disc__vals\n'],
      'train_data.seg_dense_schema.renamed_features',
    ],
  ] as const)('%s', (_, [from, to], path) => {
    const { config, plan } = changed((yaml) => yaml.replace(from, to));
    expect(() => checkReference(config, plan)).toThrow(ReferenceError);
    expect(() => checkReference(config, plan)).toThrow(`${path}: `);
  });

  it('but not the fixture', () => {
    const { config, plan } = changed((yaml) => yaml);
    expect(() => checkReference(config, plan)).not.toThrow();
  });
});

it('a mask file is one that numpy and the terminal read', () => {
  const bytes = writeNpyMask(Int32Array.of(1, 4, 5), 7);
  expect([...npyNonzero(bytes)]).toEqual([1, 4, 5]);
  expect((bytes.length - 7) % 64).toBe(0);
});

it.each([
  [
    2,
    ['--format', 'onnx', '--data', 'x'],
    '--data is for --format reference; an export of onnx holds no data.',
  ],
  [1, ['--format', 'reference', '--data', 'none/*.gz'], 'No file matches --data "none/*.gz".'],
])('the terminal ends with %d: %j', async (code, more, message) => {
  const ended = await cli(['export', '--config', fixture(NAME, 'config.yaml'), '--out', out, ...more]);
  expect(ended.code).toBe(code);
  expect(ended.stderr).toContain(message);
});
