/**
 * The configuration's JSON Schema as a tree to walk: which keys a map takes, what a value may be, and what they mean.
 * Feeds did-you-mean, completion and hover; made once from the zod schema.
 */
import { z } from './zod.ts';
import type { ConfigPath } from './config-path.ts';
import { isPlainObject } from './plain-object.ts';
import { recapConfigSchema } from './recap-config.ts';

export type SchemaKind = 'map' | 'record' | 'list' | 'string' | 'integer' | 'number' | 'boolean' | 'any';

export interface SchemaNode {
  readonly kind: SchemaKind;
  readonly description: string;
  /** The default when the key is absent; undefined for required keys and for keys that are null by default. */
  readonly defaultValue: unknown;
  readonly nullable: boolean;
  /** Known keys of a map. */
  readonly properties: ReadonlyMap<string, SchemaNode>;
  readonly requiredKeys: ReadonlySet<string>;
  /** Values of a record or items of a list. */
  readonly element: SchemaNode | null;
  readonly choices: readonly string[];
}

function fromJson(json: unknown): SchemaNode {
  const outer = isPlainObject(json) ? json : {};
  let inner = outer;
  let nullable = false;
  while (Array.isArray(inner['anyOf'])) {
    const options: unknown[] = inner['anyOf'];
    nullable ||= options.some((option) => isPlainObject(option) && option['type'] === 'null');
    const rest = options.find((option) => isPlainObject(option) && option['type'] !== 'null');
    inner = isPlainObject(rest) ? rest : {};
  }
  // A nullable boolean comes as a list of types.
  const types: unknown[] = Array.isArray(inner['type']) ? inner['type'] : [inner['type']];
  nullable ||= types.includes('null');
  const properties = new Map<string, SchemaNode>();
  if (isPlainObject(inner['properties'])) {
    for (const [key, value] of Object.entries(inner['properties'])) properties.set(key, fromJson(value));
  }
  const element =
    inner['items'] ?? (isPlainObject(inner['additionalProperties']) ? inner['additionalProperties'] : null);
  const description = outer['description'] ?? inner['description'];
  const required: unknown = inner['required'];
  const choices: unknown = inner['enum'];
  return {
    kind: kindOf(
      inner,
      types.find((type) => type !== 'null'),
    ),
    description: typeof description === 'string' ? description : '',
    defaultValue: outer['defaultValue'],
    nullable,
    properties,
    requiredKeys: new Set(Array.isArray(required) ? required.map(String) : []),
    element: element === null ? null : fromJson(element),
    choices: Array.isArray(choices) ? choices.map(String) : [],
  };
}

function kindOf(json: Readonly<Record<string, unknown>>, type: unknown): SchemaKind {
  switch (type) {
    case 'object':
      return isPlainObject(json['additionalProperties']) ? 'record' : 'map';
    case 'array':
      return 'list';
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return type;
    default:
      return 'any';
  }
}

/** Any schema as such a tree. */
export function schemaNodeOf(schema: z.ZodType): SchemaNode {
  return fromJson(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

let root: SchemaNode | null = null;

/** The schema of the whole file. */
export function rootSchema(): SchemaNode {
  root ??= schemaNodeOf(recapConfigSchema);
  return root;
}

/** The schema of the value at a path, null where the configuration has no such place. */
export function schemaAt(path: ConfigPath): SchemaNode | null {
  let node: SchemaNode | null = rootSchema();
  for (const part of path) node = node?.properties.get(String(part)) ?? node?.element ?? null;
  return node;
}

const KIND_NAMES: Readonly<Record<SchemaKind, string>> = {
  map: 'a map of keys',
  record: 'a map by name',
  list: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  any: 'a value',
};

/** "a whole number", "one of share_all, share_none": what a value of this kind is called. */
export function describeKind(node: SchemaNode): string {
  return node.choices.length > 0 ? `one of ${node.choices.join(', ')}` : KIND_NAMES[node.kind];
}
