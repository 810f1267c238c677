/**
 * Where a cursor stands in YAML text that may be broken: a line scanner that goes by indentation and brackets, never
 * fails, and recovers at the next block key. Feeds completion and hover; parsing proper is parseYamlTree's.
 */
import type { ConfigPath } from './config-path.ts';

/** A key in the text. */
export interface KeyToken {
  /** Path down to and including the key. */
  readonly path: ConfigPath;
  readonly from: number;
  readonly to: number;
}

export interface CursorContext {
  /** Path of the map or list around the cursor, or of the key whose value is being written. */
  readonly path: ConfigPath;
  readonly role: 'key' | 'value' | 'item' | 'none';
  /** Start of the word being written, and the word so far. */
  readonly from: number;
  readonly word: string;
  /** Inside { } or [ ]. */
  readonly flow: boolean;
  /** Spaces before the key being written (block style). */
  readonly column: number;
}

type BlockLevel =
  | { readonly kind: 'key'; readonly column: number; readonly name: string }
  | { readonly kind: 'item'; readonly column: number; index: number };

interface FlowLevel {
  readonly kind: 'map' | 'list';
  key: string | null;
  index: number;
}

const BLOCK_KEY = /^(?:"([^"]*)"|'([^']*)'|([^\s#&*!|>'"%@`{}[\],][^#]*?))\s*:(?=\s|$)/;
const FLOW_TOKEN =
  /\s+|#.*|"([^"]*)"?|'([^']*)'?|[{}[\],]|:(?=\s|$|[{}[\],])|[^\s{}[\],"':#](?:[^\s{}[\],:]|:(?![\s{}[\],]|$))*|./gy;

/** Scans line after line. */
class Scanner {
  readonly keys: KeyToken[] = [];
  private readonly block: BlockLevel[] = [];
  private flow: FlowLevel[] = [];
  /** Column of the key that opened the flow, to recover when the bracket is never closed. */
  private flowColumn = 0;
  private flowWord: { from: number; text: string } | null = null;
  private last: CursorContext = nowhere(0);

  /** `start` is the offset of the line in the text. */
  line(line: string, start: number): void {
    if (this.flow.length > 0 && this.escapesFlow(line)) this.flow = [];
    if (this.flow.length > 0) {
      this.flowText(line, 0, start);
      return;
    }
    let at = line.length - line.trimStart().length;
    const rest = () => line.slice(at);
    if (rest() === '') {
      // A blank line ends nothing: only the cursor's own column tells where it stands.
      const around = this.block.filter((level) => level.column < at);
      this.last = { ...this.context('key', start + at, '', around), column: at };
      return;
    }
    if (rest().startsWith('#')) {
      this.last = nowhere(start + line.length);
      return;
    }
    while (/^-(?=\s|$)/.test(rest())) {
      this.openItem(at);
      at += 1 + (/^-(\s*)/.exec(rest())?.[1]?.length ?? 0);
    }
    const key = BLOCK_KEY.exec(rest());
    if (!key) {
      if (!(this.block.at(-1)?.kind === 'item' && this.block.at(-1)?.column === dashColumn(line, at)))
        this.close(at);
      this.scalarOrFlow(line, at, start, this.block.at(-1)?.kind === 'item' ? 'item' : 'key');
      return;
    }
    const name = key[1] ?? key[2] ?? key[3] ?? '';
    this.close(at);
    const nameLength = key[0].length - (/\s*:$/.exec(key[0])?.[0].length ?? 1);
    this.keys.push({ path: [...this.path(), name], from: start + at, to: start + at + nameLength });
    this.block.push({ kind: 'key', column: at, name });
    const valueAt = at + key[0].length;
    this.scalarOrFlow(line, valueAt + (/^\s*/.exec(line.slice(valueAt))?.[0].length ?? 0), start, 'value');
    if (valueAt === line.length) this.last = nowhere(start + line.length);
  }

  cursor(): CursorContext {
    return this.last;
  }

  private escapesFlow(line: string): boolean {
    const at = line.length - line.trimStart().length;
    return at <= this.flowColumn && BLOCK_KEY.test(line.slice(at));
  }

  private scalarOrFlow(line: string, from: number, start: number, role: 'key' | 'value' | 'item'): void {
    let at = from;
    const anchor = /^&\S+\s*/.exec(line.slice(at));
    if (anchor) at += anchor[0].length;
    const text = line.slice(at);
    if (text.startsWith('{') || text.startsWith('[')) {
      this.flowColumn = this.block.findLast((level) => level.kind === 'key')?.column ?? 0;
      this.flowText(line, at, start);
      return;
    }
    if (/(^|\s)#/.test(text)) {
      this.last = nowhere(start + line.length);
      return;
    }
    const quote = /^["']/.test(text) ? 1 : 0;
    this.last = { ...this.context(role, start + at + quote, text.slice(quote)), column: at };
  }

  /** Pops what a token at this column ends. */
  private close(column: number): void {
    for (let top = this.block.at(-1); top && top.column >= column; top = this.block.at(-1)) this.block.pop();
  }

  private openItem(column: number): void {
    for (let top = this.block.at(-1); top; top = this.block.at(-1)) {
      if (top.kind === 'item' && top.column === column) {
        top.index += 1;
        return;
      }
      // A list may stand as far left as the key it belongs to.
      if (top.column < column || (top.kind === 'key' && top.column === column)) break;
      this.block.pop();
    }
    this.block.push({ kind: 'item', column, index: 0 });
  }

  private path(block: readonly BlockLevel[] = this.block): ConfigPath {
    const path: (string | number)[] = block.map((level) => (level.kind === 'key' ? level.name : level.index));
    for (const level of this.flow) {
      if (level.kind === 'list') path.push(level.index);
      else if (level.key !== null) path.push(level.key);
    }
    return path;
  }

  private context(
    role: CursorContext['role'],
    from: number,
    word: string,
    block: readonly BlockLevel[] = this.block,
  ): CursorContext {
    return { path: this.path(block), role, from, word, flow: this.flow.length > 0, column: 0 };
  }

  private flowText(line: string, from: number, start: number): void {
    FLOW_TOKEN.lastIndex = from;
    this.flowWord = null;
    let inComment = false;
    for (let match = FLOW_TOKEN.exec(line); match; match = FLOW_TOKEN.exec(line)) {
      const token = match[0];
      inComment = token.startsWith('#');
      if (token.trim() !== '' && !inComment)
        this.flowToken(token, match[1] ?? match[2] ?? token, start + match.index);
      if (this.flow.length === 0) break;
    }
    if (inComment || this.flow.length === 0) {
      this.last = nowhere(start + line.length);
      return;
    }
    const top = this.flow.at(-1);
    const word = this.wordSoFar();
    const role = top?.kind === 'list' ? 'item' : top?.key === null ? 'key' : 'value';
    this.last = this.context(role, word?.from ?? start + line.length, word?.text ?? '');
  }

  private wordSoFar(): { from: number; text: string } | null {
    return this.flowWord;
  }

  private flowToken(token: string, text: string, from: number): void {
    const top = this.flow.at(-1);
    switch (token) {
      case '{':
      case '[':
        this.flow.push({ kind: token === '{' ? 'map' : 'list', key: null, index: 0 });
        this.flowWord = null;
        break;
      case '}':
      case ']':
        this.flow.pop();
        this.flowWord = null;
        break;
      case ',':
        if (top) {
          top.key = null;
          top.index += 1;
        }
        this.flowWord = null;
        break;
      case ':':
        if (top?.kind === 'map' && this.flowWord) {
          const { from: keyFrom, text: name } = this.flowWord;
          this.keys.push({ path: [...this.path(), name], from: keyFrom, to: keyFrom + name.length });
          top.key = name;
        }
        this.flowWord = null;
        break;
      default:
        this.flowWord = { from: from + (text === token ? 0 : 1), text };
    }
  }
}

function dashColumn(line: string, before: number): number {
  return line.lastIndexOf('-', before - 1);
}

function nowhere(offset: number): CursorContext {
  return { path: [], role: 'none', from: offset, word: '', flow: false, column: 0 };
}

/** All keys of the text, block and flow, in order. */
export function scanKeys(text: string): KeyToken[] {
  const scanner = new Scanner();
  let start = 0;
  for (const line of text.split('\n')) {
    scanner.line(line.replace(/\r$/, ''), start);
    start += line.length + 1;
  }
  return scanner.keys;
}

/** What stands around the cursor, judged by the text before it alone. */
export function contextAt(text: string, offset: number): CursorContext {
  const scanner = new Scanner();
  let start = 0;
  for (const line of text.slice(0, offset).split('\n')) {
    scanner.line(line.replace(/\r$/, ''), start);
    start += line.length + 1;
  }
  return scanner.cursor();
}
