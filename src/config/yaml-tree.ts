/**
 * YAML text → plain value with the place of every key and value in the text. Scalars and merge keys are read as PyYAML
 * reads them. Aliases and merge keys are expanded, and each expanded part remembers both its own place (at the anchor)
 * and the alias it came through.
 */
import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node, Pair, Scalar as ScalarNode, YAMLMap } from 'yaml';
import { count } from './number-text.ts';
import type { ConfigPath } from './config-path.ts';
import { characterProblems, unclosedProblems } from './yaml-lexemes.ts';
import { isCollectionTag, plainScalar, taggedScalar } from './yaml-scalars.ts';
import type { Scalar } from './yaml-scalars.ts';

export type YamlValue = null | boolean | number | string | YamlValue[] | { [key: string]: YamlValue };

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A value in the text. */
export interface Located {
  readonly value: YamlValue;
  /** An unquoted scalar as it is written; null for everything else. */
  readonly plain: string | null;
  /** Place of the value itself; through an alias, the place at its anchor. */
  readonly origin: Range;
  /** Place of its key where it stands, null for list items and the root. */
  readonly key: Range | null;
  /** The alias token (or merge key) through which it stands here. */
  readonly alias: Range | null;
  /** Aliases and merge keys between this and the place it was written at. */
  readonly hops: number;
  /** A block of several lines, better underlined at its key. */
  readonly block: boolean;
  readonly entries: ReadonlyMap<string, Located> | null;
  readonly items: readonly Located[] | null;
  /** Number of values in it, aliases expanded. */
  readonly size: number;
}

export interface TreeProblem extends Range {
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
}

export interface YamlTree {
  readonly root: Located | null;
  readonly problems: readonly TreeProblem[];
}

/** Values after expanding aliases: production's file has 1,300. */
const MAX_VALUES = 100_000;
const MAX_DEPTH = 64;
const MAX_TEXT = 1_000_000;
const MAX_SYNTAX_PROBLEMS = 20;

const SYNTAX_MENDS: Readonly<Partial<Record<string, string>>> = {
  TAB_AS_INDENT: 'Tabs cannot indent YAML: use spaces.',
  BAD_INDENT: 'The indentation does not fit: line this up with the keys beside it.',
  MULTIPLE_DOCS: 'The file holds more than one document: remove the "---" line and what follows.',
  BLOCK_AS_IMPLICIT_KEY: 'A nested key cannot start here: put it on a line of its own, indented.',
  MULTILINE_IMPLICIT_KEY: 'A key must stand on one line: is a colon or a quote missing?',
  BAD_SCALAR_START: 'A value cannot start with this character: put it in quotes.',
  BAD_DQ_ESCAPE: 'Unknown escape in double quotes: use single quotes or double the backslash.',
};

/**
 * A configuration's text; its root is a map. Never throws: whatever is wrong with the text is a problem with a place.
 */
export function parseYamlTree(text: string): YamlTree {
  const { root, problems } = readYaml(text);
  if (!root && problems.some(({ severity }) => severity === 'error')) return { root, problems };
  const error = (message: string): YamlTree => ({
    root: null,
    problems: [...problems, { severity: 'error', message, from: 0, to: firstLineEnd(text) }],
  });
  if (!root || root.value === null) {
    return error(
      'The configuration is empty: write model, train_data, validation_data and optimizer, or load a preset.',
    );
  }
  if (!root.entries)
    return error('A configuration is a map of keys: start with "training:", "model:" and so on.');
  return { root, problems };
}

/** Any YAML text. Root is null for one that is empty or cannot be read. Never throws. */
export function readYaml(text: string): YamlTree {
  const whole = { from: 0, to: firstLineEnd(text) };
  if (text.length > MAX_TEXT) {
    return fail(whole, `The text has ${count(text.length)} characters: up to ${count(MAX_TEXT)} are read.`);
  }
  const problems = characterProblems(text);
  if (problems.some(({ severity }) => severity === 'error')) return { root: null, problems };
  let document: Document.Parsed;
  try {
    // Scalars stay texts: TreeReader resolves them. A lone carriage return is a line break to PyYAML.
    document = parseDocument(text.replaceAll(/\r(?!\n)/g, '\n'), {
      schema: 'failsafe',
      resolveKnownTags: false,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    });
  } catch (error) {
    return fail(whole, `The YAML cannot be read (${messageOf(error)}): is something nested too deep?`);
  }
  if (document.errors.length > 0)
    return { root: null, problems: [...problems, ...syntaxProblems(text, document)] };
  for (const { code, pos } of document.warnings) {
    if (code !== 'BAD_DIRECTIVE') continue;
    const message = 'This directive means nothing here: remove the line.';
    problems.push({ severity: 'warning', message, from: pos[0], to: pos[1] });
  }
  const { contents } = document;
  if (!contents) return { root: null, problems };
  const reader = new TreeReader();
  const root = reader.read(contents, null, 0);
  return { root, problems: [...problems, ...reader.problems] };
}

