/** The data from close by: rows, histograms, labels together, and what the configuration uses. Loaded when first opened. */
import { useState } from 'react';
import { Tabs } from '../../parts/Tabs.tsx';
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
  const [id, setId] = useState<(typeof VIEWS)[number]['id']>('rows');
  const View = VIEWS.find((view) => view.id === id)?.View ?? Rows;
  return (
    <Tabs label="Views of the data" tabs={VIEWS} value={id} onChange={setId} className={styles.explorer}>
      <View />
    </Tabs>
  );
}
