/** A table, scrolling in its place: one look for all of them, and one for numbers and words each. */
import type { ReactNode } from 'react';
import { cellText } from '../stores/twin-table.ts';
import type { TwinTable } from '../stores/twin-table.ts';
import { chartTexts } from '../texts/chart.ts';
import { classes } from './classes.ts';
import { Explained } from './Term.tsx';
import styles from './NumberTable.module.css';

/** A column's title; an object where it explains itself, or has a look or a width of its own. */
export type Heading =
  | string
  | {
      readonly text: ReactNode;
      readonly about?: string | undefined;
      readonly className?: string | undefined;
      readonly span?: number;
    };

interface NumberTableProps {
  readonly name: string;
  /** Of the place that it scrolls in, where the table's own name with "table" says less. */
  readonly region?: string;
  /** Many rows are striped; few are ruled, or have what leads the eye in their cells. */
  readonly look?: 'striped' | 'ruled' | 'plain';
  readonly framed?: boolean;
  /** Cells hold words, and numbers only where they say so. */
  readonly words?: boolean;
  readonly className?: string | undefined;
  readonly tableClassName?: string | undefined;
  /** Titles of the columns; without it the thead stands among the children. */
  readonly heads?: readonly Heading[];
  /** Its tbody and tfoot. */
  readonly children: ReactNode;
}

export function NumberTable(props: NumberTableProps) {
  const { name, region = chartTexts.tableOf(name), look = 'striped', framed, words } = props;
  return (
    <div
      className={classes(styles.wrap, framed && styles.framed, props.className)}
      tabIndex={0}
      role="region"
      aria-label={region}
    >
      <table
        className={classes(styles.table, styles[look], words && styles.words, props.tableClassName)}
        aria-label={name}
      >
        {props.heads && (
          <thead>
            <tr>
              {props.heads.map((heading, at) => {
                const { text, about, className, span }: Exclude<Heading, string> =
                  typeof heading === 'string' ? { text: heading } : heading;
                return (
                  <th key={at} scope="col" className={className} colSpan={span}>
                    {about === undefined ? text : <Explained text={about}>{text}</Explained>}
                  </th>
                );
              })}
            </tr>
          </thead>
        )}
        {props.children}
      </table>
    </div>
  );
}

interface ValueTableProps {
  readonly name: string;
  readonly table: TwinTable;
  readonly className?: string | undefined;
}

/** What a chart draws, as numbers. */
export function ValueTable({ name, table: { columns, rows }, className }: ValueTableProps) {
  return (
    <NumberTable name={name} className={className} heads={columns}>
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
    </NumberTable>
  );
}
