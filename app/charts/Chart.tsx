/** A figure with its title, its table twin, and its numbers and picture as files: the same for every chart of the page. */
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { toCsv } from '../../src/formats/csv.ts';
import { classes } from '../parts/classes.ts';
import { ValueTable } from '../parts/NumberTable.tsx';
import { saveFile } from '../parts/save-file.ts';
import { useOffers } from '../actions/use-offers.ts';
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
  const figure = useRef<HTMLElement>(null);
  const nothing = empty !== null;
  const [problem, setProblem] = useState<string | null>(null);
  const picture = (kind: 'svg' | 'png') => async (): Promise<void> => {
    setProblem(null);
    try {
      const { chartPicture } = await import('./picture.ts');
      saveFile(await chartPicture(figure.current, name, kind), `${fileName(name)}.${kind}`);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const drawn = nothing ? chartTexts.nothing : asTable ? chartTexts.isTable : null;
  const tools: readonly ToolProps[] = [
    {
      name: chartTexts.asTable(name),
      label: chartTexts.table,
      why: null,
      pressed: asTable,
      run: () => setAsTable(!asTable),
    },
    {
      name: chartTexts.asFile(name, 'CSV'),
      label: 'CSV',
      why: nothing ? chartTexts.nothing : null,
      run: () => saveTable(name, file()),
    },
    ...(isPlot
      ? (['svg', 'png'] as const).map((kind) => ({
          name: chartTexts.asFile(name, kind.toUpperCase()),
          label: kind.toUpperCase(),
          why: drawn,
          run: picture(kind),
        }))
      : []),
  ];
  useOffers(tools.map(({ name: title, why, run }) => ({ id: `chart.${title}`, title, why, run })));
  return (
    <section className={classes(styles.chart, small && styles.small)} aria-label={name}>
      <header className={styles.head}>
        <h3 className={styles.title}>{title}</h3>
        <div className={styles.tools}>
          {tools.map((tool) => (
            <Tool key={tool.name} {...tool} />
          ))}
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
  readonly label: string;
  /** Why it can't be done now; null where it can. */
  readonly why: string | null;
  readonly pressed?: boolean;
  readonly framed?: boolean;
  readonly run: () => void | Promise<void>;
}

function Tool({ name, label, why, pressed, framed, run }: ToolProps) {
  return (
    <button
      type="button"
      className={classes(styles.tool, framed && styles.framed)}
      aria-label={name}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      disabled={why !== null}
      title={why ?? undefined}
      onClick={() => void run()}
    >
      {label}
    </button>
  );
}

/** A table's numbers as a file, beside what shows them otherwise. */
export function CsvButton({ name, table }: { readonly name: string; readonly table: TwinTable }) {
  const tool: ToolProps = {
    name: chartTexts.asFile(name, 'CSV'),
    label: 'CSV',
    why: table.rows.length === 0 ? chartTexts.nothing : null,
    framed: true,
    run: () => saveTable(name, table),
  };
  useOffers([{ id: `table.${name}`, title: tool.name, why: tool.why, run: tool.run }]);
  return <Tool {...tool} />;
}

function saveTable(name: string, { columns, rows }: TwinTable): void {
  saveFile(new Blob([toCsv(columns, rows)], { type: 'text/csv' }), `${fileName(name)}.csv`);
}

const fileName = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