/** What the parser says, behind brackets and quotes that are never closed, whose consequences it complains of. */
function syntaxProblems(text: string, { errors }: Document.Parsed): TreeProblem[] {
  const unclosed = unclosedProblems(text);
  const first = unclosed[0]?.from ?? Infinity;
  const others = errors
    .filter(({ pos }) => pos[0] < first)
    .map(({ code, message, pos }): TreeProblem => ({
      severity: 'error',
      message: SYNTAX_MENDS[code] ?? `YAML syntax: ${message}`,
      from: pos[0],
      to: pos[1],
    }));
  return [...others, ...unclosed].slice(0, MAX_SYNTAX_PROBLEMS);
}

function fail(range: Range, message: string): YamlTree {
  return { root: null, problems: [{ severity: 'error', message, ...range }] };
}

function firstLineEnd(text: string): number {
  const end = text.indexOf('\n');
  return end < 0 ? text.length : end;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function rangeOf(node: Node | null | undefined): Range {
  const range = node?.range;
  return range ? { from: range[0], to: range[1] } : { from: 0, to: 0 };
}

/** Reads nodes in document order, so that an alias sees the anchors before it. */
class TreeReader {
  readonly problems: TreeProblem[] = [];
  /** null while the anchored value is being read: an alias to it would contain itself. */
  private readonly anchors = new Map<string, Located | null>();

  read(node: Node | null, key: Range | null, depth: number): Located {
    if (node && isAlias(node)) return this.readAlias(node.source, rangeOf(node), key);
    const anchor = node && 'anchor' in node && node.anchor ? node.anchor : null;
    if (anchor) this.anchors.set(anchor, null);
    const located = this.readOwn(node, key, depth);
    if (anchor) this.anchors.set(anchor, located);
    return located;
  }

  private readOwn(node: Node | null, key: Range | null, depth: number): Located {
    const origin = node ? rangeOf(node) : (key ?? rangeOf(null));
    if (depth > MAX_DEPTH) {
      this.error(origin, `Nested deeper than ${MAX_DEPTH} levels: no configuration is.`);
      return leaf(null, origin, key);
    }
    if (isMap(node) || isSeq(node)) {
      const { tag } = node;
      if (tag !== undefined && !isCollectionTag(tag, isMap(node) ? 'map' : 'seq'))
        this.unknownTag(tag, origin);
    }
    if (isMap(node)) return this.readMap(node, origin, key, depth);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.read(item as Node | null, null, depth + 1));
      const size = items.reduce((sum, item) => sum + item.size, 1);
      this.checkSize(size, origin);
      return {
        ...leaf(size > MAX_VALUES ? [] : items.map((item) => item.value), origin, key),
        block: node.flow !== true,
        items,
        size,
      };
    }
    if (!isScalar(node)) return leaf(null, origin, key);
    const { value, problem, note } = this.scalar(node, origin);
    if (problem !== undefined) this.error(origin, problem);
    if (note !== undefined && this.problems.length < MAX_SYNTAX_PROBLEMS)
      this.problems.push({ severity: 'info', message: note, ...origin });
    return { ...leaf(value, origin, key), plain: node.type === 'PLAIN' ? (node.source ?? '') : null };
  }

  private scalar({ source = '', type, tag }: ScalarNode, origin: Range): Scalar {
    const plain = type === 'PLAIN';
    if (tag === undefined) return plain ? plainScalar(source) : { value: source };
    const scalar = taggedScalar(tag, source, plain);
    if (!scalar) this.unknownTag(tag, origin);
    return scalar ?? { value: source };
  }

  private unknownTag(tag: string, range: Range): void {
    this.error(range, `The tag ${tag.replace('tag:yaml.org,2002:', '!!')} is not read here: remove it.`);
  }

  private readMap(node: YAMLMap, origin: Range, key: Range | null, depth: number): Located {
    const own = new Map<string, Located>();
    const merged: Located[] = [];
    for (const pair of node.items as Pair<Node | null, Node | null>[]) {
      const name = this.keyName(pair.key);
      const keyRange = rangeOf(pair.key);
      const isMerge = name === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN';
      const located = this.read(pair.value, keyRange, depth + 1);
      if (name === null) continue;
      if (isMerge) merged.push(...this.mergeSources(located));
      else if (name === '__proto__')
        this.error(keyRange, '"__proto__" cannot be a key: choose another name.');
      else if (own.has(name)) this.error(keyRange, `${name} stands here twice: remove one of the two.`);
      else own.set(name, located);
    }
    // As PyYAML: what is merged comes first, a later map over an earlier one, and a key keeps its first place.
    const entries = new Map<string, Located>();
    for (const source of merged) {
      for (const [name, entry] of source.entries ?? []) {
        const alias = source.alias ?? entry.alias;
        entries.set(name, { ...entry, alias, hops: entry.hops + source.hops });
      }
    }
    for (const [name, entry] of own) entries.set(name, entry);
    const value: Record<string, YamlValue> = {};
    let size = 1;
    for (const [name, entry] of entries) {
      value[name] = entry.value;
      size += entry.size;
    }
    this.checkSize(size, origin);
    return {
      ...leaf(size > MAX_VALUES ? {} : value, origin, key),
      block: node.flow !== true,
      entries,
      size,
    };
  }

  private keyName(node: Node | null): string | null {
    if (isScalar(node)) {
      const name = node.source ?? '';
      const { value, problem } = this.scalar(node, rangeOf(node));
      if (problem === undefined && typeof value === 'string') return value;
      this.error(
        rangeOf(node),
        `The key ${name || '(empty)'} is read as ${String(value)}, not as a name: put it in quotes.`,
      );
      return null;
    }
    if (isAlias(node)) {
      const { value } = this.readAlias(node.source, rangeOf(node), null);
      if (typeof value === 'string') return value;
    }
    this.error(rangeOf(node), 'A key must be a name: write "key: value".');
    return null;
  }

  private mergeSources(located: Located): Located[] {
    // Of a list the first wins: the last to be put in.
    const sources = located.items?.toReversed() ?? [located];
    return sources.filter((source) => {
      if (source.entries) return true;
      this.error(
        source.alias ?? source.origin,
        '<< merges maps only: give it an alias of a map, or a list of such.',
      );
      return false;
    });
  }

  private readAlias(name: string, range: Range, key: Range | null): Located {
    const target = this.anchors.get(name);
    if (target) return { ...target, key, alias: range, hops: target.hops + 1 };
    this.error(
      range,
      target === null
        ? `*${name} stands inside &${name}: a value cannot contain itself.`
        : `There is no &${name} before this line: define the anchor first.`,
    );
    return leaf(null, range, key);
  }

  private checkSize(size: number, range: Range): void {
    if (size <= MAX_VALUES) return;
    this.error(range, `Aliases expand to more than ${MAX_VALUES} values: use fewer.`);
  }

  private error(range: Range, message: string): void {
    if (this.problems.length < MAX_SYNTAX_PROBLEMS)
      this.problems.push({ severity: 'error', message, ...range });
  }
}

