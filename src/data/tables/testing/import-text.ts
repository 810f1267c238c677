/** A CSV text as an imported table, for tests. */
import type { TableColumns } from '../columns-file.ts';
import { parseLabels } from '../heads.ts';
import { importTable, type ImportChoices } from '../import-table.ts';
import { openTable } from '../open-table.ts';
import { memoryFile } from './memory-file.ts';

/** @param labels as --labels takes them. @param given the mapping of a table before, where there is one. */
export async function importText(
  text: string,
  labels: string,
  choices: Partial<ImportChoices> = {},
  given: TableColumns | null = null,
) {
  const table = await openTable(memoryFile(text, 'table.csv', 100));
  const chosen = { labels: parseLabels(labels, table.names, 'table.csv'), heldOut: null, missing: null };
  const imported = await importTable(table, { ...chosen, ...choices }, given);
  return { table, ...imported };
}
