/** Tweets in the order that the model's predictions and the weights give them, moving as it trains: the ranking, small. */
import { lazy, Suspense, useCallback, useDeferredValue } from 'react';
import type { ReactNode } from 'react';
import { scenarios } from '../../../src/ranking/scenarios/index.ts';

import { Button } from '../../parts/Button.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Term } from '../../parts/Term.tsx';
import { useRanking, useRun, useSession, useTweets } from '../../session/context.tsx';
import { conditionsText } from '../../stores/pins.ts';
import type { RankedBy, Snapshot } from '../../stores/ranking.ts';
import { HeadLegend } from './HeadLegend.tsx';
import { MomentNote } from './MomentNote.tsx';
import { RankedByChips } from './RankedByChips.tsx';
import { RankedList } from './RankedList.tsx';
import { HeuristicsSelect, TweetsSelect, WeightsSelect } from './RankingSelects.tsx';
import { rankingTexts } from '../../texts/ranking.ts';
import styles from './RankingPanel.module.css';
import { RankedProvider, useMakeRanked, useMoment } from './use-ranked.tsx';
import { waitingText } from './waiting-text.ts';

const SHOWN_FIRST = 20;

const RowRanking = lazy(() => import('./RowRanking.tsx'));

/** Tweets, or the rows of the table that the run was made from. */
export function RankingPanel({ onOpenLab }: { readonly onOpenLab: () => void }) {
  const rows = useRanking((state) => state.rows);
  const now = useDeferredValue(useRanking((state) => state.now));
  const tools = (
    <Button id="open-lab" onClick={onOpenLab}>
      {rankingTexts.openLab}
    </Button>
  );
  if (!rows) return <TweetRanking tools={tools} />;
  return (
    <Panel
      id="ranking"
      title={rankingTexts.title}
      tools={tools}
      note={
        now && <span className={styles.when}>{whenText(now.untrained ? 'untrained' : 'yours', now)}</span>
      }
    >
      <Suspense fallback={null}>
        <RowRanking rows={rows} />
      </Suspense>
    </Panel>
  );
}

function TweetRanking({ tools }: { readonly tools: ReactNode }) {
  const { ranking } = useSession();
  const set = useTweets((state) => state.set);
  const pin = useRanking((state) => state.pins[set] ?? null);
  const selected = useRanking((state) => state.selected);
  const unbuilt = useRun((state) => state.unbuilt);
  const waiting = useRun(waitingText);
  const moment = useMoment();
  const { by, snapshot } = moment;
  const state = useMakeRanked(true);
  const about = scenarios.find(({ id }) => id === set)?.about;
  const chosen = pin?.chosen === true ? pin : null;
  const toggle = useCallback(
    (key: string): void => {
      const { selected: open, select } = ranking.getState();
      select(open === key ? null : key);
    },
    [ranking],
  );

  return (
    <RankedProvider value={state}>
      <Panel
        id="ranking"
        title={rankingTexts.title}
        tools={tools}
        note={snapshot && <span className={styles.when}>{whenText(by, snapshot)}</span>}
      >
        <RankedByChips ranked={moment} />
        <div className={styles.controls}>
          <TweetsSelect />
          <WeightsSelect />
          <HeuristicsSelect />
        </div>
        {(about || chosen) && (
          <p className={styles.about}>
            {about} {chosen && rankingTexts.changesSince(conditionsText(chosen))}
          </p>
        )}
        <MomentNote />
        <HeadLegend />
        {unbuilt !== null && by !== 'pretrained' && state.kind === 'order' && (
          <div className={styles.unbuilt}>
            <Notice tone="info">{rankingTexts.modelBefore(waiting)}</Notice>
          </div>
        )}
        {state.kind === 'order' ? (
          <RankedList
            order={state.order}
            density="small"
            label={rankingTexts.list}
            since={chosen ? rankingTexts.pinnedOrder : rankingTexts.untrainedOrder}
            first={SHOWN_FIRST}
            selected={selected}
            onSelect={toggle}
          />
        ) : (
          <Waiting
            text={state.kind === 'problem' || by === 'pretrained' ? state.message : waiting}
            expected={state.kind === 'waiting' && unbuilt === null}
          />
        )}
      </Panel>
    </RankedProvider>
  );
}

function whenText(by: RankedBy, { step }: Snapshot): ReactNode {
  if (by === 'yours') return step === 0 ? rankingTexts.importedWeights : rankingTexts.afterSteps(step);
  return (
    <span className={styles.untrained}>
      <Term word={by} />
    </span>
  );
}

/** Places kept for the tweets, so that nothing jumps when the first predictions come; none where none are on their way. */
function Waiting({ text, expected }: { readonly text: string; readonly expected: boolean }) {
  return (
    <div className={styles.waiting}>
      <p>{text}</p>
      {Array.from({ length: expected ? 8 : 0 }, (_, i) => (
        <div key={i} className={styles.ghost} aria-hidden="true">
          <span />
          <span />
          <span />
        </div>
      ))}
    </div>
  );
}