function leaf(value: YamlValue, origin: Range, key: Range | null): Located {
  return {
    value,
    plain: null,
    origin,
    key,
    alias: null,
    hops: 0,
    block: false,
    entries: null,
    items: null,
    size: 1,
  };
}

/** What stands at a path: the value if the text has it, else the nearest value around it. */
export interface Place {
  readonly found: boolean;
  readonly located: Located;
  /** The outermost alias above the value, null when the value (or its alias) stands in the text itself. */
  readonly through: Range | null;
  /** Aliases and merge keys on the way, that of the value itself included. */
  readonly hops: number;
}

export function placeAt(root: Located, path: ConfigPath): Place {
  let located = root;
  let through: Range | null = null;
  let hops = 0;
  for (const part of path) {
    const next =
      located.entries?.get(String(part)) ?? (typeof part === 'number' ? located.items?.[part] : undefined);
    if (!next) return { found: false, located, through, hops };
    through ??= located.alias ?? (isMergedInto(located, next) ? next.alias : null);
    hops += next.hops;
    located = next;
  }
  return { found: true, located, through, hops };
}

/** Whether an entry of a map came by a merge key: then its key stands elsewhere. */
export function isMergedInto({ origin }: Located, { key }: Located): boolean {
  return key !== null && (key.from < origin.from || key.to > origin.to);
}
