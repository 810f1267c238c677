import { describe, expect, it } from 'vitest';
import { formatPath } from './config-path.ts';
import { rootSchema, schemaAt } from './schema-node.ts';
import type { SchemaNode } from './schema-node.ts';
import { substituteVariables } from './substitute.ts';
import { nearest } from './suggest.ts';

describe('schema tree', () => {
  it('knows the kind and meaning of every key', () => {
    const seen: string[] = [];
    const visit = (node: SchemaNode, path: readonly string[]) => {
      for (const [key, child] of node.properties) {
        const here = [...path, key];
        seen.push(here.join('.'));
        expect(child.description, here.join('.')).toMatch(/[.)]$/);
        // sampler.kwargs holds whatever its function takes.
        if (!here.join('.').includes('sampler')) expect(child.kind, here.join('.')).not.toBe('any');
        visit(child, here);
      }
      if (node.element) visit(node.element, [...path, '*']);
    };
    visit(rootSchema(), []);
    expect(seen.length).toBeGreaterThan(300);
  });

  it('walks records and lists', () => {
    expect(
      schemaAt(['model', 'tasks', 'a.b', 'mask_net_config', 'mask_blocks', 3, 'output_size'])?.kind,
    ).toBe('integer');
    expect(schemaAt(['model', 'multi_task_type'])?.choices).toEqual([
      'share_none',
      'share_all',
      'share_partial',
    ]);
    expect(schemaAt(['model', 'nothing'])).toBeNull();
    expect(schemaAt(['training', 'num_train_steps'])).toMatchObject({
      defaultValue: 1_000_000,
      nullable: true,
    });
  });
});

describe('nearest', () => {
  const known = ['learning_rate', 'final_learning_rate', 'num_ramp_steps', 'affine'];

  it.each([
    ['learning_rat', 'learning_rate'],
    ['Learning-Rate', 'learning_rate'],
    ['lerning_rate', 'learning_rate'],
    ['ramp_steps', 'num_ramp_steps'],
    ['affnie', 'affine'],
    ['zzz', null],
    ['', null],
    ['x'.repeat(500), null],
  ])('%s → %s', (word, expected) => {
    expect(nearest(word, known)).toBe(expected);
  });
});

describe('formatPath', () => {
  it('quotes names with dots and numbers positions', () => {
    expect(formatPath(['model', 'tasks', 'a.b', 'layer_sizes', 2])).toBe('model.tasks["a.b"].layer_sizes[2]');
    expect(formatPath([])).toBe('');
  });
});

describe('substituteVariables', () => {
  it('maps offsets back', () => {
    const original = 'a: $X/b ${LONG} $Y end';
    const { text, originalRange } = substituteVariables(original, { X: 'xxxx', LONG: '', Y: 'y' });
    expect(text).toBe('a: xxxx/b  y end');
    const back = (part: string) => {
      const from = text.indexOf(part);
      const range = originalRange(from, from + part.length);
      return original.slice(range.from, range.to);
    };
    expect(back('a:')).toBe('a:');
    expect(back('xx/')).toBe('$X/');
    expect(back('/b')).toBe('/b');
    expect(back('y')).toBe('$Y');
    expect(back('end')).toBe('end');
    expect(originalRange(text.length, text.length)).toEqual({ from: original.length, to: original.length });
  });

  it('does not substitute again what it put in', () => {
    expect(substituteVariables('$A', { A: '$B', B: 'no' }).text).toBe('$B');
  });
});
