/** extract_features: single columns of a tensor under names of their own. An extracted label replaces the read one. */
import type { DataConfig } from '../../config/recap-config.ts';
import { RawColumn, type RawBlock } from '../example.ts';

type ExtractTable = NonNullable<
  NonNullable<DataConfig['preprocess']>['extract_features']
>['extract_feature_table'];

/** Adds a column of width 1 per row of the table; `index` counts in the tensor as truncation and masks left it. */
export function extractFeatures(block: RawBlock, table: ExtractTable): void {
  for (const { name, source_tensor: source, index } of table) {
    const column = block.columns.get(source);
    if (!column) continue;
    const position = column.index ? column.index[index]! : index;
    block.columns.set(name, RawColumn.view(column, name, Int32Array.of(position)));
  }
}
