/** A figure with its table twin and its CSV: the same numbers three ways. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { saveFile } from '../parts/save-file.ts';
import { toCsv } from '../../src/formats/csv.ts';
import { cellText } from '../stores/twin-table.ts';
import type { TwinTable } from '../stores/twin-table.ts';
import styles from './Twin.module.css';

interface TwinProps {
  readonly title: ReactNode;
  /** The title as plain text: for the table, the file and screen readers. */
  readonly name: string;
  readonly table: TwinTable;
  /** What the figure says in words. */
  readonly summary: string;
  readonly height: number;
  /** Shown in place of the figure; null where there is something to draw. */
  readonly empty: string | null;
  readonly children: ReactNode;
}

export function Twin({ title, name, table, summary, height, empty, children }: TwinProps) {
  const [asTable, setAsTable] = useState(false);
  return (
    <section className={styles.twin} aria-label={name}>
      <header className={styles.head}>
        <h3 className={styles.title}>{title}</h3>
        <div className={styles.tools}>
          <button
            type="button"
            className={styles.tool}
            aria-pressed={asTable}
            aria-label={`${name} as a table`}
            onClick={() => setAsTable(!asTable)}
          >
            Table
          </button>
          <CsvButton name={name} table={table} className={styles.tool} />
        </div>
      </header>
      <figure className={styles.figure} style={{ height }} aria-label={`${name}: ${summary}`}>
        {table.rows.length > 0 && asTable ? (
          <Table name={name} table={table} />
        ) : empty === null ? (
          children
        ) : (
          <p className={styles.empty}>{empty}</p>
        )}
      </figure>
    </section>
  );
}

export function CsvButton(props: {
  readonly name: string;
  readonly table: TwinTable;
  readonly className?: string | undefined;
}) {
  const { name, table, className } = props;
  return (
    <button
      type="button"
      className={className}
      disabled={table.rows.length === 0}
      aria-label={`${name} as CSV`}
      onClick={() => {
        const file = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.csv`;
        saveFile(new Blob([toCsv(table.columns, table.rows)], { type: 'text/csv' }), file);
      }}
    >
      CSV
    </button>
  );
}

function Table({ name, table }: { name: string; table: TwinTable }) {
  return (
    <div className={styles.wrap} tabIndex={0} role="region" aria-label={`${name}, table`}>
      <table className={styles.table} aria-label={name}>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => (
            // Rows are only ever appended, and a head's bins have no other name.
            <tr key={at}>
              {row.map((cell, column) =>
                column === 0 ? (
                  <th key={table.columns[column]} scope="row">
                    {cellText(cell)}
                  </th>
                ) : (
                  <td key={table.columns[column]}>{cellText(cell)}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
