/**
 * columns.json: what becomes of each column of a table, so that new rows of the same table are read as the first were.
 * Version 1. What an import leaves out is filled in from the table; predicting needs it complete.
 */
import { z } from '../../config/zod.ts';
import { ENCODINGS } from '../../formats/text-encoding.ts';
import { DATE_ORDERS } from './cells.ts';
import type { CsvOptions } from './csv-table.ts';

export const MISSING_RULES = ['zero', 'mean', 'indicator', 'drop'] as const;
/**
 * What stands for a missing value: 0; the mean (of a binary column or category the most frequent value); the mean and a
 * binary column of its own that says so; or nothing, and the row is left out.
 */
export type MissingRule = (typeof MISSING_RULES)[number];

/** Where a list goes: one of the three embeddings, each with a LayerNorm of its own, or number by number. */
export const LIST_TENSORS = [
  'user_embedding',
  'user_eng_embedding',
  'author_embedding',
  'continuous',
] as const;
export type ListTensor = (typeof LIST_TENSORS)[number];

const finite = () => z.number();
const positive = () => z.number().positive('must be above 0');
const name = () => z.string().min(1, 'must not be empty');
const missing = z.enum(MISSING_RULES, `missing is one of ${MISSING_RULES.join(', ')}`);
const values = () => z.array(z.string()).min(1, 'needs at least one value');

/** A number x reaches the model as (x − center) / unit. */
const scale = {
  center: finite().optional(),
  unit: positive().optional(),
  /** Stands for a missing value under "mean" and "indicator", before the scale. */
  mean: finite().optional(),
};

const columnSchema = z.discriminatedUnion(
  'as',
  [
    z.strictObject({ name: name(), as: z.literal('number'), missing: missing.optional(), ...scale }),
    z.strictObject({
      name: name(),
      as: z.literal('date'),
      missing: missing.optional(),
      order: z.enum(DATE_ORDERS, `order is one of ${DATE_ORDERS.join(', ')}`).optional(),
      ...scale,
    }),
    z.strictObject({
      name: name(),
      as: z.literal('binary'),
      missing: missing.optional(),
      /** The texts that are 1, those that are 0, and the more frequent side. */
      positive: values().optional(),
      negative: z.array(z.string()).optional(),
      mean: z.union([z.literal(0), z.literal(1)]).optional(),
    }),
    z.strictObject({
      name: name(),
      as: z.literal('category'),
      missing: missing.optional(),
      /** One binary column each, in this order; any other value is 0 in all of them. */
      values: values().optional(),
      /** The most frequent value. */
      mean: z.string().optional(),
    }),
    z.strictObject({
      name: name(),
      as: z.literal('list'),
      missing: missing.optional(),
      into: z.enum(LIST_TENSORS, `into is one of ${LIST_TENSORS.join(', ')}`).optional(),
      length: z.int().min(1).max(65_536).optional(),
      mean: z.array(finite()).optional(),
    }),
    z.strictObject({ name: name(), as: z.literal('label') }),
    z.strictObject({ name: name(), as: z.literal('ignored'), why: z.string().optional() }),
  ],
  'as is one of number, date, binary, category, list, label, ignored',
);

const headSchema = z.strictObject({
  /** The task's name in the configuration and the weights. */
  name: z.string().regex(/^[A-Za-z0-9_-]+$/, 'a head is named with letters, digits, _ and - only'),
  /** What a person reads. */
  title: name(),
  column: name(),
  /** The values that make the label 1. */
  positive: values(),
  /** The values that make it 0; null for all others. */
  negative: values().nullable().default(null),
});

const share = z.number().positive('share must be above 0').max(0.9, 'share must be at most 0.9');
const heldOutSchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('row'), share }),
  /** All rows of one value of the column are on the same side. */
  z.strictObject({ by: z.literal('group'), column: name(), share }),
  /** Rows from `from` on are held out: a moment as ISO text, or a number. */
  z.strictObject({
    by: z.literal('time'),
    column: name(),
    share,
    order: z.enum(DATE_ORDERS).optional(),
    from: z.union([z.iso.datetime(), finite()]).optional(),
  }),
]);

const tableColumnsSchema = z.strictObject({
  /** Version of the program that wrote it. */
  app: z.string().optional(),
  version: z.literal(1, 'version must be 1; a newer one needs a newer program'),
  table: z
    .strictObject({
      delimiter: z.string().length(1).optional(),
      quote: z.string().length(1).optional(),
      encoding: z.enum(ENCODINGS).optional(),
      header: z.boolean().optional(),
      decimal: z.enum(['.', ',']).optional(),
      /** Cells that stand for no value, besides empty ones; in any case. */
      missing_values: z.array(z.string()).optional(),
    })
    .default({}),
  /** Ages of dates count in days before this moment: the latest date of the table that was imported. */
  reference_time: z.iso
    .datetime('reference_time is a moment such as 2024-05-01T00:00:00.000Z')
    .nullable()
    .default(null),
  columns: z.array(columnSchema).min(1, 'there must be a column'),
  heads: z.array(headSchema).min(1, 'there must be a head'),
  held_out: heldOutSchema.default({ by: 'row', share: 0.1 }),
});

/** What it says of the table, whoever wrote it. */
export type TableColumns = Omit<z.output<typeof tableColumnsSchema>, 'app'>;
export type ColumnSettings = TableColumns['columns'][number];
export type ColumnKind = ColumnSettings['as'];
export type Head = TableColumns['heads'][number];
export type HeldOut = TableColumns['held_out'];

