/** Sample tweets in the order that the model's predictions and the published weights give them, moving as it trains. */
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { heuristicPreset, heuristicPresets } from '../../../src/ranking/heuristics/presets.ts';
import { publishedScoreWeights, weightsCaution } from '../../../src/ranking/score-weights.ts';
import { scenarios } from '../../../src/ranking/scenarios/index.ts';
import { count, plural } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { Select } from '../../parts/Field.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Explained, Term } from '../../parts/Term.tsx';
import { useSettledOrder } from '../../parts/use-settled-order.ts';
import { useDraft, useRanking, useRun } from '../../session/context.tsx';
import { pretrainedMisfit } from '../../session/pretrained.ts';
import { rankedBy, weightsFor } from '../../stores/ranking.ts';
import type { RankedBy, Snapshot } from '../../stores/ranking.ts';
import { HeadLegend } from './HeadLegend.tsx';
import { orderOf } from './order.ts';
import type { OrderEntry } from './order.ts';
import { RankedByChips } from './RankedByChips.tsx';
import styles from './RankingPanel.module.css';
import { TweetCard } from './TweetCard.tsx';
import { useMovement } from './use-movement.ts';
import { waitingText } from './waiting-text.ts';

/** Tweets drawn at first: what a person reads, and cheap to redraw while training. */
const SHOWN_FIRST = 20;
const NO_TASKS: readonly string[] = [];

const RowRanking = lazy(() => import('./RowRanking.tsx'));

