/** A table of numbers under its columns' names, scrolling in its place: one look for the whole page. */
import { cellText } from '../stores/twin-table.ts';
import type { TwinTable } from '../stores/twin-table.ts';
import { classes } from './classes.ts';
import { chartTexts } from '../texts/chart.ts';
import styles from './NumberTable.module.css';

interface NumberTableProps {
  readonly name: string;
  readonly table: TwinTable;
  readonly className?: string | undefined;
}

export function NumberTable({ name, table: { columns, rows }, className }: NumberTableProps) {
  return (
    <div
      className={classes(styles.wrap, className)}
      tabIndex={0}
      role="region"
      aria-label={chartTexts.tableOf(name)}
    >
      <table className={styles.table} aria-label={name}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // Rows have no other name: a head's bins repeat its own.
            <tr key={at}>
              {row.map((cell, column) =>
                column === 0 ? (
                  <th key={columns[column]} scope="row">
                    {cellText(cell)}
                  </th>
                ) : (
                  <td key={columns[column]}>{cellText(cell)}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
