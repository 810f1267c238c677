/** What a plot says at the pointer: a title, then a name and a value a line. */
import styles from './Readout.module.css';

interface ReadoutRow {
  readonly label: string;
  readonly text: string;
  readonly color?: string;
}

export function Readout({ title, rows }: { title: string; rows: readonly ReadoutRow[] }) {
  return (
    <div className={styles.readout}>
      <div className={styles.title}>{title}</div>
      <table>
        <tbody>
          {rows.map(({ label, text, color }) => (
            <tr key={label}>
              <td>
                <span className={styles.swatch} style={{ background: color ?? 'transparent' }} />
                {label}
              </td>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
