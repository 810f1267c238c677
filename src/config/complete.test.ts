import { describe, expect, it } from 'vitest';
import { completionsAt } from './complete.ts';
import { hoverAt } from './hover.ts';
import { parseRecapConfig } from './parse-config.ts';
import { scanKeys } from './yaml-scan.ts';
import { FIXTURES, edit, fixture, preset, sample } from './test-texts.ts';

const playground = sample;

/** Completions at the | in the text. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const { from, options } = completionsAt(text, offset);
  return { word: text.slice(from, offset), labels: options.map(({ label }) => label), options };
}

/** The playground preset with `before` replaced by `after`, which holds the |. */
const inPlayground = (before: string | RegExp, after: string) => at(edit(playground, before, after));

describe('completion of keys', () => {
  it('offers the sections of an empty file', () => {
    expect(at('|').labels).toEqual([
      'training',
      'model',
      'train_data',
      'validation_data',
      'optimizer',
      'which_metrics',
    ]);
  });

  it('offers the keys that a map does not have yet, with their meaning', () => {
    const { labels, word, options } = inPlayground(
      '  checkpoint_max_to_keep: 5\n',
      '  checkpoint_max_to_keep: 5\n  eval_|\n',
    );
    expect(word).toBe('eval_');
    expect(labels).toContain('eval_timeout_in_s');
    expect(labels).not.toContain('checkpoint_max_to_keep');
    expect(labels).not.toContain('eval_log_every_n');
    const option = options.find(({ label }) => label === 'eval_timeout_in_s');
    expect(option).toMatchObject({ type: 'property', detail: 'a number', apply: 'eval_timeout_in_s: ' });
    expect(option?.info).toContain('Default 3600.');
  });

  it('goes by the column of the cursor on a blank line', () => {
    expect(
      inPlayground('  checkpoint_max_to_keep: 5\n', '  checkpoint_max_to_keep: 5\n  |\n').labels,
    ).toContain('initial_checkpoint_dir');
    expect(inPlayground('  checkpoint_max_to_keep: 5\n', '  checkpoint_max_to_keep: 5\n|\n').labels).toEqual([
      'which_metrics',
    ]);
  });

  it('opens a nested map on the next line', () => {
    const { options } = inPlayground('  adam:\n', '  single|\n  adam:\n');
    const option = options.find(({ label }) => label === 'single_task_learning_rate');
    expect(option?.apply).toBe('single_task_learning_rate:\n    ');
  });

  it('works inside braces', () => {
    const { labels, options } = inPlayground('{ affine: false, momentum: 0.1 }', '{ affine: false, |');
    expect(labels).toEqual(['momentum']);
    expect(options[0]?.apply).toBe('momentum: ');
    expect(inPlayground('output_size: 32, ', 'output_size: 32, re|, ').labels).toEqual(['reduction_factor']);
  });

  it('works in a list of maps', () => {
    const blocks = fixture('mixed-share-none');
    const marked = edit(
      blocks,
      /        - aggregation_size: 4\n.*\n.*\n.*\n/,
      '        - aggregation_size: 4\n          |\n',
    );
    expect(at(marked).labels).toEqual(['output_size', 'reduction_factor', 'input_layer_norm']);
    const first = edit(blocks, '        - aggregation_size: 4', '        - |\n        - aggregation_size: 4');
    expect(at(first).labels).toEqual([
      'output_size',
      'reduction_factor',
      'aggregation_size',
      'input_layer_norm',
    ]);
  });

  it('names tasks where tasks belong', () => {
    const rates = inPlayground('    tower_learning_rates:\n', '    tower_learning_rates:\n      |\n');
    expect(rates.labels).toEqual([]);
    const missing = inPlayground(
      /      recap.engagement.is_replied:\n.*linear_ramp.*\n.*\n.*\n/,
      '      rec|\n',
    );
    expect(missing.labels).toEqual(['recap.engagement.is_replied']);
    const model = inPlayground('  tasks:\n', '  tasks:\n    recap|\n');
    expect(model.labels).toContain('recap.engagement.is_bookmarked');
    expect(model.labels).not.toContain('recap.engagement.is_favorited');
  });

  it('goes on where the text is broken elsewhere', () => {
    const broken = edit(
      edit(playground, 'share_all', '"share_all'),
      '{ affine: true, momentum: 0.1 }',
      '{ affine: true, [',
    );
    expect(parseRecapConfig(broken).config).toBeNull();
    expect(at(edit(broken, '  adam:\n', '  adam:\n    bet|\n')).labels).toEqual([]);
    expect(at(edit(broken, '    beta_1: 0.95\n', '    bet|\n')).labels).toEqual(['beta_1']);
  });

  it('is silent in comments', () => {
    expect(inPlayground('# Short ramps', '# Short | ramps').labels).toEqual([]);
    expect(inPlayground('share_all', 'share_all # |').labels).toEqual([]);
  });
});