/** A columns.json that cannot be used: where in it, what is wrong, and the mend. */
export class ColumnsError extends Error {
  override readonly name = 'ColumnsError';

  constructor(file: string, path: string, what: string) {
    super(`${file}: ${path === '' ? '' : `${path}: `}${what}`);
  }
}

type Issue = z.core.$ZodIssue;

/** Where in the file an issue is, by the column's or head's name where it has one. */
function placeOf(path: readonly PropertyKey[], json: unknown): string {
  const [section, index, ...rest] = path;
  const list = json as Record<string, unknown> | null;
  const entry: unknown =
    typeof section === 'string' && typeof index === 'number' && list && Array.isArray(list[section])
      ? (list[section] as unknown[])[index]
      : null;
  const named = (entry as { name?: unknown } | null)?.name;
  if (typeof named !== 'string') return path.map((part) => String(part)).join('.');
  return [`${section as string}.${index as number} ("${named}")`, ...rest.map((part) => String(part))].join(
    '.',
  );
}

function sentence(issue: Issue): string {
  if (issue.code === 'unrecognized_keys') {
    return `there is no key ${issue.keys.map((key) => `"${key}"`).join(', ')} here; remove it.`;
  }
  if (issue.code === 'invalid_type') {
    const kind = `must be a ${issue.expected}`;
    return issue.input === undefined ? `is missing; it ${kind}.` : `${kind}.`;
  }
  return `${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1).replace(/\.$/, '')}.`;
}

/** Names that must differ, and those that must be there. */
function checkNames(file: string, { columns, heads, held_out: heldOut }: TableColumns): void {
  const twice = (names: readonly string[]) => names.find((value, i) => names.indexOf(value) !== i);
  const column = twice(columns.map((entry) => entry.name));
  if (column !== undefined)
    throw new ColumnsError(file, 'columns', `"${column}" is there twice; remove one.`);
  const head = twice(heads.map((entry) => entry.name));
  if (head !== undefined) throw new ColumnsError(file, 'heads', `"${head}" is there twice; rename one.`);
  const known = new Map(columns.map((entry) => [entry.name, entry]));
  for (const [i, entry] of heads.entries()) {
    const source = known.get(entry.column);
    const place = `heads.${i} ("${entry.name}").column`;
    if (!source)
      throw new ColumnsError(file, place, `there is no column "${entry.column}"; correct the name.`);
    if (source.as !== 'label') {
      throw new ColumnsError(
        file,
        place,
        `the column "${entry.column}" is read as ${source.as}: a head would see its own answer. Set "as": "label" there.`,
      );
    }
    const both = entry.positive.find((value) => entry.negative?.includes(value));
    if (both !== undefined) {
      throw new ColumnsError(
        file,
        `heads.${i} ("${entry.name}")`,
        `"${both}" is both positive and negative.`,
      );
    }
  }
  if (heldOut.by !== 'row' && !known.has(heldOut.column)) {
    throw new ColumnsError(
      file,
      'held_out.column',
      `there is no column "${heldOut.column}"; correct the name.`,
    );
  }
  const lists = columns.flatMap((entry) =>
    entry.as === 'list' && entry.into && entry.into !== 'continuous' ? [entry.into] : [],
  );
  const tensor = twice(lists);
  if (tensor !== undefined) {
    throw new ColumnsError(
      file,
      'columns',
      `two lists go into ${tensor}; each takes one. Use another tensor.`,
    );
  }
}

/**
 * Reads a columns.json.
 * @param file its name, for errors.
 * @throws ColumnsError naming place and mend.
 */
export function parseColumns(text: string, file = 'columns.json'): TableColumns {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ColumnsError(file, '', `this is no JSON (${reason}).`);
  }
  return checkColumns(json, file);
}

/**
 * A columns.json that was read as JSON already, as a run's manifest holds it.
 * @throws ColumnsError naming place and mend.
 */
export function checkColumns(json: unknown, file = 'columns.json'): TableColumns {
  const parsed = tableColumnsSchema.safeParse(json, { reportInput: true });
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new ColumnsError(file, placeOf(issue.path, json), sentence(issue));
  }
  const { app: _, ...columns } = parsed.data;
  checkNames(file, columns);
  return columns;
}

/**
 * columns.json as text that `parseColumns` reads back the same, one column a line.
 * @param app version of the program
 */
export function columnsToJson(columns: TableColumns, app: string): string {
  const { version, table, reference_time, held_out } = columns;
  const list = (entries: readonly unknown[]) =>
    `[\n${entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]`;
  return `{
  "app": ${JSON.stringify(app)},
  "version": ${version},
  "table": ${JSON.stringify(table)},
  "reference_time": ${JSON.stringify(reference_time)},
  "held_out": ${JSON.stringify(held_out)},
  "heads": ${list(columns.heads)},
  "columns": ${list(columns.columns)}
}
`;
}

/** What a columns.json knows of how the table's CSV is written. Another file may be saved in another encoding. */
export function csvOptionsOf(
  { delimiter, quote, encoding, header, decimal }: TableColumns['table'],
  file: 'same' | 'another',
): CsvOptions {
  return {
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(quote === undefined ? {} : { quote }),
    ...(encoding === undefined || file === 'another' ? {} : { encoding }),
    ...(header === undefined ? {} : { header }),
    ...(decimal === undefined ? {} : { decimal }),
  };
}
