/**
 * Changes one value in the YAML text and leaves everything else as it is: comments, order, anchors. For the form twin
 * and "reset this field".
 */
import { formatPath } from './config-path.ts';
import type { ConfigPath } from './config-path.ts';
import { isMergedInto, parseYamlTree } from './yaml-tree.ts';
import type { Located, Range, YamlValue } from './yaml-tree.ts';

/**
 * Sets the value at `path`; undefined removes the key, so that its default applies. Maps on the way that are missing
 * are made. A value that comes through an alias or merge key is written out in its place, so other uses of the anchor
 * stay as they are; a value at an anchor changes for all its aliases.
 * @throws RangeError when the text is no readable YAML map, or the path leads through a scalar or past the end of a list.
 */
export function setInText(text: string, path: ConfigPath, value: YamlValue | undefined): string {
  const { root, problems } = parseYamlTree(text);
  const broken = problems.find(({ severity }) => severity === 'error');
  if (!root || broken) throw new RangeError(`Cannot edit broken YAML: ${broken?.message ?? 'it is empty'}`);
  if (path.length === 0) throw new RangeError('Cannot set the whole configuration: name a key.');
  let parent = root;
  for (let depth = 0; ; depth++) {
    const part = path[depth] ?? '';
    const rest = path.slice(depth + 1);
    const next = entryOf(parent, part);
    if (!next) return value === undefined ? text : insert(text, parent, path, depth, value);
    if (isMergedInto(parent, next)) {
      const changed = withValue(next.value, rest, path, value);
      return changed === undefined ? text : insertEntry(text, parent, String(part), formatFlow(changed));
    }
    if (rest.length === 0) {
      return value === undefined
        ? removeEntry(text, parent, next, path)
        : replace(text, next, formatFlow(value));
    }
    if (next.alias) return replace(text, next, formatFlow(withValue(next.value, rest, path, value) ?? null));
    parent = next;
  }
}

function entryOf(parent: Located, part: string | number): Located | undefined {
  return typeof part === 'number' && parent.items ? parent.items[part] : parent.entries?.get(String(part));
}

/** A copy of `base` with `value` at the path `rest`; undefined removes. */
function withValue(
  base: YamlValue,
  rest: ConfigPath,
  path: ConfigPath,
  value: YamlValue | undefined,
): YamlValue | undefined {
  const [part, ...deeper] = rest;
  if (part === undefined) return value;
  if (Array.isArray(base)) {
    if (typeof part !== 'number' || part < 0 || part >= base.length) throw noSuchPlace(path);
    const changed = withValue(base[part] ?? null, deeper, path, value);
    return changed === undefined ? base.toSpliced(part, 1) : base.with(part, changed);
  }
  if (base !== null && typeof base !== 'object') throw noSuchPlace(path);
  const copy: Record<string, YamlValue> = { ...base };
  const changed = withValue(copy[part] ?? null, deeper, path, value);
  if (changed === undefined) delete copy[part];
  else copy[part] = changed;
  return copy;
}

function noSuchPlace(path: ConfigPath): RangeError {
  return new RangeError(`There is no place for ${formatPath(path)} in this text.`);
}

const PLAIN_TEXT = /^[A-Za-z_][\w./-]*$/;
const NOT_A_TEXT = /^(?:null|true|false|yes|no|on|off|y|n)$/i;

