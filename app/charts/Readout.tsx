/** What a plot says at the pointer: a title, then a name and a value a line. */
import styles from './Readout.module.css';
import { Swatch } from '../parts/Swatch.tsx';

export interface ReadoutRow {
  readonly label: string;
  readonly text: string;
  /** Of the other runs, under their names. */
  readonly others?: readonly string[];
  readonly color?: string;
  /** Beside the value: as measured, or an interval. */
  readonly more?: string;
}

interface ReadoutProps {
  readonly title: string;
  readonly rows: readonly ReadoutRow[];
  /** Names of the runs, one a column; none where each row names its own. */
  readonly runs?: readonly string[];
}

export function Readout({ title, rows, runs = [] }: ReadoutProps) {
  return (
    <div className={styles.readout}>
      <div className={styles.title}>{title}</div>
      <table>
        {runs.length > 0 && (
          <thead>
            <tr>
              <td />
              {runs.map((run) => (
                <td key={run}>{run}</td>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map(({ label, text, others = [], color, more }) => (
            <tr key={label}>
              <td>
                <Swatch color={color ?? 'transparent'} />
                {label}
              </td>
              <td>{text}</td>
              {others.map((other, at) => (
                <td key={runs[at + 1]}>{other}</td>
              ))}
              {more !== undefined && <td className={styles.more}>{more}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
