/** What a key means, for the pointer over it; works on broken text. */
import { formatPath } from './config-path.ts';
import { describeKind, schemaAt } from './schema-node.ts';
import type { SchemaNode } from './schema-node.ts';
import { scanKeys } from './yaml-scan.ts';

export interface Hover {
  readonly from: number;
  readonly to: number;
  /** The key's path. */
  readonly title: string;
  /** What it does and what it takes. */
  readonly description: string;
  /** Its default as YAML, null for required keys. */
  readonly default: string | null;
}

/** The key at `offset`, or null where there is no key that the configuration knows. */
export function hoverAt(text: string, offset: number): Hover | null {
  const token = scanKeys(text).find(({ from, to }) => from <= offset && offset <= to);
  if (!token) return null;
  if (token.path.at(-1) === '<<') {
    const description = 'Merge key: takes over all keys of the map named by the alias; keys beside it win.';
    return { from: token.from, to: token.to, title: '<<', description, default: null };
  }
  const schema = schemaAt(token.path);
  if (!schema) return null;
  const parent = schemaAt(token.path.slice(0, -1));
  const meaning = schema.description || parent?.description || '';
  const isRequired =
    parent?.requiredKeys.has(String(token.path.at(-1))) === true || parent?.kind === 'record';
  return {
    from: token.from,
    to: token.to,
    title: formatPath(token.path),
    description: `${meaning} Takes ${describeKind(schema)}.`.trim(),
    default: isRequired ? null : defaultText(schema),
  };
}

function defaultText(schema: SchemaNode): string {
  return schema.defaultValue === undefined ? 'null' : JSON.stringify(schema.defaultValue);
}

/** "Required.", "Default 5." or "Absent by default." */
export function showDefault(schema: SchemaNode, required: boolean): string {
  if (required) return 'Required.';
  if (schema.defaultValue === undefined) return 'Absent by default.';
  const isSmall = typeof schema.defaultValue !== 'object' || Array.isArray(schema.defaultValue);
  return isSmall ? `Default ${JSON.stringify(schema.defaultValue)}.` : 'Has defaults for everything.';
}
