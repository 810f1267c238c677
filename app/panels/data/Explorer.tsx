/** The data from close by: rows, histograms, labels together, and what the configuration uses. Loaded when first opened. */
import { Tabs } from 'radix-ui';
import { Columns } from './Columns.tsx';
import styles from './Explorer.module.css';
import { Histogram } from './Histogram.tsx';
import { LabelMatrix } from './LabelMatrix.tsx';
import { Rows } from './Rows.tsx';

const VIEWS = [
  { id: 'rows', label: 'Rows', View: Rows },
  { id: 'histogram', label: 'Histogram', View: Histogram },
  { id: 'labels', label: 'Labels together', View: LabelMatrix },
  { id: 'columns', label: 'Columns used', View: Columns },
] as const;

export default function Explorer() {
  return (
    <Tabs.Root defaultValue="rows" className={styles.explorer}>
      <Tabs.List className={styles.tabs} aria-label="Views of the data">
        {VIEWS.map(({ id, label }) => (
          <Tabs.Trigger key={id} value={id} className={styles.tab}>
            {label}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {VIEWS.map(({ id, View }) => (
        <Tabs.Content key={id} value={id} className={styles.view}>
          <View />
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
