/** Keys as they stand on the keyboard. */
import { isMac, keyNames } from './keys.ts';
import styles from './Palette.module.css';

export function Keys({ keys }: { readonly keys: string }) {
  return (
    <span className={styles.keys}>
      {keyNames(keys, isMac()).map((name) => (
        <kbd key={name} className={styles.key}>
          {name}
        </kbd>
      ))}
    </span>
  );
}
