/** The page: header, run bar, and the way from configuration and data over training to the ranking. */
import { Tooltip } from 'radix-ui';
import { lazy, Suspense, useState } from 'react';
import type { ReactNode } from 'react';
import styles from './App.module.css';
import { ConfigPanel } from './panels/config/ConfigPanel.tsx';
import { DataPanel } from './panels/data/DataPanel.tsx';
import { Header } from './panels/header/Header.tsx';
import { Notices } from './panels/header/Notices.tsx';
import { RankingPanel } from './panels/ranking/RankingPanel.tsx';
import { RunBar } from './panels/training/RunBar.tsx';
import { TrainingPanel } from './panels/training/TrainingPanel.tsx';
import { WeightsPanel } from './panels/weights/WeightsPanel.tsx';
import { classes } from './parts/classes.ts';
import { ErrorBoundary } from './parts/ErrorBoundary.tsx';
import { Panel } from './parts/Panel.tsx';
import { useMediaQuery } from './parts/use-media-query.ts';
import { useSession } from './session/context.tsx';
import { historyOf } from './stores/lab-history.ts';
import { useShortcuts } from './use-shortcuts.ts';

const EvaluationPanel = lazy(() => import('./panels/evaluation/EvaluationPanel.tsx'));

const Lab = lazy(() => import('./panels/lab/Lab.tsx'));

const places = [
  { id: 'config', label: 'Configure' },
  { id: 'data', label: 'Data' },
  { id: 'training', label: 'Train' },
  { id: 'ranking', label: 'Rank' },
] as const;

type Place = (typeof places)[number]['id'];

export function App() {
  const narrow = useMediaQuery('(max-width: 719px)');
  const [place, setPlace] = useState<Place>('training');
  const session = useSession();
  const [lab, setLab] = useState(false);
  // Recorded from the start, whether or not the lab is ever opened.
  useState(() => historyOf(session.ranking));
  useShortcuts();
  const shown = (id: Place): boolean => !narrow || place === id;

  return (
    <Tooltip.Provider delayDuration={200}>
      <div className={styles.page}>
        <Header />
        {narrow && (
          <div className={styles.tabs} role="tablist" aria-label="Parts of the page">
            {places.map(({ id, label }) => (
              <button
                key={id}
                type="button"
                role="tab"
                id={`tab-${id}`}
                aria-selected={place === id && !lab}
                aria-controls={`place-${id}`}
                className={styles.tab}
                onClick={() => {
                  setLab(false);
                  setPlace(id);
                }}
              >
                {label}
              </button>
            ))}
          </div>
        )}
        <Notices className={styles.notices} />
        <main className={classes(styles.main, lab && styles.withLab)}>
          <div className={styles.runBar}>
            <Part name="run bar">
              <RunBar />
            </Part>
          </div>
          <div className={classes(styles.column, styles.setup)} hidden={lab}>
            <Place id="config" narrow={narrow} shown={shown('config')}>
              <Part name="configuration">
                <ConfigPanel />
              </Part>
            </Place>
            <Place id="data" narrow={narrow} shown={shown('data')}>
              <Part name="data panel">
                <DataPanel />
              </Part>
            </Place>
          </div>
          <div className={classes(styles.column, styles.training)} hidden={lab}>
            <Place id="training" narrow={narrow} shown={shown('training')}>
              <Part name="training panel">
                <TrainingPanel />
              </Part>
              <Part name="evaluation panel">
                <Suspense
                  fallback={
                    <Panel id="evaluation" title="Evaluation">
                      {null}
                    </Panel>
                  }
                >
                  <EvaluationPanel />
                </Suspense>
              </Part>
              <Part name="weights panel">
                <WeightsPanel />
              </Part>
            </Place>
          </div>
          <div className={classes(styles.column, styles.ranking)} hidden={lab}>
            <Place id="ranking" narrow={narrow} shown={shown('ranking')}>
              <Part name="ranking">
                <RankingPanel onOpenLab={() => setLab(true)} />
              </Part>
            </Place>
          </div>
          {lab && (
            <div className={styles.lab}>
              <Part name="ranking lab">
                <Suspense fallback={<p className={styles.loading}>Opening the ranking lab…</p>}>
                  <Lab onClose={() => setLab(false)} />
                </Suspense>
              </Part>
            </div>
          )}
        </main>
      </div>
    </Tooltip.Provider>
  );
}

interface PlaceProps {
  readonly id: Place;
  readonly narrow: boolean;
  readonly shown: boolean;
  readonly children: ReactNode;
}

/** A tab panel on narrow screens, nothing of its own elsewhere. Hidden panels stay alive, so nothing typed is lost. */
function Place({ id, narrow, shown, children }: PlaceProps) {
  const tab = narrow ? { role: 'tabpanel', 'aria-labelledby': `tab-${id}` } : {};
  return (
    <div className={styles.place} id={`place-${id}`} hidden={!shown} {...tab}>
      {children}
    </div>
  );
}

/** A mistake in one panel leaves the others standing. */
function Part({ name, children }: { name: string; children: ReactNode }) {
  const session = useSession();
  return (
    <ErrorBoundary part={name} configText={() => session.config.getState().text}>
      {children}
    </ErrorBoundary>
  );
}
