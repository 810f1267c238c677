/** The colour by which a head is known, before its name. */
import styles from './Swatch.module.css';

export function Swatch({ color }: { readonly color: string }) {
  return <span className={styles.swatch} style={{ background: color }} />;
}
