/** What a plot says at the pointer: a title, then a name and a value a line. */
import styles from './Readout.module.css';
import { Swatch } from '../parts/Swatch.tsx';

export interface ReadoutRow {
  readonly label: string;
  readonly text: string;
  readonly color?: string;
  /** Beside the value: as measured, or an interval. */
  readonly more?: string;
}

export function Readout({ title, rows }: { title: string; rows: readonly ReadoutRow[] }) {
  return (
    <div className={styles.readout}>
      <div className={styles.title}>{title}</div>
      <table>
        <tbody>
          {rows.map(({ label, text, color, more }) => (
            <tr key={label}>
              <td>
                <Swatch color={color ?? 'transparent'} />
                {label}
              </td>
              <td>{text}</td>
              {more !== undefined && <td className={styles.more}>{more}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