describe('completion of values', () => {
  it('offers choices', () => {
    const { labels, word } = inPlayground('share_all', 'sha|');
    expect(labels).toEqual(['share_none', 'share_all', 'share_partial']);
    expect(word).toBe('sha');
  });

  it('offers true and false, marking the default', () => {
    const { options } = inPlayground('use_parallel: true', 'use_parallel: |');
    expect(options.map(({ label, detail }) => [label, detail])).toEqual([
      ['true', ''],
      ['false', 'default'],
    ]);
    expect(inPlayground('affine: false', 'affine: |').labels).toEqual(['true', 'false']);
  });

  it('offers the default of a number and null where a key may be absent', () => {
    expect(inPlayground('num_eval_steps: 8', 'num_eval_steps: |').labels).toEqual(['16384']);
    expect(inPlayground('checkpoint_max_to_keep: 5', 'checkpoint_max_to_keep: |').labels).toEqual(['null']);
  });

  it('offers tasks in evaluation_tasks', () => {
    const flow = inPlayground('[recap.engagement.is_replied]', '[rec|');
    expect(flow.labels).toContain('recap.engagement.is_replied');
    expect(flow.word).toBe('rec');
    const block = inPlayground('[recap.engagement.is_replied]', '\n      - recap.engagement.is_re|\n');
    expect(block.labels).toContain('recap.engagement.is_replied');
    expect(block.word).toBe('recap.engagement.is_re');
  });
});

describe('scanning keys', () => {
  it.each([
    ...FIXTURES.map(fixture),
    ...['playground.yaml', 'serial.yaml', 'share-none.yaml', 'local_prod.yaml'].map(preset),
  ])('finds the paths that parsing finds (text %#)', (text) => {
    const { raw } = parseRecapConfig(text);
    const tokens = scanKeys(text);
    expect(tokens.length).toBeGreaterThan(30);
    for (const { path, from, to } of tokens) {
      let here: unknown = raw;
      for (const part of path.slice(0, -1)) here = (here as Record<string | number, unknown>)[part];
      const key = String(path.at(-1));
      expect(text.slice(from, to)).toBe(key);
      if (key !== '<<') expect(Object.keys(here as object), path.join(' / ')).toContain(key);
    }
  });
});

describe('hover', () => {
  const hover = (key: string, text = playground) => hoverAt(text, text.indexOf(key) + 2);

  it('explains a key, its type and its default', () => {
    const found = hover('clip_magnitude');
    expect(found).toMatchObject({
      title: 'model.featurization_config.double_norm_log_config.clip_magnitude',
      default: '5',
    });
    expect(found?.description).toContain('clamped');
    expect(found?.description).toContain('Takes a number.');
    expect(playground.slice(found?.from, found?.to)).toBe('clip_magnitude');
  });

  it('tells required from absent', () => {
    expect(hover('layer_sizes')?.default).toBeNull();
    expect(hover('checkpoint_max_to_keep')?.default).toBe('null');
  });

  it('explains a key inside braces and a task', () => {
    expect(hover('aggregation_size')?.title).toBe(
      'model.backbone.mask_net_config.mask_blocks[0].aggregation_size',
    );
    expect(hover('recap.engagement.is_favorited')?.title).toBe(
      'model.tasks["recap.engagement.is_favorited"]',
    );
    expect(hover('<<')?.description).toContain('Merge key');
  });

  it('says nothing of values, unknown keys and comments', () => {
    expect(hoverAt(playground, playground.indexOf('share_all') + 2)).toBeNull();
    expect(hoverAt(playground, 3)).toBeNull();
    expect(hover('unknown', 'unknown: 1\n')).toBeNull();
  });

  it('works on broken text', () => {
    expect(hover('beta_1', edit(playground, '[64]', '[64'))?.title).toBe('optimizer.adam.beta_1');
  });
});