/** Tweets, or the rows of the table that the run was made from. */
export function RankingPanel({ onOpenLab }: { readonly onOpenLab: () => void }) {
  const rows = useRanking((state) => state.rows);
  const now = useDeferredValue(useRanking((state) => state.now));
  if (!rows) return <TweetRanking onOpenLab={onOpenLab} />;
  return (
    <Panel
      id="ranking"
      title="Ranking"
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

function TweetRanking({ onOpenLab }: { readonly onOpenLab: () => void }) {
  const tweets = useRanking((state) => state.tweets);
  const scenario = useRanking((state) => state.scenario);
  const weightsId = useRanking((state) => state.weights);
  const heuristics = useRanking((state) => state.heuristics);
  const untrained = useRanking((state) => state.untrained);
  // Deferred: a new order is drawn between more urgent things.
  const now = useDeferredValue(useRanking((state) => state.now));
  const pretrained = useRanking((state) => state.pretrained);
  const chosen = useRanking((state) => state.chosen);
  const config = useDraft((state) => state.config);
  const misfit = useMemo(() => pretrainedMisfit(config), [config]);
  const open = useRanking((state) => state.open);
  const [all, setAll] = useState(false);
  const setScenario = useRanking((state) => state.setScenario);
  const setWeights = useRanking((state) => state.setWeights);
  const setHeuristics = useRanking((state) => state.setHeuristics);
  const unbuilt = useRun((state) => state.unbuilt);
  const waiting = useRun(waitingText);
  const training = useRun((state) => state.phase === 'running');

  const preset = heuristicPreset(heuristics);
  const ranked = useMemo(
    () => rankedBy({ untrained, now, pretrained, chosen }, misfit),
    [untrained, now, pretrained, chosen, misfit],
  );
  const { by, snapshot } = ranked;
  const ownWeights = useRanking((state) => state.ownWeights);
  const tasks = snapshot?.tasks ?? NO_TASKS;
  const weights = useMemo(
    () => weightsFor(tasks, { weights: weightsId, ownWeights }),
    [tasks, weightsId, ownWeights],
  );
  const published = weights.id === weightsId;
  const order = useMemo(
    () => orderOf({ tweets, scenario, weights, heuristics, now: snapshot, before: untrained }),
    [tweets, scenario, weights, heuristics, snapshot, untrained],
  );
  const shown = scenarios.find(({ id }) => id === scenario);
  const entries = order.kind === 'order' ? (all ? order.entries : order.entries.slice(0, SHOWN_FIRST)) : [];
  const hidden = order.kind === 'order' ? order.entries.length - entries.length : 0;
  const inPage = useSettledOrder(entries, idOf, training);
  const list = useMovement(entries.map(({ tweet }) => tweet.id).join(' '), open ?? '');

  return (
    <Panel
      id="ranking"
      title="Ranking"
      tools={
        <Button id="open-lab" onClick={onOpenLab}>
          Open the lab
        </Button>
      }
      note={snapshot && <span className={styles.when}>{whenText(by, snapshot)}</span>}
    >
      <RankedByChips ranked={ranked} />
      <div className={styles.controls}>
        <Select
          label="Tweets"
          value={scenario}
          options={[
            ...scenarios.map(({ id, label }) => ({ value: id, label })),
            { value: 'all', label: `All ${tweets.length}` },
          ]}
          onChange={setScenario}
        />
        <Select
          label="Head weights"
          value={published ? weightsId : weights.id}
          disabled={!published}
          hint={`${weights.source} ${weightsCaution}`}
          options={(published ? publishedScoreWeights : [weights]).map(({ id, label }) => ({
            value: id,
            label: published ? id : label,
          }))}
          onChange={setWeights}
        />
        <Select
          label="Heuristics"
          value={heuristics}
          hint={`What happens after the score. ${preset.label}: ${preset.note}`}
          options={heuristicPresets.map(({ id }) => ({ value: id, label: id === 'none' ? 'None' : id }))}
          onChange={setHeuristics}
        />
      </div>
      {shown && <p className={styles.about}>{shown.about}</p>}
      <HeadLegend />
      {unbuilt !== null && by !== 'pretrained' && order.kind === 'order' && (
        <div className={styles.unbuilt}>
          <Notice tone="info">This is the order of the model before. {waiting}</Notice>
        </div>
      )}
      {order.kind === 'order' ? (
        <>
          <ol className={styles.list} ref={list} aria-label="Ranked tweets">
            {inPage.map((entry) => (
              <TweetCard
                key={entry.tweet.id}
                entry={entry}
                of={order.entries.length}
                tasks={order.tasks}
                weights={weights}
              />
            ))}
          </ol>
          {(hidden > 0 || all) && order.entries.length > SHOWN_FIRST && (
            <div className={styles.more}>
              <Button look="quiet" onClick={() => setAll(!all)}>
                {all ? `Show the first ${SHOWN_FIRST} only` : `Show the other ${count(hidden)}`}
              </Button>
            </div>
          )}
          {order.dropped.length > 0 && (
            <p className={styles.dropped}>
              {count(order.dropped.length)} left out by the heuristics:{' '}
              {order.dropped
                .map(({ tweet, reason }) => (
                  <Explained key={tweet.id} text={reason}>
                    {tweet.author.name}
                  </Explained>
                ))
                .flatMap((item, i) => (i === 0 ? [item] : [', ', item]))}
            </p>
          )}
        </>
      ) : (
        <Waiting text={order.kind === 'problem' ? order.message : waiting} />
      )}
    </Panel>
  );
}

function whenText(by: RankedBy, { step }: Snapshot): ReactNode {
  if (by === 'yours') return step === 0 ? 'imported weights' : <>after {plural(step, 'step')}</>;
  return (
    <span className={styles.untrained}>
      <Term word={by} />
    </span>
  );
}

const idOf = ({ tweet }: OrderEntry): string => tweet.id;

/** Places kept for the tweets, so that nothing jumps when the first predictions come. */
function Waiting({ text }: { text: string }) {
  return (
    <div className={styles.waiting}>
      <p>{text}</p>
      {Array.from({ length: 8 }, (_, i) => (
        <div key={i} className={styles.ghost} aria-hidden="true">
          <span />
          <span />
          <span />
        </div>
      ))}
    </div>
  );
}
