/** What a tool shows while there is no order to look at, and why there is none. */
import { useRanked } from '../ranking/use-ranked.tsx';
import { labTexts } from '../../texts/lab.ts';
import styles from './Waiting.module.css';

export function Waiting() {
  const state = useRanked();
  return <p className={styles.waiting}>{state.kind === 'order' ? labTexts.chooseTweet : state.message}</p>;
}
