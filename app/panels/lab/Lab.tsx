/** The ranking lab: a timeline on the left, and on the right the tools that take its order apart. Loaded when first opened. */
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { KeyboardEvent } from 'react';
import { useRanking, useSession } from '../../session/context.tsx';
import { Button } from '../../parts/Button.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { classes } from '../../parts/classes.ts';
import { count } from '../../format.ts';
import { TOOLS } from '../../stores/lab.ts';
import type { ToolId } from '../../stores/lab.ts';
import { pin } from '../../stores/lab-order.ts';
import { CandidatesTool } from './candidates/CandidatesTool.tsx';
import { HeuristicsTool } from './heuristics/HeuristicsTool.tsx';
import styles from './Lab.module.css';
import {
  LabProvider,
  labOf,
  OrderProvider,
  useLab,
  useMakeOrder,
  useOrder,
  useConditions,
  useView,
} from './lab-context.tsx';
import { Timeline } from './timeline/Timeline.tsx';
import { goTo } from '../../views/use-view.ts';
import { TrainingTool } from './training/TrainingTool.tsx';
import { TweetTool } from './tweet/TweetTool.tsx';
import { WeightsTool } from './weights/WeightsTool.tsx';
import { WhatIfTool } from './what-if/WhatIfTool.tsx';
import { WhyTool } from './why/WhyTool.tsx';

const tools: Readonly<Record<ToolId, () => React.ReactNode>> = {
  why: () => <WhyTool />,
  weights: () => <WeightsTool />,
  tweet: () => <TweetTool />,
  'what-if': () => <WhatIfTool />,
  heuristics: () => <HeuristicsTool />,
  training: () => <TrainingTool />,
  candidates: () => <CandidatesTool />,
};

export default function Lab() {
  const ofTable = useRanking((state) => state.rows !== null);
  if (ofTable) return <TableNote />;
  return (
    <LabProvider value={labOf(useSession())}>
      <LabView />
    </LabProvider>
  );
}

/** The tools take tweets apart, and a model of a table knows nothing of tweets. */
function TableNote() {
  return (
    <section className={styles.lab} aria-labelledby="lab-title" id="lab">
      <header className={styles.head}>
        <h2 id="lab-title" className={styles.title}>
          Ranking lab
        </h2>
        <p className={styles.about}>
          This run’s model was made from a table of your own, so it can’t predict tweets. Its held-out rows
          are ranked beside the training.
        </p>
        <Button className={styles.close} onClick={() => goTo('train')}>
          Back to training
        </Button>
      </header>
    </section>
  );
}

function LabView() {
  const order = useMakeOrder();
  const step = useRanking((state) => state.now?.step ?? null);
  return (
    <OrderProvider value={order}>
      <AutoPin />
      <section className={styles.lab} aria-labelledby="lab-title" id="lab">
        <header className={styles.head}>
          <h2 id="lab-title" className={styles.title}>
            Ranking lab
          </h2>
          <p className={styles.about}>
            Why is this tweet above that one?{' '}
            {step !== null &&
              (step === 0 ? 'The model is untrained.' : `The model has done ${count(step)} steps.`)}
          </p>
          <Button className={styles.close} onClick={() => goTo('train')}>
            Back to training
          </Button>
          <WorkerStopped />
        </header>
        <div className={styles.timeline}>
          <Timeline />
        </div>
        <Tools />
      </section>
    </OrderProvider>
  );
}

/** Of the lab's own worker; the run's are told of above the page. */
function WorkerStopped() {
  const { client, predictions } = useLab();
  const { reason } = useStore(client.stopped);
  if (reason === null) return null;
  return (
    <div className={styles.stopped}>
      <Notice
        tone="error"
        title="The lab's worker has stopped."
        actions={
          <Button
            onClick={() => {
              client.revive();
              predictions.retry();
            }}
          >
            Start it again
          </Button>
        }
      >
        {reason} Nothing of the run is lost; what was asked of it has to be asked again.
      </Notice>
    </div>
  );
}

function Tools() {
  const tool = useView((state) => state.tool);
  const { show } = useLab().view.getState();
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const way = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (way === 0) return;
    const at = TOOLS.findIndex(({ id }) => id === tool);
    const next = TOOLS[(at + way + TOOLS.length) % TOOLS.length]!;
    show(next.id);
    list.current?.querySelector<HTMLElement>(`#lab-tab-${next.id}`)?.focus();
  };
  return (
    <div className={styles.tools} id="lab-tools">
      <div
        ref={list}
        className={styles.tabs}
        role="tablist"
        aria-label="Tools of the lab"
        tabIndex={-1}
        onKeyDown={move}
      >
        {TOOLS.map(({ id, label }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`lab-tab-${id}`}
            aria-selected={tool === id}
            aria-controls="lab-tool"
            tabIndex={tool === id ? 0 : -1}
            className={classes(styles.tab)}
            onClick={() => show(id)}
          >
            {label}
          </button>
        ))}
      </div>
      <div className={styles.tool} role="tabpanel" id="lab-tool" aria-labelledby={`lab-tab-${tool}`}>
        {tools[tool]()}
      </div>
    </div>
  );
}

/** What the order was when a set was first shown: changes are counted from there until a person pins another. */
function AutoPin() {
  const lab = useLab();
  const state = useOrder();
  const conditions = useConditions();
  useEffect(() => {
    const { pins, pin: keep } = lab.view.getState();
    const { set } = lab.tweets.getState();
    if (state.kind === 'order' && state.fresh && !pins[set]) keep(set, pin(state.order, conditions));
  }, [lab, state, conditions]);
  return null;
}
