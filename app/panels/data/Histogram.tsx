/** How one feature is spread among the positives of a label, and among the other examples. */
import { useEffect, useMemo, useState } from 'react';
import { catalogue } from '../../../src/data/catalogue/catalogue.ts';
import { positionOf } from '../../../src/data/recap-batch.ts';
import type { FeatureHistogram } from '../../../src/workers/protocol.ts';
import { Chart } from '../../charts/Chart.tsx';
import { count } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { Select } from '../../parts/Field.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { useData, useSession } from '../../session/context.tsx';
import { histogramBars, histogramTable } from '../../stores/histogram.ts';
import { HistogramPlot } from './HistogramPlot.tsx';
import { explorerTexts } from '../../texts/data-explorer.ts';
import styles from './Histogram.module.css';

const HEIGHT = 320;

export function Histogram() {
  const { data } = useSession();
  const choice = useData((state) => state.histogramChoice);
  const preview = useData((state) => state.preview);
  const layout = preview?.layout ?? null;
  const features = useMemo(
    () => catalogue.filter(({ tensor, column }) => layout && positionOf(layout, tensor, column) >= 0),
    [layout],
  );
  const task = layout?.tasks.find((name) => name === choice.task) ?? layout?.tasks[0] ?? '';
  const feature = features.find(({ name }) => name === choice.feature) ?? features[0];
  const { found, problem } = useHistogram(feature?.name ?? null, task);
  const bars = useMemo(() => (found ? histogramBars(found) : []), [found]);
  const table = useMemo(() => histogramTable(bars), [bars]);
  if (!feature) return <p className={styles.note}>{explorerTexts.noFeature}</p>;

  const { label, color } = headStyle(task);
  const positives = bars.reduce((sum, bar) => sum + bar.positives, 0);
  const examples = bars.reduce((sum, bar) => sum + bar.positives + bar.negatives, 0);
  const set = (change: Partial<typeof choice>): void =>
    data.getState().set({ histogramChoice: { feature: feature.name, task, ...change } });

  return (
    <div className={styles.histogram}>
      <div className={styles.controls}>
        <Select
          label={explorerTexts.feature}
          value={feature.name}
          options={features.map(({ name, label: text }) => ({ value: name, label: text }))}
          onChange={(name) => set({ feature: name })}
        />
        <Select
          label={explorerTexts.splitBy}
          value={task}
          options={(layout?.tasks ?? []).map((name) => ({ value: name, label: headStyle(name).label }))}
          onChange={(name) => set({ task: name })}
        />
      </div>
      <p className={styles.note}>{explorerTexts.histogramAbout(feature.meaning, feature.unit, label)}</p>
      {problem && <Notice tone="warning">{problem}</Notice>}
      <Chart
        small
        title={explorerTexts.histogramTitle(feature.label, label)}
        name={explorerTexts.histogramName(feature.label, label)}
        table={() => table}
        summary={
          found ? explorerTexts.positivesAmong(count(positives), count(examples)) : explorerTexts.stillCounted
        }
        height={HEIGHT}
        empty={found ? (positives === 0 ? explorerTexts.noPositives(label) : null) : explorerTexts.counting}
      >
        <HistogramPlot bars={bars} label={label} color={color} unit={feature.unit} height={HEIGHT} />
      </Chart>
      {found && (
        <ul className={styles.legend}>
          <li>
            <span style={{ background: color }} /> {explorerTexts.countOf(label, count(positives))}
          </li>
          <li>
            <span style={{ background: 'var(--line-strong)' }} />{' '}
            {explorerTexts.countOf(explorerTexts.others, count(examples - positives))}
          </li>
        </ul>
      )}
    </div>
  );
}

interface Answer {
  readonly found: FeatureHistogram | null;
  readonly problem: string | null;
}

/** Asks whenever the choice changes, or new data has been counted. */
function useHistogram(feature: string | null, task: string) {
  const { dataActions } = useSession();
  const counted = useData((state) => state.statistics);
  const [answer, setAnswer] = useState<Answer>({ found: null, problem: null });
  useEffect(() => {
    void counted;
    if (feature === null || task === '') return;
    const controller = new AbortController();
    dataActions.histogram({ feature, task }, controller.signal).then(
      (found) => setAnswer({ found, problem: null }),
      (error: unknown) => {
        if (controller.signal.aborted) return;
        setAnswer({ found: null, problem: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => controller.abort(new DOMException(explorerTexts.replaced, 'AbortError'));
  }, [dataActions, feature, task, counted]);
  return answer;
}
