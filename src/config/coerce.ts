/**
 * Values as pydantic v1 takes them, which the reference checks its configuration with: the text "1500" where a whole
 * number belongs, 1e-4 (a text to PyYAML) where a number belongs, 0, 1, "yes" or "f" where true or false belongs. What
 * it would change without a word (2.7 to 2, true to 1, 1.50 to the text "1.5") stays as it is, for the schema to refuse.
 */
import type { SchemaNode } from './schema-node.ts';
import { pythonFloat, pythonInt } from './yaml-scalars.ts';
import type { Located, YamlValue } from './yaml-tree.ts';

/** The value of a part of the tree, its scalars coerced to what the schema wants there. */
export function coerced(located: Located, schema: SchemaNode | null): YamlValue {
  const { value, entries, items } = located;
  if (!schema || schema.kind === 'any') return value;
  if (entries) {
    if (schema.kind !== 'map' && schema.kind !== 'record') return value;
    const map: Record<string, YamlValue> = {};
    for (const [name, entry] of entries)
      map[name] = coerced(entry, schema.properties.get(name) ?? schema.element);
    return map;
  }
  if (items) return schema.kind === 'list' ? items.map((item) => coerced(item, schema.element)) : value;
  return scalar(located, schema);
}

const TRUE = new Set(['1', 'on', 't', 'true', 'y', 'yes']);
const FALSE = new Set(['0', 'off', 'f', 'false', 'n', 'no']);

function scalar({ value, plain }: Located, { kind, choices }: SchemaNode): YamlValue {
  switch (kind) {
    case 'integer':
      return (typeof value === 'string' ? pythonInt(value) : null) ?? value;
    case 'number':
      return (typeof value === 'string' ? pythonFloat(value) : null) ?? value;
    case 'boolean':
      if (value === 1 || (typeof value === 'string' && TRUE.has(value.toLowerCase()))) return true;
      if (value === 0 || (typeof value === 'string' && FALSE.has(value.toLowerCase()))) return false;
      return value;
    case 'string':
      // Only digits that Python would write back the same.
      return typeof value === 'number' && choices.length === 0 && /^(?:0|-?[1-9]\d*)$/.test(plain ?? '')
        ? plain
        : value;
    case 'any':
    case 'list':
    case 'map':
    case 'record':
      return value;
  }
}
