import { describe, expect, it } from 'vitest';
import { characterProblems, unclosedProblems } from './yaml-lexemes.ts';
import { readYaml } from './yaml-tree.ts';

const characters = (text: string) =>
  characterProblems(text).map(({ severity, message, from }) => `${severity} ${from}: ${message}`);
const unclosed = (text: string) => unclosedProblems(text).map(({ message, from }) => `${from}: ${message}`);

describe('characters', () => {
  it.each([
    ['a: b\u00A0', 'error 4: A no-break space (U+00A0) stands here: type a normal space'],
    ['a\u200B: b', 'error 1: A zero-width space (U+200B) stands here: delete it'],
    ['a: x\n\uFEFFb: y', 'error 5: A byte order mark (U+FEFF) stands here: delete it'],
    ['a: \u202Ex', 'error 3: A text-direction mark (U+202E) stands here: delete it'],
    ['a:\u3000x', 'error 2: A full-width space (U+3000) stands here: type a normal space'],
    ['a: 1\u2009000', 'error 4: A typographic space (U+2009) stands here: type a normal space'],
    ['# c\u2028a: 1', 'error 3: A line separator (U+2028) stands here: type a normal line break'],
    ['a: 1\u0085b: 2', 'error 4: A next-line character (U+0085) stands here: type a normal line break'],
    [
      'a: "x\u00A0y"',
      'warning 5: A no-break space (U+00A0) stands inside this text: type a normal space, unless',
    ],
    ['a: |\n  x\u200B', 'warning 8: A zero-width space (U+200B) stands inside this text: delete it, unless'],
    ['a: “b”', 'error 3: A quotation mark of print (“) stands here: type " in its place'],
    ['a: [‘b’]', 'error 4: A quotation mark of print (‘) stands here'],
    ['model：\n  x: 1', 'error 5: A full-width colon (U+FF1A) stands here: type a normal colon'],
    ['a: \u0007', 'error 3: A control character (U+0007) stands here'],
    ['# \uD800', 'error 2: A control character (U+D800) stands here'],
  ])('%j', (text, message) => {
    expect(characters(text)).toHaveLength(1);
    expect(characters(text)[0]).toContain(message);
  });

  it.each([
    '\uFEFFa: 1',
    'a: 1 # x\u00A0y “z”',
    'a: it’s',
    'a: 10″',
    'a: می‌خواهم',
    'a: 👩‍💻',
    'a: 名：字',
    'a\tb: 1\r\n',
  ])('takes %j', (text) => expect(characters(text)).toEqual([]));

  it('names each once, with how often', () => {
    expect(characters('a: x\u00A0\nb\u00A0: y\u200B\nc: \u00A0').map((line) => line.slice(0, 70))).toEqual([
      'error 4: A no-break space (U+00A0) stands here, and 2 times more below',
      'error 11: A zero-width space (U+200B) stands here: delete it, or put t',
    ]);
  });
});

describe('brackets and quotes', () => {
  it.each([
    ['[a', ['0: This "[" has no closing "]": add it.']],
    ['a: [1, {b: 2]\nc: 1', ['7: This "{" has no closing "}": add it before the "]".']],
    [
      'a: {b: 1\nc: 2',
      ['3: This "{" has no closing "}": add it, and indent the lines inside it further than the key.'],
    ],
    ['a: [1]]', ['6: This "]" closes nothing: remove it, or add the "[" before.']],
    ['a: "b', ['3: This quote (") is not closed: add one at the end of the text.']],
    ['a: [1, "]"] # [', []],
    ['a: |\n  [ {\n', []],
  ])('%j', (text, expected) => expect(unclosed(text)).toEqual(expected));

  it('come in place of what the parser makes of them', () => {
    expect(readYaml('a: 1\nb: [1, 2\nc: 3').problems.map(({ message }) => message)).toEqual([
      'This "[" has no closing "]": add it, and indent the lines inside it further than the key.',
    ]);
  });
});
