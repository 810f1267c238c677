import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completionsAt } from './complete.ts';
import { hoverAt } from './hover.ts';
import { parseRecapConfig } from './parse-config.ts';
import type { ParsedConfig } from './parse-config.ts';
import { PRESETS } from './presets.ts';
import { FIXTURES, fixture, preset } from './test-texts.ts';
import { codePoint } from './testing/code-point.ts';

const texts = [...PRESETS.map(({ file }) => preset(file)), ...FIXTURES.map(fixture)];

/** Whatever the text: a configuration or an error, places inside the text, lines that agree with offsets. */
function checkContract(text: string, { config, problems }: ParsedConfig): void {
  const hasError = problems.some(({ severity }) => severity === 'error');
  expect(config === null).toBe(hasError);
  for (const { from, to, line, column, message } of problems) {
    expect(from >= 0 && from <= to && to <= text.length).toBe(true);
    const before = text.slice(0, from).split(/\r\n?|\n/);
    expect([line, column]).toEqual([before.length, (before.at(-1) ?? '').length + 1]);
    expect(message.length).toBeGreaterThan(10);
    expect(message).not.toContain('undefined');
    expect(message).not.toContain('[object');
  }
}

const variables = fc.constantFrom<Record<string, string>>({}, { HOME: '', x: '{', USER: 'a: b\nc: "' });

const SCRAPS = [
  ['\n', '\t', ' ', ':', '- ', '&a ', '*a', '<<: *a', '{', '}', '[', ']', ',', '"', "'", '#', '|', '>'],
  ['!!map ', '? ', 'null', '.nan', '.inf', '-1', '1e999', 'true', '~', '$HOME', '${x}', '%YAML 1.1\n---\n'],
  ['...', '\u0000', '💥', '__proto__: 1', 'mlp_config: ', 'layer_sizes: [1]', 'tasks:', 'training', '*tower'],
  ['*data_tasks', '*preprocess', 'constructor: {}'],
].flat();
const scrap = fc.constantFrom(...SCRAPS);

const mutated = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(30), fc.oneof(scrap, fc.string())), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([text, edits]) =>
    edits.reduce((current, [where, length, inserted]) => {
      const at = Math.floor(where * current.length);
      return current.slice(0, at) + inserted + current.slice(at + length);
    }, text),
  );

const movedLines = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(fc.nat(400), fc.nat(400), fc.nat(8)), { minLength: 1, maxLength: 4 }),
  )
  .map(([text, moves]) => {
    const lines = text.split('\n');
    for (const [from, to, indent] of moves) {
      const [line = ''] = lines.splice(from % lines.length, 1);
      lines.splice(to % (lines.length + 1), 0, ' '.repeat(indent) + line.trimStart());
    }
    return lines.join('\n');
  });

describe('any text', () => {
  it('never throws: arbitrary strings', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: codePoint, maxLength: 200 }),
          fc.array(scrap).map((parts) => parts.join('')),
        ),
        variables,
        (text, values) => {
          checkContract(text, parseRecapConfig(text, { variables: values }));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('never throws: presets and fixtures with edits', () => {
    fc.assert(
      fc.property(mutated, variables, (text, values) =>
        checkContract(text, parseRecapConfig(text, { variables: values })),
      ),
      { numRuns: 80 },
    );
  }, 120_000);

  it('never throws: presets and fixtures with lines moved and indented anew', () => {
    fc.assert(
      fc.property(movedLines, (text) => checkContract(text, parseRecapConfig(text))),
      { numRuns: 80 },
    );
  }, 120_000);

  it('completes and explains without throwing, inside the text', () => {
    fc.assert(
      fc.property(mutated, fc.double({ min: 0, max: 1, noNaN: true }), (text, where) => {
        const offset = Math.floor(where * text.length);
        const { from } = completionsAt(text, offset);
        expect(from >= 0 && from <= offset).toBe(true);
        const hover = hoverAt(text, offset);
        if (hover) expect(hover.from <= offset && offset <= hover.to && hover.to <= text.length).toBe(true);
      }),
      { numRuns: 80 },
    );
  }, 120_000);
});
