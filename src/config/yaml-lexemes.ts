/**
 * What can be told from the pieces of YAML text before its structure: characters that nobody sees or that only look
 * like the right ones, and brackets and quotes that are never closed. Works on broken text.
 */
import { CST, Lexer } from 'yaml';
import type { TreeProblem } from './yaml-tree.ts';

interface Lexeme {
  readonly kind: 'plain' | 'block' | 'comment' | 'quoted' | 'open' | 'close' | 'broken-off' | 'other';
  readonly from: number;
  readonly source: string;
}

/** What PyYAML's reader refuses anywhere, comments included; without the line separators, which are named below. */
const CONTROL = /[^\P{Cc}\t\n\r\u0085]|\p{Cs}|[\uFFFE\uFFFF]/gu;

const SPACES: Readonly<Record<string, string>> = {
  '\u00A0': 'A no-break space',
  '\u1680': 'An Ogham space',
  '\u2007': 'A figure space',
  '\u202F': 'A narrow no-break space',
  '\u205F': 'A mathematical space',
  '\u3000': 'A full-width space',
};
const INVISIBLE: Readonly<Record<string, string>> = {
  '\u00AD': 'A soft hyphen',
  '\u061C': 'A text-direction mark',
  '\u180E': 'An invisible vowel separator',
  '\u200B': 'A zero-width space',
  '\u200C': 'A zero-width non-joiner',
  '\u200D': 'A zero-width joiner',
  '\u2060': 'A word joiner',
  '\uFEFF': 'A byte order mark',
};
const LINE_BREAKS: Readonly<Record<string, string>> = {
  '\u0085': 'A next-line character',
  '\u2028': 'A line separator',
  '\u2029': 'A paragraph separator',
};
const UNSEEN =
  /[\u0085\u00A0\u00AD\u061C\u1680\u180E\u2000-\u200F\u2028-\u202F\u205F\u2060\u2066-\u2069\u3000\uFEFF]/g;
/** Quotation marks of print where a YAML quote was meant: at the start of a value. */
const PRINTED_QUOTE = /^[\u2018-\u201F\u00AB\u00BB\u2039\u203A\u2032\u2033\uFF02\uFF07]/;
const LOOKALIKE = /[\u2018-\u201F\u00AB\u00BB\u2039\u203A\u2032\u2033\uFF02\uFF07\uFF1A]/;
const PRINTED_COLON = /^[\w.]+\s?(\uFF1A)/;

