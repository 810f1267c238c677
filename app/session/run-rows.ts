/** The held-out rows that a run on a person's own table is asked about, from the table that is at hand. */
import type { RecapBatch } from '../../src/data/recap-batch.ts';
import type { RunManifest } from '../../src/runs/manifest.ts';
import type { TableRows } from '../../src/workers/protocol.ts';
import type { DataStore } from '../stores/data.ts';
import { filesFor } from './draft-recipe.ts';
import type { TableActions } from './table-actions.ts';

export interface RunRows {
  readonly rows: TableRows;
  readonly batch: RecapBatch;
}

/**
 * Null for runs on other data.
 * @throws SessionInputError naming the table that has to be given first; TableError, ColumnsError.
 */
export async function rowsOf(
  manifest: RunManifest,
  session: { readonly data: DataStore; tables(): Promise<TableActions> },
): Promise<RunRows | null> {
  if (manifest.recipe.data.kind !== 'table') return null;
  const files = filesFor(manifest.recipe, session.data.getState());
  return (await session.tables()).heldOutRows(manifest, files);
}
