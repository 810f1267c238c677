/** What a tool shows while there is no order to look at, and why there is none. */
import { useOrder } from './lab-context.tsx';
import styles from './Waiting.module.css';

export function Waiting() {
  const state = useOrder();
  return <p className={styles.waiting}>{state.kind === 'order' ? 'Choose a tweet.' : state.message}</p>;
}
