/** Files that a person drops on the data panel: records, a table, a data schema (.json), masks of columns (.npy). */
import { parseDataSchema } from '../../src/data/data-schema.ts';
import type { MaskFiles } from '../../src/data/mask-files.ts';
import { NpyError, npyNonzero } from '../../src/formats/npy.ts';
import type { NamedSchema } from '../stores/data.ts';

export interface SortedFiles {
  readonly records: readonly File[];
  readonly schema: File | null;
  readonly masks: readonly File[];
  /** A CSV or Parquet file. */
  readonly table: File | null;
}

/** Names of tables; other files are taken for one where one is asked for. */
const TABLE = /\.(?:csv|tsv|tab|txt|parquet|xlsx?)(?:\.gz)?$/i;

/** What each file is for, by the end of its name. */
export function sortFiles(files: readonly File[]): SortedFiles {
  const endsWith = (end: string) => (file: File) => file.name.endsWith(end);
  return {
    records: files.filter(({ name }) => !/\.(?:json|npy)$/.test(name) && !TABLE.test(name)),
    table: files.find(({ name }) => TABLE.test(name)) ?? null,
    schema: files.find(endsWith('.json')) ?? null,
    masks: files.filter(endsWith('.npy')),
  };
}

/**
 * What schema and masks say, for the data store; masks of the same name are replaced, others stay.
 * @throws DataSchemaError or NpyError naming the file.
 */
export async function readDescriptions(
  { schema, masks }: SortedFiles,
  before: MaskFiles,
): Promise<{ readonly ownSchema?: NamedSchema; readonly ownMasks?: MaskFiles }> {
  const read = new Map(before);
  for (const file of masks) read.set(file.name, await readMask(file));
  return {
    ...(schema && {
      ownSchema: { name: schema.name, schema: parseDataSchema(await schema.text(), schema.name) },
    }),
    ...(masks.length > 0 && { ownMasks: read }),
  };
}

async function readMask(file: File): Promise<Int32Array> {
  try {
    return npyNonzero(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    throw error instanceof NpyError ? new NpyError(`${file.name}: ${error.message}`) : error;
  }
}
