/** The ranking with its tools: the list on the left, and on the right what takes its order apart. Loaded when first opened. */
import { Suspense, useDeferredValue, useEffect } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { TableRows } from '../../../src/workers/protocol.ts';
import { count } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { Border, useColumns } from '../../parts/Columns.tsx';
import type { Layout } from '../../parts/Columns.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { retryable } from '../../parts/retryable.ts';
import { Section } from '../../parts/Panel.tsx';
import { Tabs } from '../../parts/Tabs.tsx';
import { useRanking, useRun, useSession, useTweets } from '../../session/context.tsx';
import { pinned } from '../../stores/pins.ts';
import { TOOLS } from '../../stores/ranking.ts';
import type { ToolId } from '../../stores/ranking.ts';
import { goTo } from '../../views/use-view.ts';
import BreakdownTable from '../ranking/BreakdownTable.tsx';
import RowRanking from '../ranking/RowRanking.tsx';
import {
  RankedProvider,
  useConditions,
  useMakeRanked,
  useRanked,
  useWeights,
} from '../ranking/use-ranked.tsx';
import { useRankedRows } from '../ranking/use-ranked-rows.ts';
import { labTexts } from '../../texts/lab.ts';
import { columnsTexts } from '../../texts/columns.ts';
import styles from './Lab.module.css';
import { Timeline } from './timeline/Timeline.tsx';
import { WeightSets, WeightTable, WeightsTool } from './weights/WeightsTool.tsx';
import { WhyTool } from './why/WhyTool.tsx';
import '../../stores/readers.ts';

const CandidatesTool = retryable(() => import('./candidates/CandidatesTool.tsx'));
const HeuristicsTool = retryable(() => import('./heuristics/HeuristicsTool.tsx'));
const TrainingTool = retryable(() => import('./training/TrainingTool.tsx'));
const TweetTool = retryable(() => import('./tweet/TweetTool.tsx'));
const WhatIfTool = retryable(() => import('./what-if/WhatIfTool.tsx'));

const tools: Readonly<Record<ToolId, () => ReactNode>> = {
  why: () => <WhyTool />,
  weights: () => <WeightsTool />,
  tweet: () => <TweetTool />,
  'what-if': () => <WhatIfTool />,
  heuristics: () => <HeuristicsTool />,
  training: () => <TrainingTool />,
  candidates: () => <CandidatesTool />,
};

const LAYOUT: Layout = { place: 'rank', least: [320, 420] };

export default function Lab() {
  const grid = useColumns(LAYOUT);
  const rows = useRanking((state) => state.rows);
  return (
    <section className={styles.lab} aria-labelledby="lab-title" id="lab" ref={grid}>
      <header className={styles.head}>
        <h2 id="lab-title" className={styles.title}>
          {labTexts.title}
        </h2>
        <p className={styles.about}>
          {rows ? labTexts.whyRow : labTexts.whyTweet} <Trained />
        </p>
        <Button className={styles.close} onClick={() => goTo('train')}>
          {labTexts.back}
        </Button>
        <WorkerStopped />
      </header>
      {rows ? <RowLab rows={rows} /> : <TweetLab />}
    </section>
  );
}

function Trained() {
  // Deferred as the list below is: both speak of the same moment.
  const step = useDeferredValue(useRanking((state) => state.now))?.step ?? null;
  const imported = useRun((state) => (state.manifest?.recipe.warmStart ?? null) !== null);
  if (step === null) return null;
  if (step === 0 && imported) return labTexts.modelImported;
  return step === 0 ? labTexts.modelUntrained : labTexts.modelTrained(step);
}

/** Of the lab's own worker; the run's are told of above the page. */
function WorkerStopped() {
  const { rankingModel } = useSession();
  const { stopped, predictions } = rankingModel;
  const { reason } = useStore(stopped);
  if (reason === null) return null;
  return (
    <div className={styles.stopped}>
      <Notice
        tone="error"
        title={labTexts.workerStopped}
        actions={
          <Button
            onClick={() => {
              rankingModel.revive();
              predictions.retry();
            }}
          >
            {labTexts.startAgain}
          </Button>
        }
      >
        {labTexts.nothingLost(reason)}
      </Notice>
    </div>
  );
}

function TweetLab() {
  const { ranking } = useSession();
  const state = useMakeRanked(false);
  const tool = useRanking((store) => store.tool);
  return (
    <RankedProvider value={state}>
      <AutoPin />
      <div className={styles.timeline}>
        <Timeline />
      </div>
      <Border layout={LAYOUT} at={0} name={columnsTexts.timeline} className={styles.border} />
      <Tabs
        className={styles.tools}
        id="lab-tools"
        label={labTexts.tools}
        tabs={TOOLS.map((id) => ({ id, label: labTexts.toolNames[id] }))}
        value={tool}
        onChange={(id) => ranking.getState().show(id)}
      >
        <Suspense fallback={null}>{tools[tool]()}</Suspense>
      </Tabs>
    </RankedProvider>
  );
}

/** Rows of a table: what takes tweets apart does not apply, scores and weights do. */
function RowLab({ rows }: { readonly rows: TableRows }) {
  const ranked = useRankedRows(rows);
  const weights = useWeights();
  const selected = useRanking((state) => state.selected);
  const table = useRun((state) => state.manifest?.recipe.data.kind === 'table');
  const view = ranked === 'diverged' ? null : ranked;
  const entry = view && (view.ranked.find(({ item }) => item.key === selected) ?? view.ranked[0]);
  return (
    <>
      <div className={styles.timeline}>
        <div className={styles.tool}>
          <RowRanking rows={rows} />
        </div>
      </div>
      <Border layout={LAYOUT} at={0} name={columnsTexts.timeline} className={styles.border} />
      <div className={styles.tools} id="lab-tools">
        <div className={styles.tool}>
          {view && entry && table && (
            <>
              <Section
                title={labTexts.scoreOfRow(
                  count((rows.rows[entry.item.index]?.number ?? 0) + 1),
                  entry.rank ?? 0,
                )}
              >
                <BreakdownTable entry={entry} tasks={view.tasks} weights={weights} />
              </Section>
              <WeightSets tasks={view.tasks} />
              <WeightTable table={view.table} />
            </>
          )}
        </div>
      </div>
    </>
  );
}

/** What the order was when a set was first shown: changes are counted from there until a person pins another. */
function AutoPin() {
  const { ranking, tweets } = useSession();
  const state = useRanked();
  const set = useTweets((store) => store.set);
  const conditions = useConditions();
  useEffect(() => {
    const { pins, pin } = ranking.getState();
    if (tweets.getState().set !== set || pins[set]) return;
    if (state.kind === 'order' && state.fresh) pin(set, pinned(state.order, conditions, false));
  }, [ranking, tweets, set, state, conditions]);
  return null;
}
