/** The page: header with the way between views, what happened, the run bar, and the view that the address names. */
import { Suspense } from 'react';
import { useStore } from 'zustand';
import { noticeTexts } from './texts/notices.ts';
import { pageTexts } from './texts/page.ts';
import styles from './App.module.css';
import { Header } from './panels/header/Header.tsx';
import { Welcome, useWelcomed } from './panels/header/Welcome.tsx';
import { RunBar } from './panels/training/RunBar.tsx';
import { Part } from './parts/Part.tsx';
import { useOwnScroll } from './parts/use-own-scroll.ts';
import { later } from './parts/later.ts';
import { retryable } from './parts/retryable.ts';
import { tour } from './stores/tour.ts';
import { useKeys } from './actions/use-keys.ts';
import { Overlays } from './Overlays.tsx';
import { usePrefetchedViews, useView } from './views/use-view.ts';
import TrainView from './views/train/TrainView.tsx';
import { viewElements } from './views/views.ts';

const Notices = later(() => import('./panels/header/Notices.tsx'));
const Tour = retryable(() => import('./panels/story/Tour.tsx'));

export function App() {
  const view = useView();
  const welcomed = useWelcomed();
  const toured = useStore(tour, (state) => state.active);
  useOwnScroll(view === 'train' ? null : view);
  useKeys();
  usePrefetchedViews();
  const shown = view === 'train' ? null : viewElements.get(view);

  return (
    <div className={styles.page} data-view={view}>
      <Header view={view} />
      <Suspense
        fallback={
          !welcomed && (
            <section className={styles.notices} aria-label={noticeTexts.region}>
              <Welcome />
            </section>
          )
        }
      >
        <Notices className={styles.notices} />
      </Suspense>
      <main className={styles.main}>
        <div className={styles.runBar}>
          <Part name={pageTexts.parts.runBar}>
            <RunBar />
          </Part>
        </div>
        {/* The first view stays alive behind the others: nothing typed is lost, no chart is drawn anew. */}
        <div className={styles.view} hidden={view !== 'train'}>
          <TrainView />
        </div>
        {shown && (
          <div className={styles.view}>
            <Part key={view} name={pageTexts.viewPart(view)}>
              <Suspense fallback={<p className={styles.loading}>{pageTexts.loading}</p>}>{shown}</Suspense>
            </Part>
          </div>
        )}
        {toured && (
          <Part name={pageTexts.parts.tour}>
            <Suspense fallback={null}>
              <Tour />
            </Suspense>
          </Part>
        )}
      </main>
      <Overlays />
    </div>
  );
}
