/** The data from close by: rows, histograms, labels together, and what the configuration uses. Loaded when first opened. */
import { useState } from 'react';
import { Tabs } from '../../parts/Tabs.tsx';
import { Columns } from './Columns.tsx';
import { explorerTexts } from '../../texts/data-explorer.ts';
import styles from './Explorer.module.css';
import { Histogram } from './Histogram.tsx';
import { LabelMatrix } from './LabelMatrix.tsx';
import { Rows } from './Rows.tsx';

const VIEWS = [
  { id: 'rows', View: Rows },
  { id: 'histogram', View: Histogram },
  { id: 'labels', View: LabelMatrix },
  { id: 'columns', View: Columns },
] as const;

export default function Explorer() {
  const [id, setId] = useState<(typeof VIEWS)[number]['id']>('rows');
  const View = VIEWS.find((view) => view.id === id)?.View ?? Rows;
  return (
    <Tabs
      label={explorerTexts.views}
      tabs={VIEWS.map((view) => ({ id: view.id, label: explorerTexts.viewNames[view.id] }))}
      value={id}
      onChange={setId}
      className={styles.explorer}
    >
      <View />
    </Tabs>
  );
}
