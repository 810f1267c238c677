/** The rows of a table as batches to predict: labels are not needed, and every example knows its row. */
import { blockSource } from '../batching.ts';
import type { RawBlock } from '../example.ts';
import type { DataPlan } from '../layout.ts';
import type { BatchSource } from '../recap-batch.ts';
import type { TableColumns } from './columns-file.ts';
import { DROPPED, type EncodedRows } from './encode.ts';
import type { Table } from './table.ts';
import { appendRow, EncodedTable } from './table-rows.ts';

/** Rows to predict, with the number of each example's row in the table, from 0. */
export interface TableRows {
  readonly source: BatchSource;
  readonly table: EncodedTable;
  /** The numbers of the next `count` examples, in order. */
  takeNumbers(count: number): number[];
}

/** Every row of a table that can be predicted, in order; labels are not needed. */
export function rowsToPredict(plan: DataPlan, table: Table, columns: TableColumns): TableRows {
  const encoded = new EncodedTable(table, columns, { labelsOptional: true });
  const rows = encoded.rows();
  const numbers: number[] = [];
  let chunk: EncodedRows | null = null;
  let at = 0;
  const fill = async (block: RawBlock) => {
    while (block.filled < block.capacity) {
      if (!chunk || at === chunk.size) {
        const next = await rows.next();
        if (next.done) return;
        chunk = next.value;
        at = 0;
        continue;
      }
      if (chunk.sides[at] !== DROPPED) {
        numbers.push(chunk.first + at);
        used++;
        appendRow(block, chunk, encoded.layout, at);
      }
      at++;
    }
  };
  let used = 0;
  const stream = {
    fill,
    // Predicting goes over the rows once and is never gone on with.
    position: () => ({ kind: 'table', rows: 0, used }) as const,
    dispose: () => void rows.return(),
  };
  return {
    source: blockSource(plan, stream, { labelsOptional: true }),
    table: encoded,
    takeNumbers: (count) => numbers.splice(0, count),
  };
}
