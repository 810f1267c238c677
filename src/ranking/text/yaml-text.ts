/** YAML or JSON text → a plain value, with the place of every value and key. For small files such as score weights. */
import { isMap, isNode, isPair, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { Locate, Parsed } from './text-problem.ts';

export interface LocatedYaml {
  readonly value: unknown;
  readonly locate: Locate;
}

/** Parses one YAML document; JSON is YAML too. Syntax errors and unresolved aliases are problems, never throws. */
export function parseYamlText(text: string): Parsed<LocatedYaml> {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    merge: true,
    uniqueKeys: true,
    prettyErrors: false,
  });
  const problem = (message: string, offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { message, path: [], line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    return { value: null, problems: document.errors.map((error) => problem(error.message, error.pos[0])) };
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { value: { value, locate: (path, at) => locate(document, path, at) }, problems: [] };
  } catch (error) {
    return { value: null, problems: [problem(error instanceof Error ? error.message : String(error), 0)] };
  }
}

function locate(document: Document, path: readonly (string | number)[], at: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const [depth, part] of path.entries()) {
    const last = depth === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && String(item.key) === String(part));
      if (!pair) break;
      const keyOffset = isNode(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
      const valueOffset = isNode(pair.value) ? (pair.value.range?.[0] ?? keyOffset) : keyOffset;
      offset = at === 'key' && last ? keyOffset : valueOffset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(part)];
      if (!isNode(item)) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset;
}
