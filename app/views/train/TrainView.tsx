/** Configuration and data, training, and what it makes of the ranking: beside each other, or on a phone one at a time. */
import { Suspense } from 'react';
import { ConfigPanel } from '../../panels/config/ConfigPanel.tsx';
import { DataPanel } from '../../panels/data/DataPanel.tsx';
import { RankingPanel } from '../../panels/ranking/RankingPanel.tsx';
import { TrainingPanel } from '../../panels/training/TrainingPanel.tsx';
import { classes } from '../../parts/classes.ts';
import { Border, useColumns } from '../../parts/Columns.tsx';
import type { Layout } from '../../parts/Columns.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Part } from '../../parts/Part.tsx';
import { later } from '../../parts/later.ts';
import { TabPanel, Tabs } from '../../parts/Tabs.tsx';
import { useMediaQuery } from '../../parts/use-media-query.ts';
import { useOwnScroll } from '../../parts/use-own-scroll.ts';
import { useSession, useSettings } from '../../session/context.tsx';
import { PLACES } from '../../stores/settings.ts';
import { goTo, useView } from '../use-view.ts';
import { columnsTexts } from '../../texts/columns.ts';
import { pageTexts } from '../../texts/page.ts';
import styles from './TrainView.module.css';

const EvaluationPanel = later(() => import('../../panels/evaluation/EvaluationPanel.tsx'));
const WeightsPanel = later(() => import('../../panels/weights/WeightsPanel.tsx'));

/** Two columns stand where there is no room for three. */
const THREE: Layout = { place: 'train', least: [340, 420, 380] };
const TWO: Layout = { place: 'train-two', least: [300, 360] };

export default function TrainView() {
  const narrow = useMediaQuery('(max-width: 719px)');
  const wide = useMediaQuery('(min-width: 1200px)');
  const layout = wide ? THREE : TWO;
  const grid = useColumns(layout);
  const settings = useSession().settings;
  const place = useSettings((state) => state.place);
  const view = useView();
  useOwnScroll(view === 'train' ? place : null);
  const columns = (
    <div className={styles.columns} ref={grid}>
      <div className={classes(styles.column, styles.setup)}>
        <TabPanel id="config" listed={narrow} className={styles.place}>
          <Part name={pageTexts.parts.config}>
            <ConfigPanel />
          </Part>
        </TabPanel>
        <TabPanel id="data" listed={narrow} className={styles.place}>
          <Part name={pageTexts.parts.data}>
            <DataPanel />
          </Part>
        </TabPanel>
      </div>
      <Border layout={layout} at={0} name={columnsTexts.configuration} className={styles.setupBorder} />
      <div className={classes(styles.column, styles.training)}>
        <TabPanel id="training" listed={narrow} className={styles.place}>
          <Part name={pageTexts.parts.training}>
            <TrainingPanel />
          </Part>
          <Part name={pageTexts.parts.evaluation}>
            <Suspense
              fallback={
                <Panel id="evaluation" title={pageTexts.evaluation}>
                  {null}
                </Panel>
              }
            >
              <EvaluationPanel />
            </Suspense>
          </Part>
          <Part name={pageTexts.parts.weights}>
            <Suspense
              fallback={
                <Panel id="weights" title={pageTexts.weights}>
                  {null}
                </Panel>
              }
            >
              <WeightsPanel />
            </Suspense>
          </Part>
        </TabPanel>
      </div>
      {wide && (
        <Border layout={layout} at={1} name={columnsTexts.training} className={styles.trainingBorder} />
      )}
      <div className={classes(styles.column, styles.ranking)}>
        <TabPanel id="ranking" listed={narrow} className={styles.place}>
          <Part name={pageTexts.parts.ranking}>
            <RankingPanel onOpenLab={() => goTo('rank')} />
          </Part>
        </TabPanel>
      </div>
    </div>
  );
  // The same elements in every width: a turned phone loses nothing typed, no open dialog.
  return (
    <Tabs
      className={styles.frame}
      label={pageTexts.placesList}
      tabs={PLACES.map((id) => ({ id, label: pageTexts.places[id] }))}
      value={place}
      onChange={(next) => settings.getState().set({ place: next })}
      listed={narrow}
      spread
      panels
    >
      {columns}
    </Tabs>
  );
}
