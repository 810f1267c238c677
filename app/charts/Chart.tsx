/** A figure with its title, its table twin, and its numbers and picture as files: the same for every chart of the page. */
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { toCsv } from '../../src/formats/csv.ts';
import { classes } from '../parts/classes.ts';
import { ValueTable } from '../parts/NumberTable.tsx';
import { saveFile } from '../parts/save-file.ts';
import type { TwinTable } from '../stores/twin-table.ts';
import { chartTexts } from '../texts/chart.ts';
import styles from './Chart.module.css';

interface ChartProps {
  readonly title: ReactNode;
  /** The title as plain text: for the table, the files and screen readers. */
  readonly name: string;
  /** What the figure says in words. */
  readonly summary: string;
  readonly height: number;
  /** Shown in place of the figure; null where there is something to draw. */
  readonly empty: string | null;
  /** What stands in the table, the newest first where it is long. */
  readonly table: () => TwinTable;
  /** Everything, for the file. */
  readonly file?: () => TwinTable;
  /** Below the figure: legend and switches. */
  readonly legend?: ReactNode;
  /** Whether it is a plot that can be taken away as a picture. */
  readonly picture?: boolean;
  /** Beside others: a smaller head. */
  readonly small?: boolean;
  readonly children: ReactNode;
}

export function Chart(props: ChartProps) {
  const { title, name, summary, height, empty, table, file = table, legend, small, children } = props;
  const { picture: isPlot = true } = props;
  const [asTable, setAsTable] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const figure = useRef<HTMLElement>(null);
  const nothing = empty !== null;
  const picture = (kind: 'svg' | 'png'): void => {
    setProblem(null);
    import('./picture.ts')
      .then(({ chartPicture }) => chartPicture(figure.current, name, kind))
      .then((made) => saveFile(made, `${fileName(name)}.${kind}`))
      .catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  };
  return (
    <section className={classes(styles.chart, small && styles.small)} aria-label={name}>
      <header className={styles.head}>
        <h3 className={styles.title}>{title}</h3>
        <div className={styles.tools}>
          <Tool name={chartTexts.asTable(name)} pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {chartTexts.table}
          </Tool>
          <Tool
            name={chartTexts.asFile(name, 'CSV')}
            disabled={nothing}
            onClick={() => {
              const { columns, rows } = file();
              saveFile(new Blob([toCsv(columns, rows)], { type: 'text/csv' }), `${fileName(name)}.csv`);
            }}
          >
            CSV
          </Tool>
          {isPlot && (
            <>
              <Tool
                name={chartTexts.asFile(name, 'SVG')}
                disabled={nothing || asTable}
                onClick={() => picture('svg')}
              >
                SVG
              </Tool>
              <Tool
                name={chartTexts.asFile(name, 'PNG')}
                disabled={nothing || asTable}
                onClick={() => picture('png')}
              >
                PNG
              </Tool>
            </>
          )}
        </div>
      </header>
      {problem !== null && <p role="alert">{problem}</p>}
      <figure
        ref={figure}
        className={styles.figure}
        style={{ height }}
        aria-label={chartTexts.figure(name, summary)}
      >
        {nothing ? (
          <p className={styles.empty}>{empty}</p>
        ) : asTable ? (
          <ValueTable name={name} table={table()} className={styles.table} />
        ) : (
          children
        )}
      </figure>
      {legend}
    </section>
  );
}

interface ToolProps {
  readonly name: string;
  readonly onClick: () => void;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

function Tool({ name, onClick, pressed, disabled, children }: ToolProps) {
  return (
    <button
      type="button"
      className={styles.tool}
      aria-label={name}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

/** A table's numbers as a file, beside what shows them otherwise. */
export function CsvButton({ name, table }: { readonly name: string; readonly table: TwinTable }) {
  return (
    <button
      type="button"
      className={classes(styles.tool, styles.framed)}
      disabled={table.rows.length === 0}
      aria-label={chartTexts.asFile(name, 'CSV')}
      onClick={() =>
        saveFile(new Blob([toCsv(table.columns, table.rows)], { type: 'text/csv' }), `${fileName(name)}.csv`)
      }
    >
      CSV
    </button>
  );
}

const fileName = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
