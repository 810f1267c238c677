import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedPaths, diffConfigs } from './changed-paths.ts';
import type { ConfigPath } from './config-path.ts';
import { setInText } from './edit-text.ts';
import { parseRecapConfig } from './parse-config.ts';
import type { RecapConfig } from './recap-config.ts';
import { FIXTURES, fixture, preset, sample } from './test-texts.ts';
import type { YamlValue } from './yaml-tree.ts';

const playground = sample;
const FAVORITED = 'recap.engagement.is_favorited';
const REPLIED = 'recap.engagement.is_replied';
const NEGATIVE = 'recap.engagement.is_negative_feedback_v2';

function valid(text: string): RecapConfig {
  const { config, problems } = parseRecapConfig(text);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (!config) throw new Error('not valid');
  return config;
}

function changes(text: string, path: ConfigPath, value: YamlValue | undefined): string[] {
  return changedPaths(valid(text), valid(setInText(text, path, value)));
}

/** Lines of `after` that are not in `before` and the other way round. */
function lineDiff(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  return [
    ...a.filter((line) => !b.includes(line)).map((line) => `-${line}`),
    ...b.filter((line) => !a.includes(line)).map((line) => `+${line}`),
  ];
}

describe('setInText', () => {
  it('changes one scalar and nothing else', () => {
    const after = setInText(playground, ['training', 'num_train_steps'], 20);
    expect(lineDiff(playground, after)).toEqual(['-  num_train_steps: 1500', '+  num_train_steps: 20']);
    const flow = setInText(
      playground,
      ['model', 'backbone', 'mask_net_config', 'mlp', 'final_layer_activation'],
      false,
    );
    expect(lineDiff(playground, flow)).toEqual([
      '-      mlp: { layer_sizes: [64], final_layer_activation: true }',
      '+      mlp: { layer_sizes: [64], final_layer_activation: false }',
    ]);
  });

  it('changes an item of a list', () => {
    const path = ['model', 'tasks', FAVORITED, 'mlp_config', 'layer_sizes', 0];
    expect(setInText(playground, path, 32)).toContain('layer_sizes: [32, 8, 1]');
  });

  it('changes all aliases of an anchored value', () => {
    const path = ['model', 'tasks', FAVORITED, 'mlp_config', 'layer_sizes', 0];
    expect(changes(playground, path, 32)).toHaveLength(10);
  });

  it('writes an aliased value out, leaving the anchor and its other aliases alone', () => {
    expect(changes(playground, ['model', 'tasks', REPLIED, 'mlp_config', 'layer_sizes', 0], 32)).toEqual([
      `model.tasks["${REPLIED}"].mlp_config.layer_sizes[0]`,
    ]);
    expect(changes(playground, ['model', 'tasks', REPLIED, 'pos_weight'], 3)).toEqual([
      `model.tasks["${REPLIED}"].pos_weight`,
    ]);
  });

  it('overrides a merged key beside the merge', () => {
    const path = ['model', 'tasks', NEGATIVE, 'mlp_config', 'layer_sizes'];
    const after = setInText(playground, path, [8, 1]);
    expect(lineDiff(playground, after)).toEqual(['+        layer_sizes: [8, 1]']);
    expect(valid(after).model.tasks[NEGATIVE]?.mlp_config?.layer_sizes).toEqual([8, 1]);
    expect(changes(playground, [...path, 1], 4)).toEqual([
      `model.tasks["${NEGATIVE}"].mlp_config.layer_sizes[1]`,
    ]);
  });

  it('replaces an aliased scalar', () => {
    expect(changes(playground, ['validation_data', 'train', 'global_batch_size'], 64)).toEqual([
      'validation_data.train.global_batch_size',
    ]);
  });

  it('adds a key that is missing, in block and flow', () => {
    const block = setInText(playground, ['training', 'gradient_accumulation'], 4);
    expect(lineDiff(playground, block)).toEqual(['+  gradient_accumulation: 4']);
    expect(valid(block).training.gradient_accumulation).toBe(4);
    const path = ['model', 'backbone', 'mask_net_config', 'mlp', 'dropout', 'rate'];
    expect(setInText(playground, path, 0.3)).toContain(
      'mlp: { layer_sizes: [64], final_layer_activation: true, dropout: { rate: 0.3 } }',
    );
    expect(
      changes(
        playground,
        ['train_data', 'tasks', 'recap.engagement.is_shared', 'pos_downsampling_rate'],
        0.5,
      ),
    ).toContain('train_data.tasks["recap.engagement.is_shared"].pos_downsampling_rate');
  });

  it('adds keys below a key without value, and a section at the end', () => {
    const empty = playground.replace(/training:\n(?: .*\n)+/, 'training:\n');
    expect(valid(setInText(empty, ['training', 'num_train_steps'], 7)).training.num_train_steps).toBe(7);
    expect(valid(setInText(playground, ['which_metrics'], 'all')).which_metrics).toBe('all');
  });

  it('replaces a block by a scalar', () => {
    const after = setInText(
      fixture('parallel-share-all'),
      ['model', 'backbone', 'mask_net_config', 'mlp'],
      null,
    );
    expect(valid(after).model.backbone?.mask_net_config?.mlp).toBeNull();
    expect(changedPaths(valid(fixture('parallel-share-all')), valid(after))).toEqual([
      'model.backbone.mask_net_config.mlp',
    ]);
  });

  it('removes a key, so that its default applies', () => {
    const after = setInText(playground, ['training', 'checkpoint_every_n'], undefined);
    expect(lineDiff(playground, after)).toEqual(['-  checkpoint_every_n: 250']);
    expect(valid(after).training.checkpoint_every_n).toBe(1000);
    expect(
      changes(
        playground,
        ['model', 'backbone', 'mask_net_config', 'mlp', 'final_layer_activation'],
        undefined,
      ),
    ).toEqual(['model.backbone.mask_net_config.mlp.final_layer_activation']);
    expect(setInText(playground, ['training', 'gradient_accumulation'], undefined)).toBe(playground);
    const list = fixture('mixed-share-none');
    const block = ['model', 'tasks', REPLIED, 'mask_net_config', 'mask_blocks', 1];
    expect(changes(list, [...block, 'reduction_factor'], undefined)).toEqual([]);
    expect(
      setInText(
        setInText(list, [...block, 'aggregation_size'], undefined),
        [...block, 'reduction_factor'],
        0.5,
      ),
    ).toContain(
      '        - input_layer_norm: false\n          output_size: 7\n          reduction_factor: 0.5\n',
    );
  });

  it('quotes what needs quotes', () => {
    for (const value of ['yes: no', '# x', '', 'true', '12', '*a', "it's", 'a\nb']) {
      expect(valid(setInText(playground, ['training', 'save_dir'], value || 'x')).training.save_dir).toBe(
        value || 'x',
      );
    }
  });

  it('keeps variables', () => {
    const production = preset('local_prod.yaml');
    expect(setInText(production, ['training', 'num_train_steps'], 11)).toContain('${HOME}');
  });

  it.each([
    ['broken: [', ['broken'], 'broken YAML'],
    ['', ['a'], 'broken YAML'],
    ['a: 1', [], 'name a key'],
    ['a: 1', ['a', 'b'], 'no place for a.b'],
    ['a: [1]', ['a', 3], 'no place for a[3]'],
  ] as const)('%j at %j is a RangeError', (text, path, message) => {
    expect(() => setInText(text, path, 1)).toThrow(RangeError);
    expect(() => setInText(text, path, 1)).toThrow(message);
  });

  it('property: sets any scalar of any configuration to what was asked for', () => {
    const texts = [
      ...FIXTURES.map(fixture),
      playground,
      preset('serial.yaml'),
      preset('share-none.yaml'),
      preset('local_prod.yaml'),
    ];
    const places = texts.flatMap((text, which) =>
      scalars(parseRecapConfig(text).raw, []).map((path) => ({ which, path })),
    );
    expect(places.length).toBeGreaterThan(1000);
    const value = fc.oneof(
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), value, ({ which, path }, set) => {
        const text = texts[which] ?? '';
        const after = parseRecapConfig(setInText(text, path, set)).raw;
        let here: unknown = after;
        for (const part of path) here = (here as Record<string | number, unknown>)[part];
        expect(here === 0 ? 0 : here).toEqual(set === 0 ? 0 : set);
      }),
      { numRuns: 100 },
    );
  }, 120_000);
});

