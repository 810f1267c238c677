import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonText } from './json-text.ts';

const problem = (text: string) => {
  const parsed = parseJsonText(text);
  if (parsed.value) throw new Error(`${text} was read`);
  const { line, column, message } = parsed.problems[0]!;
  return `${line}:${column} ${message}`;
};

const readable = (value: unknown): boolean =>
  JSON.stringify(value, (key, inner: unknown) => {
    if (key === '__proto__') throw new Error('proto');
    return inner;
  }) !== undefined;

describe('parseJsonText', () => {
  it('reads what JSON.parse reads, whatever the white space', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('', ' ', '\t', '\r\n  '), (value, space) => {
        fc.pre(!JSON.stringify(value).includes('__proto__') && readable(value));
        const text = space + JSON.stringify(value, null, space.trim() === '' ? space : 0) + space;
        expect(parseJsonText(text).value?.value).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what JSON.parse refuses, without throwing', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '{',
            '}',
            '[',
            ']',
            ',',
            ':',
            '"a"',
            '1',
            '-',
            '0',
            '.5',
            'e',
            'true',
            'nul',
            '\\',
            ' ',
          ),
        ),
        (parts) => {
          const text = parts.join('');
          let good = true;
          try {
            JSON.parse(text);
          } catch {
            good = false;
          }
          // Doubled keys are the one thing refused here and taken there.
          const parsed = parseJsonText(text);
          if (parsed.value) expect(good).toBe(true);
          else if (good) expect(parsed.problems[0].message).toMatch(/twice/);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('finds every value and key', () => {
    const text = '{\n  "a": [1, {"b": "x"}],\n  "c": null\n}';
    const { locate } = parseJsonText(text).value!;
    expect(text.slice(locate(['a', 1, 'b'], 'value'))).toMatch(/^"x"/);
    expect(text.slice(locate(['a', 1, 'b'], 'key'))).toMatch(/^"b"/);
    expect(text.slice(locate(['a', 1], 'value'))).toMatch(/^\{"b"/);
    expect(text.slice(locate(['c', 'absent'], 'value'))).toMatch(/^null/);
  });

  it('names the place of a syntax error and the mend', () => {
    expect(problem('[1,\n 2 3]')).toBe('2:4 A comma or "]" must stand here, but "3" stands here');
    expect(problem('{"a": 1,\n}')).toBe('2:1 A key in double quotes must stand here, but "}" stands here');
    expect(problem('{"a": 1, "a": 2}')).toMatch(/^1:10 .*"a" stands here twice/);
    expect(problem('["a\nb"]')).toMatch(/^1:4 .*must be escaped/);
    expect(problem('["\\x"]')).toMatch(/^1:3 Unknown escape/);
    expect(problem('["ab')).toMatch(/^1:2 .*no closing quote/);
    expect(problem('')).toMatch(/^1:1 A value must stand here, but the text ends here/);
    expect(problem('1e999')).toMatch(/^1:1 The number 1e999 is too large/);
    expect(problem('[1] x')).toMatch(/^1:5 JSON ends before/);
    expect(problem('['.repeat(100))).toMatch(/deeper than 64/);
  });
});
