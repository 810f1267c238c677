/** Completion for the configuration's text, broken or not: keys, choices, truth values and task names. */
import type { ConfigPath } from './config-path.ts';
import { showDefault } from './hover.ts';
import { describeKind, schemaAt } from './schema-node.ts';
import type { SchemaNode } from './schema-node.ts';
import { PRODUCTION_LABELS, TENSOR_NAMES } from './schema/known-names.ts';
import { contextAt, scanKeys } from './yaml-scan.ts';
import type { CursorContext, KeyToken } from './yaml-scan.ts';

export interface Completion {
  readonly label: string;
  readonly type: 'property' | 'enum' | 'constant' | 'variable';
  /** What kind of value, shown beside the label. */
  readonly detail: string;
  /** Longer description. */
  readonly info: string;
  /** Text to put in place of the word. */
  readonly apply: string;
}

export interface Completions {
  /** Start of the word that a completion replaces, up to the cursor. */
  readonly from: number;
  readonly options: readonly Completion[];
}

/** What can be written at `offset`. Empty where nothing is known, never an error. */
export function completionsAt(text: string, offset: number): Completions {
  const context = contextAt(text, offset);
  const keys = scanKeys(text);
  if (context.role === 'key') return { from: context.from, options: keyOptions(context, keys, offset) };
  if (context.role === 'none') return { from: offset, options: [] };
  const schema = schemaAt(context.path);
  const isItem = context.role === 'item';
  if (isItem && (schema?.kind === 'map' || schema?.kind === 'record')) {
    return { from: context.from, options: keyOptions(context, keys, offset) };
  }
  return { from: context.from, options: schema ? valueOptions(context.path, schema, keys) : [] };
}

function samePath(a: ConfigPath, b: ConfigPath): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

/** Names of the keys directly below `parent` in the text, without the one under the cursor. */
function namesBelow(keys: readonly KeyToken[], parent: ConfigPath, cursor = -1): string[] {
  return keys
    .filter(({ path, from, to }) => samePath(path.slice(0, -1), parent) && !(from <= cursor && cursor <= to))
    .map(({ path }) => String(path.at(-1)));
}

function keyOptions(context: CursorContext, keys: readonly KeyToken[], offset: number): Completion[] {
  const schema = schemaAt(context.path);
  if (!schema) return [];
  const present = new Set(namesBelow(keys, context.path, offset));
  if (schema.kind === 'record') {
    const element = schema.element;
    return recordNames(context.path, keys)
      .filter((name) => !present.has(name))
      .map((name) => ({
        label: name,
        type: 'variable',
        detail: element ? describeKind(element) : '',
        info: schema.description,
        apply: name + opening(element, context),
      }));
  }
  return [...schema.properties]
    .filter(([name]) => !present.has(name))
    .map(([name, property]) => ({
      label: name,
      type: 'property',
      detail: describeKind(property),
      info: `${property.description} ${showDefault(property, schema.requiredKeys.has(name))}`.trim(),
      apply: name + opening(property, context),
    }));
}

/** What follows a key: its value on the same line, or the next line indented when the value is a map. */
function opening(schema: SchemaNode | null, context: CursorContext): string {
  const nests =
    schema?.kind === 'map' || schema?.kind === 'record' || (schema?.kind === 'list' && isMaps(schema));
  if (!nests || context.flow) return ': ';
  return `:\n${' '.repeat(context.column + 2)}${schema.kind === 'list' ? '- ' : ''}`;
}

function isMaps(list: SchemaNode): boolean {
  return list.element?.kind === 'map';
}

function recordNames(path: ConfigPath, keys: readonly KeyToken[]): string[] {
  const modelTasks = namesBelow(keys, ['model', 'tasks']);
  const dataTasks = namesBelow(keys, ['train_data', 'tasks']);
  switch (path.at(-1) ?? '') {
    case 'tower_learning_rates':
      return modelTasks;
    case 'validation_data':
      return ['validation', 'train', ...modelTasks];
    case 'renamed_features':
      return [...TENSOR_NAMES];
    case 'tasks':
      return path[0] === 'model'
        ? unique([...dataTasks, ...PRODUCTION_LABELS])
        : unique([...dataTasks, ...modelTasks, ...PRODUCTION_LABELS]);
    case 'label_to_engaged_timestamp_field':
      return dataTasks;
    default:
      return [];
  }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

const TASK_LISTS = ['evaluation_tasks', 'engagements_list'];

function valueOptions(path: ConfigPath, schema: SchemaNode, keys: readonly KeyToken[]): Completion[] {
  const option = (label: string, type: Completion['type'], detail: string): Completion => ({
    label,
    type,
    detail,
    info: schema.description,
    apply: label,
  });
  const isDefault = (value: unknown) => (schema.defaultValue === value ? 'default' : '');
  const options = schema.choices.map((choice) => option(choice, 'enum', isDefault(choice)));
  if (schema.kind === 'boolean') {
    options.push(option('true', 'constant', isDefault(true)), option('false', 'constant', isDefault(false)));
  }
  const isTaskList = path.some((part) => TASK_LISTS.includes(String(part)));
  if (isTaskList && schema.kind === 'string') {
    const names = unique([
      ...namesBelow(keys, ['model', 'tasks']),
      ...namesBelow(keys, ['train_data', 'tasks']),
    ]);
    options.push(...names.map((name) => option(name, 'variable', 'task')));
  }
  if ((schema.kind === 'integer' || schema.kind === 'number') && schema.defaultValue !== undefined) {
    options.push(option(JSON.stringify(schema.defaultValue), 'constant', 'default'));
  }
  if (schema.nullable && schema.defaultValue === undefined)
    options.push(option('null', 'constant', 'absent'));
  return options;
}
