/**
 * JSON with places: parses strict JSON (RFC 8259) and remembers where every value and key stands, so that what a schema
 * refuses can be shown at its line. Values are the same as JSON.parse's; doubled keys are refused, since one of the two
 * would be lost without a word.
 */
import { placeOf } from './text-problem.ts';
import type { Locate, Parsed } from './text-problem.ts';

interface Located {
  readonly from: number;
  /** Where the key of this value stands; the value itself in arrays and at the top. */
  readonly key: number;
  readonly members: ReadonlyMap<string | number, Located> | null;
}

export interface LocatedJson {
  readonly value: unknown;
  readonly locate: Locate;
}

class JsonError extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

const MAX_DEPTH = 64;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS: readonly (readonly [string, unknown])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/** Parses `text`. A syntax error is one problem, at the character where reading stopped. */
export function parseJsonText(text: string): Parsed<LocatedJson> {
  try {
    const reader = new Reader(text);
    const { value, located } = reader.document();
    return { value: { value, locate: locator(located) }, problems: [] };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return { value: null, problems: [{ message: error.message, path: [], ...placeOf(text, error.offset) }] };
  }
}

function locator(root: Located): Locate {
  return (path, at) => {
    let located = root;
    for (const part of path) {
      const next = located.members?.get(part);
      if (!next) return located.from;
      located = next;
    }
    return at === 'key' ? located.key : located.from;
  };
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.startsWith('\uFEFF')) this.#at = 1;
  }

  document(): { value: unknown; located: Located } {
    const result = this.#value(0, null);
    this.#space();
    if (this.#at < this.#text.length)
      this.#fail('JSON ends before this character: remove what follows the value');
    return result;
  }

  #fail(message: string, offset = this.#at): never {
    throw new JsonError(offset, message);
  }

  #space(): void {
    while (/[ \t\n\r]/.test(this.#text.charAt(this.#at))) this.#at++;
  }

  #found(): string {
    return this.#at < this.#text.length
      ? `"${this.#text.charAt(this.#at)}" stands here`
      : 'the text ends here';
  }

  #value(depth: number, key: number | null): { value: unknown; located: Located } {
    this.#space();
    const from = this.#at;
    if (depth > MAX_DEPTH) this.#fail(`Nested deeper than ${MAX_DEPTH} levels: no file of this kind is`);
    const leaf = { from, key: key ?? from, members: null };
    const next = this.#text.charAt(from);
    if (next === '{') return this.#object(depth, leaf);
    if (next === '[') return this.#array(depth, leaf);
    if (next === '"') return { value: this.#string(), located: leaf };
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, from)) {
        this.#at += word.length;
        return { value, located: leaf };
      }
    }
    NUMBER.lastIndex = from;
    const match = NUMBER.exec(this.#text);
    if (!match) this.#fail(`A value must stand here, but ${this.#found()}`);
    this.#at += match[0].length;
    const value = Number(match[0]);
    if (!Number.isFinite(value)) this.#fail(`The number ${match[0]} is too large to hold`, from);
    return { value, located: leaf };
  }

  #object(depth: number, leaf: Located): { value: unknown; located: Located } {
    const value: Record<string, unknown> = {};
    const members = new Map<string, Located>();
    this.#at++;
    this.#space();
    if (this.#text.charAt(this.#at) === '}') this.#at++;
    else {
      for (;;) {
        this.#space();
        const keyAt = this.#at;
        if (this.#text.charAt(keyAt) !== '"')
          this.#fail(`A key in double quotes must stand here, but ${this.#found()}`);
        const name = this.#string();
        if (members.has(name))
          this.#fail(`The key "${name}" stands here twice: remove one of the two`, keyAt);
        if (name === '__proto__') this.#fail('"__proto__" cannot be a key', keyAt);
        this.#space();
        if (this.#text.charAt(this.#at) !== ':')
          this.#fail(`A colon must follow the key, but ${this.#found()}`);
        this.#at++;
        const member = this.#value(depth + 1, keyAt);
        value[name] = member.value;
        members.set(name, member.located);
        if (this.#end('}')) break;
      }
    }
    return { value, located: { ...leaf, members } };
  }

  #array(depth: number, leaf: Located): { value: unknown; located: Located } {
    const value: unknown[] = [];
    const members = new Map<number, Located>();
    this.#at++;
    this.#space();
    if (this.#text.charAt(this.#at) === ']') this.#at++;
    else {
      for (;;) {
        const member = this.#value(depth + 1, null);
        members.set(value.length, member.located);
        value.push(member.value);
        if (this.#end(']')) break;
      }
    }
    return { value, located: { ...leaf, members } };
  }

  /** After a member: true at the closing bracket, false at a comma. */
  #end(bracket: string): boolean {
    this.#space();
    const next = this.#text.charAt(this.#at);
    if (next !== bracket && next !== ',')
      this.#fail(`A comma or "${bracket}" must stand here, but ${this.#found()}`);
    this.#at++;
    return next === bracket;
  }

  #string(): string {
    const from = this.#at;
    for (let at = from + 1; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === 0x5c) at++;
      else if (code < 0x20) this.#fail('A line break or tab in a text must be escaped, as \\n or \\t', at);
      else if (code === 0x22) {
        this.#at = at + 1;
        return this.#unescape(from, at + 1);
      }
    }
    this.#fail('This text has no closing quote', from);
  }

  #unescape(from: number, to: number): string {
    const raw = this.#text.slice(from, to);
    if (!raw.includes('\\')) return raw.slice(1, -1);
    const bad = /\\(?!["\\/bfnrt]|u[\da-fA-F]{4})/.exec(raw.replaceAll('\\\\', '__'));
    if (bad)
      this.#fail('Unknown escape: write \\n, \\t, \\", \\\\ or \\u with four hex digits', from + bad.index);
    return JSON.parse(raw) as string;
  }
}
