/** truncate_and_slice: the first columns of continuous and binary, then those that a mask keeps. Views, no copies. */
import type { RawBlock } from '../example.ts';
import type { ColumnSpec } from '../layout.ts';

/** Narrows the block's columns to what the plan keeps of each: `kept` values, then the mask's columns of these. */
export function truncateAndSlice(block: RawBlock, specs: readonly ColumnSpec[]): void {
  for (const { name, kept, mask } of specs) {
    const column = block.columns.get(name);
    if (!column) continue;
    column.width = mask ? mask.length : Math.min(column.width, kept);
    column.index = mask;
  }
}