function nameOf(character: string): { what: string; mend: string } {
  const space = SPACES[character] ?? (/[\u2000-\u200A]/.test(character) ? 'A typographic space' : undefined);
  if (space !== undefined) return { what: space, mend: 'type a normal space' };
  const line = LINE_BREAKS[character];
  if (line !== undefined) return { what: line, mend: 'type a normal line break' };
  return { what: INVISIBLE[character] ?? 'A text-direction mark', mend: 'delete it' };
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * Characters that a person cannot see, or takes for others. An error where they would become part of a key or value
 * or break the structure; a warning inside quotes, where they may be meant. Each character is named once, with its
 * first place and how often it stands.
 */
export function characterProblems(text: string): TreeProblem[] {
  const controls = [...text.matchAll(CONTROL)];
  const [control] = controls;
  if (control) {
    const message = `A control character (${codeOf(control[0])}) stands here${times(controls.length)}: delete it, or open a text file.`;
    return [{ severity: 'error', message, from: control.index, to: control.index + 1 }];
  }
  if (text.search(UNSEEN) < 0 && text.search(LOOKALIKE) < 0) return [];
  const found = new Map<string, { problem: TreeProblem; count: number }>();
  const add = (
    character: string,
    at: number,
    severity: 'error' | 'warning',
    message: (count: string) => string,
  ) => {
    const key = `${severity} ${character}`;
    const count = (found.get(key)?.count ?? 0) + 1;
    const place = found.get(key)?.problem ?? { severity, from: at, to: at + character.length };
    found.set(key, { count, problem: { ...place, message: message(times(count)) } });
  };
  for (const { kind, from, source } of lexemes(text)) {
    for (const match of source.matchAll(UNSEEN)) {
      const [character] = match;
      const breaks = character in LINE_BREAKS;
      if (kind === 'comment' && !breaks) continue;
      if (from + match.index === 0 && character === '\uFEFF') continue;
      if (isJoining(character, source.charAt(match.index - 1))) continue;
      const { what, mend } = nameOf(character);
      const inText = (kind === 'quoted' || kind === 'block') && !breaks;
      add(character, from + match.index, inText ? 'warning' : 'error', (count) =>
        inText
          ? `${what} (${codeOf(character)}) stands inside this text${count}: ${mend}, unless it is meant.`
          : `${what} (${codeOf(character)}) stands here${count}: ${mend}, or put the text around it in quotes.`,
      );
    }
    if (kind !== 'plain') continue;
    const quote = PRINTED_QUOTE.exec(source)?.[0];
    if (quote !== undefined) {
      add(
        quote,
        from,
        'error',
        (count) =>
          `A quotation mark of print (${quote}) stands here${count}: type " in its place, at both ends.`,
      );
    }
    const colon = PRINTED_COLON.exec(source);
    if (colon) {
      add(
        '\uFF1A',
        from + colon[0].length - 1,
        'error',
        (count) => `A full-width colon (U+FF1A) stands here${count}: type a normal colon and a space.`,
      );
    }
  }
  return [...found.values()].map(({ problem }) => problem);
}

function times(count: number): string {
  if (count === 1) return '';
  return count === 2 ? ', and once more below' : `, and ${count - 1} times more below`;
}

/** Joiners after a letter that is not ASCII are spelling: Persian, Devanagari, emoji. */
function isJoining(character: string, before: string): boolean {
  return (character === '\u200C' || character === '\u200D') && before > '\u007F';
}

/** The opening brackets and quotes that are never closed, and closing ones that nothing opened, in the text's order. */
export function unclosedProblems(text: string): TreeProblem[] {
  const problems: TreeProblem[] = [];
  const open: Lexeme[] = [];
  const error = ({ from, source }: Lexeme, message: string) =>
    problems.push({ severity: 'error', message, from, to: from + Math.min(1, source.length) });
  const missing = (bracket: Lexeme, where: string) => {
    const close = bracket.source === '[' ? ']' : '}';
    error(bracket, `This "${bracket.source}" has no closing "${close}": add it${where}.`);
  };
  const indent = ', and indent the lines inside it further than the key';
  for (const lexeme of lexemes(text)) {
    const { kind, source } = lexeme;
    if (kind === 'open') open.push(lexeme);
    else if (kind === 'broken-off') for (const bracket of open.splice(0)) missing(bracket, indent);
    else if (kind === 'close') {
      const wanted = source === ']' ? '[' : '{';
      if (!open.some((bracket) => bracket.source === wanted)) {
        error(lexeme, `This "${source}" closes nothing: remove it, or add the "${wanted}" before.`);
        continue;
      }
      for (let top = open.pop(); top && top.source !== wanted; top = open.pop())
        missing(top, ` before the "${source}"`);
    } else if (kind === 'quoted' && (source.length < 2 || !source.endsWith(source.charAt(0)))) {
      error(lexeme, `This quote (${source.charAt(0)}) is not closed: add one at the end of the text.`);
    }
  }
  for (const bracket of open) missing(bracket, '');
  return problems.toSorted((a, b) => a.from - b.from);
}

function* lexemes(text: string): Generator<Lexeme> {
  let from = 0;
  let next: Lexeme['kind'] = 'plain';
  let scalar = false;
  for (const source of new Lexer().lex(text)) {
    const type = CST.tokenType(source);
    if (scalar) {
      yield { kind: next, from, source };
      from += source.length;
      [scalar, next] = [false, 'plain'];
      continue;
    }
    // Marks of the lexer itself, which stand for no text.
    if (source === CST.DOCUMENT || source === CST.FLOW_END || source === CST.SCALAR) {
      scalar = source === CST.SCALAR;
      if (source === CST.FLOW_END) yield { kind: 'broken-off', from, source: '' };
      continue;
    }
    if (type === 'block-scalar-header') next = 'block';
    yield { kind: KINDS.get(type) ?? 'other', from, source };
    from += source.length;
  }
}

type TokenType = ReturnType<typeof CST.tokenType>;

const KINDS: ReadonlyMap<TokenType, Lexeme['kind']> = new Map([
  ['comment', 'comment'],
  ['single-quoted-scalar', 'quoted'],
  ['double-quoted-scalar', 'quoted'],
  ['flow-map-start', 'open'],
  ['flow-seq-start', 'open'],
  ['flow-map-end', 'close'],
  ['flow-seq-end', 'close'],
]);
