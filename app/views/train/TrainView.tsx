/** Configuration and data, training, and what it makes of the ranking: beside each other, or on a phone one at a time. */
import { Tabs } from 'radix-ui';
import { Suspense, useState } from 'react';
import type { ReactNode } from 'react';
import { ConfigPanel } from '../../panels/config/ConfigPanel.tsx';
import { DataPanel } from '../../panels/data/DataPanel.tsx';
import { RankingPanel } from '../../panels/ranking/RankingPanel.tsx';
import { TrainingPanel } from '../../panels/training/TrainingPanel.tsx';
import { classes } from '../../parts/classes.ts';
import { Panel } from '../../parts/Panel.tsx';
import { Part } from '../../parts/Part.tsx';
import { useMediaQuery } from '../../parts/use-media-query.ts';
import { goTo } from '../use-view.ts';
import { pageTexts } from '../../texts/page.ts';
import styles from './TrainView.module.css';
import { retryable } from '../../parts/retryable.ts';

const EvaluationPanel = retryable(() => import('../../panels/evaluation/EvaluationPanel.tsx'));
const WeightsPanel = retryable(() => import('../../panels/weights/WeightsPanel.tsx'));

const places = ['config', 'data', 'training', 'ranking'] as const;

type Place = (typeof places)[number];

export default function TrainView() {
  const narrow = useMediaQuery('(max-width: 719px)');
  const [place, setPlace] = useState<Place>('training');
  const columns = (
    <div className={styles.columns}>
      <div className={classes(styles.column, styles.setup)}>
        <PlacePanel id="config" narrow={narrow}>
          <Part name={pageTexts.parts.config}>
            <ConfigPanel />
          </Part>
        </PlacePanel>
        <PlacePanel id="data" narrow={narrow}>
          <Part name={pageTexts.parts.data}>
            <DataPanel />
          </Part>
        </PlacePanel>
      </div>
      <div className={classes(styles.column, styles.training)}>
        <PlacePanel id="training" narrow={narrow}>
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
        </PlacePanel>
      </div>
      <div className={classes(styles.column, styles.ranking)}>
        <PlacePanel id="ranking" narrow={narrow}>
          <Part name={pageTexts.parts.ranking}>
            <RankingPanel onOpenLab={() => goTo('rank')} />
          </Part>
        </PlacePanel>
      </div>
    </div>
  );
  // The same elements in every width: a turned phone loses nothing typed, no open dialog.
  return (
    <Tabs.Root
      className={classes(styles.frame, narrow && styles.tabbed)}
      value={place}
      onValueChange={(value) => {
        setPlace(places.find((id) => id === value) ?? 'training');
        scrollTo({ top: 0 });
      }}
    >
      {narrow && (
        <Tabs.List className={styles.tabs} aria-label={pageTexts.placesList}>
          {places.map((id) => (
            <Tabs.Trigger key={id} value={id} className={styles.tab}>
              {pageTexts.places[id]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      )}
      {columns}
    </Tabs.Root>
  );
}

const NO_TAB = { role: undefined, 'aria-labelledby': undefined, tabIndex: undefined } as const;

/** A tab panel on narrow screens, a plain element elsewhere. Hidden panels stay alive, so nothing typed is lost. */
function PlacePanel({ id, narrow, children }: { id: Place; narrow: boolean; children: ReactNode }) {
  return (
    <Tabs.Content value={id} forceMount className={styles.place} {...(narrow ? { tabIndex: -1 } : NO_TAB)}>
      {children}
    </Tabs.Content>
  );
}