/** The value on one line, as YAML of either version would read it. */
function formatFlow(value: YamlValue): string {
  if (Array.isArray(value)) return `[${value.map(formatFlow).join(', ')}]`;
  if (typeof value === 'string') {
    if (PLAIN_TEXT.test(value) && !NOT_A_TEXT.test(value)) return value;
    // Two dollar signs are one after substitution.
    return JSON.stringify(value).replaceAll('$$', () => '$$$$');
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([key, item]) => `${formatFlow(key)}: ${formatFlow(item)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
  }
  // PyYAML takes 1e-7 for a text: a float has a point, and a sign before its exponent.
  return String(value).replace(/^(-?\d+)e/, '$1.0e');
}

function splice(text: string, { from, to }: Range, inserted: string): string {
  return text.slice(0, from) + inserted + text.slice(to);
}

/** End of a value without the white space and comments that a block's range may take in. */
function endOf(text: string, located: Located): number {
  if (located.alias) return located.alias.to;
  let end = located.origin.to;
  const children = located.entries ? [...located.entries.values()] : located.items;
  if (located.block && children && children.length > 0) {
    const own = children.filter(({ origin, alias, key }) => {
      const start = key ?? alias ?? origin;
      return start.from >= located.origin.from && start.to <= located.origin.to;
    });
    if (own.length > 0) end = Math.max(...own.map((child) => endOf(text, child)));
  }
  while (end > located.origin.from && /\s/.test(text[end - 1] ?? '')) end--;
  return end;
}

function replace(text: string, target: Located, written: string): string {
  if (target.alias) return splice(text, target.alias, written);
  const { from, to } = target.origin;
  if (from === to && target.key) return splice(text, afterColon(text, target.key), ` ${written}`);
  const block = { from, to: endOf(text, target) };
  if (!target.block || !target.key) return splice(text, block, written);
  return splice(text, { from: afterColon(text, target.key).from, to: block.to }, ` ${written}`);
}

function afterColon(text: string, key: Range): Range {
  const colon = text.indexOf(':', key.to) + 1;
  return { from: colon, to: colon };
}

function insert(text: string, parent: Located, path: ConfigPath, depth: number, value: YamlValue): string {
  const names = path.slice(depth);
  if (names.some((name) => typeof name === 'number')) throw noSuchPlace(path);
  if (!parent.entries && parent.value !== null) throw noSuchPlace(path);
  const nested = names.slice(1).reduceRight<YamlValue>((inner, name) => ({ [name]: inner }), value);
  return insertEntry(text, parent, String(names[0]), formatFlow(nested));
}

function insertEntry(text: string, parent: Located, name: string, written: string): string {
  const entry = `${formatFlow(name)}: ${written}`;
  if (!parent.entries || !parent.block) return insertInFlow(text, parent, entry);
  const start = parent.origin.from;
  const column = start - (text.lastIndexOf('\n', start - 1) + 1);
  const end = endOf(text, parent);
  const lineEnd = text.indexOf('\n', end);
  const at = lineEnd < 0 ? text.length : lineEnd;
  return splice(text, { from: at, to: at }, `\n${' '.repeat(column)}${entry}`);
}

function insertInFlow(text: string, parent: Located, entry: string): string {
  if (!parent.entries || parent.entries.size === 0) return replace(text, parent, `{ ${entry} }`);
  const close = parent.origin.to - 1;
  const before = text.slice(0, close).trimEnd();
  const comma = before.endsWith(',') ? '' : ',';
  return `${before}${comma} ${entry} ${text.slice(close)}`;
}

function removeEntry(text: string, parent: Located, target: Located, path: ConfigPath): string {
  const own = [...(parent.entries?.values() ?? [])]
    .filter((entry) => !isMergedInto(parent, entry))
    .sort((a, b) => (a.key?.from ?? 0) - (b.key?.from ?? 0));
  const position = own.indexOf(target);
  if (!target.key || position < 0) throw noSuchPlace(path);
  const end = Math.max(endOf(text, target), afterColon(text, target.key).from);
  if (own.length === 1 && parent.entries?.size === 1) return replace(text, parent, '{}');
  if (parent.block) {
    const lineStart = text.lastIndexOf('\n', target.key.from - 1) + 1;
    const lineEnd = text.indexOf('\n', end);
    // The first key of a list item shares its line with the dash.
    const indent = text.slice(lineStart, target.key.from);
    const nextKey = own[position + 1]?.key;
    if (indent.trim() !== '' && nextKey) return splice(text, { from: target.key.from, to: nextKey.from }, '');
    return splice(text, { from: lineStart, to: lineEnd < 0 ? text.length : lineEnd + 1 }, '');
  }
  const nextKey = own[position + 1]?.key;
  if (nextKey) return splice(text, { from: target.key.from, to: nextKey.from }, '');
  const comma = text.lastIndexOf(',', target.key.from);
  return splice(text, { from: comma < parent.origin.from ? target.key.from : comma, to: end }, '');
}