function scalars(value: YamlValue, path: ConfigPath): ConfigPath[] {
  if (value === null || typeof value !== 'object') return [path];
  if (Array.isArray(value)) return value.flatMap((item, i) => scalars(item, [...path, i]));
  return Object.entries(value).flatMap(([key, item]) => scalars(item, [...path, key]));
}

describe('differences', () => {
  it('are none between a text and itself, whatever its form', () => {
    const commented = `# another comment\n${playground.replaceAll('{ affine: false, momentum: 0.1 }', '{momentum: 0.10, affine: false}')}`;
    expect(changedPaths(valid(playground), valid(commented))).toEqual([]);
  });

  it('name the deepest place, with both values', () => {
    const after = setInText(playground, ['optimizer', 'adam', 'beta_1'], 0.9);
    expect(diffConfigs(valid(playground), valid(after))).toEqual([
      { path: ['optimizer', 'adam', 'beta_1'], before: 0.95, after: 0.9 },
    ]);
  });

  it('name a list as a whole when its length changes, and what only one side has', () => {
    const [a, b] = [valid(playground), valid(playground)];
    b.model.backbone?.mask_net_config?.mask_blocks.pop();
    delete b.validation_data['train'];
    expect(changedPaths(a, b)).toEqual([
      'model.backbone.mask_net_config.mask_blocks',
      'validation_data.train',
    ]);
    expect(changedPaths(b, a)).toEqual([
      'model.backbone.mask_net_config.mask_blocks',
      'validation_data.train',
    ]);
  });
});
