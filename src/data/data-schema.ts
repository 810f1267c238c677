/**
 * The data schema read from the reference's segdense JSON file: type and length of every feature of the records
 * (`{"schema": [{"dtype", "feature_name", "length"}]}`).
 */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from '../config/zod.ts';
import { FEATURE_KINDS, makeDataSchema } from './make-data-schema.ts';
import type { DataSchema } from './make-data-schema.ts';

export type { DataSchema, FeatureSpec } from './make-data-schema.ts';

/** A data schema that cannot be used. Lines and columns count from 1. */
export class DataSchemaError extends Error {
  override readonly name = 'DataSchemaError';
  readonly line: number;
  readonly column: number;

  constructor(file: string, line: number, column: number, what: string) {
    super(`${file}:${line}:${column}: ${what}`);
    this.line = line;
    this.column = column;
  }
}

const kindSchema = z.enum(FEATURE_KINDS).catch('other');
const entrySchema = z.object({
  dtype: z.string('dtype must be a text: int64_list, float_list or bytes_list'),
  feature_name: z.string('feature_name must be a text').min(1, 'feature_name must not be empty'),
  length: z.int('length must be a whole number'),
});
const fileSchema = z.object({ schema: z.array(entrySchema, 'schema must be a list of features') });

/** Offset of the node at a path, or of the deepest one there is on the way to it. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of [null, ...path]) {
    if (step !== null) {
      if (!isMap(node) && !isSeq(node)) break;
      node = node.get(typeof step === 'symbol' ? String(step) : step, true);
    }
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) break;
    offset = node.range?.[0] ?? offset;
  }
  return offset;
}

/**
 * Reads a segdense JSON text. Unknown keys of an entry are ignored, as the reference does; a type or length that
 * nothing here can read is the concern of who wants that feature.
 * @param file the file's name, for errors.
 * @throws DataSchemaError with line and column: text that is no JSON, a wrong or missing key, a name that stands twice.
 */
export function parseDataSchema(text: string, file = 'data schema'): DataSchema {
  const lines = new LineCounter();
  // JSON is YAML too, and the YAML parser keeps positions; JSON.parse still decides what is valid.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  const fail = (offset: number, what: string) => {
    const { line, col } = lines.linePos(offset);
    return new DataSchemaError(file, Math.max(1, line), Math.max(1, col), what);
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const offset = document.errors[0]?.pos[0] ?? Number(/position (\d+)/.exec(String(error))?.[1] ?? 0);
    throw fail(Math.min(offset, text.length), `this is no JSON (${(error as Error).message}).`);
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const where = issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ` : '';
    throw fail(offsetOf(document, issue.path), `${where}${issue.message}.`);
  }
  const seen = new Set<string>();
  for (const [i, { feature_name: name }] of parsed.data.schema.entries()) {
    if (seen.has(name))
      throw fail(offsetOf(document, ['schema', i, 'feature_name']), `"${name}" is named twice.`);
    seen.add(name);
  }
  return makeDataSchema(
    parsed.data.schema.map(({ dtype, feature_name, length }) => ({
      name: feature_name,
      kind: kindSchema.parse(dtype),
      length,
    })),
  );
}
