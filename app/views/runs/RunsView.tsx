/** Every run that this browser keeps: how it stands and what came of it, found, sorted, put beside each other. */
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { recipeDifferences } from '../../../src/runs/recipe.ts';
import { orderAgreement, baseScores } from '../../../src/ranking/compare.ts';
import type { RunEntry, StorageUse } from '../../../src/workers/runs-protocol.ts';
import type { RunTweets } from '../../../src/workers/run-tweets.ts';
import { ActionButton } from '../../actions/ActionButton.tsx';
import { useOffers } from '../../actions/use-offers.ts';
import { bringBackRunAction, refreshRunsAction } from '../../actions/kept-run-actions.ts';
import { exportChosenAction } from '../../actions/share-actions.ts';
import { bytes } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { Button } from '../../parts/Button.tsx';
import { Check, Select } from '../../parts/Field.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { NumberTable } from '../../parts/NumberTable.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Explained } from '../../parts/Term.tsx';
import { useRanking, useScoring, useSession } from '../../session/context.tsx';
import { differenceText } from '../../session/difference-text.ts';
import { headsOfRuns, isShort, roomOf, RUN_METRICS, tableRows } from '../../stores/run-table.ts';
import type { SortKey, Sorting } from '../../stores/run-table.ts';
import { weightsFor } from '../../stores/scoring.ts';
import { RunRow } from './RunRow.tsx';
import { runsTexts } from '../../texts/runs.ts';
import styles from './RunsView.module.css';
import '../../stores/readers.ts';

const ComparePanel = lazy(() => import('./ComparePanel.tsx'));
const SweepPanel = lazy(() => import('./SweepPanel.tsx'));

export default function RunsView() {
  const { library, comparison } = useSession();
  const { runs, broken, storage, removed, problem, baseline, asking, set, setLook } = useStore(library.store);
  const pinned = useStore(comparison.store, (state) => state.chosen);
  const full = useStore(comparison.store, (state) => state.problem);
  const tweets = useRanking((state) => state.tweets);
  const { text, metric, everyHead, sorting } = useStore(library.store, (state) => state.look);
  useEffect(() => {
    void library.refresh();
  }, [library]);
  const all = useMemo(() => runs ?? [], [runs]);
  const differences = useMemo(() => differencesOf(all, baseline), [all, baseline]);
  const agreement = useAgreement();
  const rows = useMemo(
    () => tableRows(all, { text, metric, sorting, pinned, agreement, differences }),
    [all, text, metric, sorting, pinned, agreement, differences],
  );
  const askTeachers = (): Promise<void> => library.askTweets(rows, tweets);
  const why = asking === null ? null : runsTexts.ranking;
  useOffers([{ id: 'runs.teachers', group: 'runs', title: runsTexts.compareTeacher, why, run: askTeachers }]);
  const heads = useMemo(() => (everyHead ? headsOfRuns(all) : []), [everyHead, all]);
  const head = { sorting, onSort: (next: Sorting) => setLook({ sorting: next }) };

  return (
    <div className={styles.view}>
      <Panel
        id="runs"
        title={runsTexts.title}
        note={runs && runsTexts.kept(runs.length)}
        tools={<Room storage={storage} runs={all} />}
      >
        {problem !== null && (
          <Notice
            tone="error"
            title={runsTexts.failed}
            actions={<ActionButton action={refreshRunsAction}>{runsTexts.tryAgain}</ActionButton>}
            onClose={() => set({ problem: null })}
          >
            {problem}
          </Notice>
        )}
        {full !== null && (
          <Notice tone="info" onClose={() => comparison.store.getState().set({ problem: null })}>
            {full}
          </Notice>
        )}
        {removed && (
          <Notice
            tone="info"
            title={runsTexts.deleted(removed.name)}
            actions={<ActionButton action={bringBackRunAction}>{runsTexts.undo}</ActionButton>}
            onClose={() => set({ removed: null })}
          >
            {runsTexts.deletedAbout}
          </Notice>
        )}
        {isShort(storage, all) && <Notice tone="warning">{runsTexts.roomAbout}</Notice>}
        {runs?.length === 0 && <p className={styles.empty}>{runsTexts.empty}</p>}
        {all.length > 0 && (
          <>
            <div className={styles.controls}>
              <input
                type="search"
                className={styles.search}
                placeholder={runsTexts.findHint}
                aria-label={runsTexts.find}
                value={text}
                onChange={(event) => setLook({ text: event.target.value })}
              />
              <Select
                label={runsTexts.metric}
                hideLabel
                value={metric}
                options={RUN_METRICS.map(({ id }) => ({ value: id, label: runsTexts.metrics[id] }))}
                onChange={(next) => setLook({ metric: next })}
              />
              <Check
                label={runsTexts.everyHead}
                checked={everyHead}
                onChange={(next) => setLook({ everyHead: next })}
              />
              <Button
                disabled={asking !== null}
                onClick={() => void askTeachers()}
                title={runsTexts.compareTeacherHint}
              >
                {asking === null ? runsTexts.compareTeacher : runsTexts.ranking}
              </Button>
              <ActionButton action={exportChosenAction} />
            </div>
            <NumberTable
              name={runsTexts.table}
              region={runsTexts.tableRegion}
              look="ruled"
              words
              className={styles.runs}
            >
              <thead>
                <tr>
                  {/* A run's time stands below its name. */}
                  <Head {...head} sort="name" below={{ sort: 'created', title: runsTexts.columns.when }}>
                    {runsTexts.columns.name}
                  </Head>
                  <th scope="col">{runsTexts.columns.state}</th>
                  <Head {...head} sort="steps" number>
                    {runsTexts.columns.steps}
                  </Head>
                  <Head {...head} sort="loss" number>
                    {runsTexts.columns.loss}
                  </Head>
                  <Head {...head} sort="metric" number>
                    <Explained text={runsTexts.metricAbout}>{runsTexts.metrics[metric]}</Explained>
                  </Head>
                  {heads.map((task) => (
                    <Head {...head} key={task} sort={`head:${task}`} number>
                      {headStyle(task).label}
                    </Head>
                  ))}
                  <Head {...head} sort="agreement" number>
                    <Explained text={runsTexts.teacherAbout}>{runsTexts.columns.teacher}</Explained>
                  </Head>
                  <th scope="col">
                    {baseline === null
                      ? runsTexts.columns.differsFromParent
                      : runsTexts.columns.differsFromBaseline}
                  </th>
                  <Head {...head} sort="bytes" number>
                    {runsTexts.columns.size}
                  </Head>
                  <th scope="col">
                    <span className="unseen">{runsTexts.columns.actions}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((entry) => (
                  <RunRow
                    key={entry.manifest.id}
                    entry={entry}
                    metric={metric}
                    heads={heads}
                    agreement={agreement.get(entry.manifest.id)}
                    differences={differences.get(entry.manifest.id)}
                  />
                ))}
              </tbody>
            </NumberTable>
            {rows.length === 0 && <p className={styles.empty}>{runsTexts.noneFound}</p>}
          </>
        )}
        {broken.length > 0 && (
          <Notice tone="error" title={runsTexts.unreadable(broken.length)}>
            {broken.map(({ id, problem: why }) => (
              <span key={id} className={styles.broken}>
                {runsTexts.unreadableOne(id, why)}
              </span>
            ))}
          </Notice>
        )}
      </Panel>
      {/* Each its own: where the first comes for the first time, the second stays. */}
      {all.length > 1 && (
        <Suspense fallback={null}>
          <ComparePanel runs={all} />
        </Suspense>
      )}
      <Suspense fallback={null}>{runs && <SweepPanel runs={runs} />}</Suspense>
    </div>
  );
}

interface HeadProps {
  readonly sort: SortKey;
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
  readonly number?: boolean;
  /** What else the column shows and is sorted by. */
  readonly below?: { readonly sort: SortKey; readonly title: string };
  readonly children: React.ReactNode;
}

function Head({ sort, sorting, onSort, number = false, below, children }: HeadProps) {
  const here = sorting.key === sort || sorting.key === below?.sort;
  return (
    <th
      scope="col"
      className={number ? styles.number : undefined}
      aria-sort={here ? (sorting.down ? 'descending' : 'ascending') : 'none'}
    >
      {children} <SortButton sort={sort} sorting={sorting} first={number} onSort={onSort} />
      {below && (
        <>
          {' '}
          {below.title} <SortButton sort={below.sort} sorting={sorting} first onSort={onSort} />
        </>
      )}
    </th>
  );
}

interface SortButtonProps extends Pick<HeadProps, 'sort' | 'sorting' | 'onSort'> {
  /** Whether the largest, or newest, stands on top at first. */
  readonly first: boolean;
}

function SortButton({ sort, sorting, onSort, first }: SortButtonProps) {
  const here = sorting.key === sort;
  return (
    <button
      type="button"
      className={styles.sort}
      aria-label={runsTexts.sortBy(
        sort.startsWith('head:') ? headStyle(sort.slice(5)).label : (runsTexts.sortKeys[sort] ?? sort),
      )}
      onClick={() => onSort({ key: sort, down: here ? !sorting.down : first })}
    >
      {here ? (sorting.down ? '▼' : '▲') : '↕'}
    </button>
  );
}

/**
 * Bytes that runs use, and what is left, where the browser says; and what happens when it is gone, before it is. What a
 * browser says is used is not told: it counts what it sets aside, of which a few runs are the smallest part.
 */
function Room({
  storage,
  runs,
}: {
  readonly storage: StorageUse | null;
  readonly runs: readonly RunEntry[];
}) {
  const room = roomOf(storage, runs);
  if (!room) return null;
  const { left, more } = room;
  const kept = runs.reduce((sum, entry) => sum + entry.bytes, 0);
  return (
    <span className={isShort(storage, runs) ? styles.short : styles.storage}>
      <Explained text={runsTexts.roomAbout}>
        {more !== null && more < 1000
          ? runsTexts.roomFor(bytes(kept), bytes(left), more)
          : runsTexts.room(bytes(kept), bytes(left))}
      </Explained>
    </span>
  );
}

/** By run: in words, what differs from its parent or the baseline; null where that is not kept. */
function differencesOf(
  runs: readonly RunEntry[],
  baseline: string | null,
): ReadonlyMap<string, readonly string[] | null> {
  const byId = new Map(runs.map(({ manifest }) => [manifest.id, manifest]));
  return new Map(
    runs.map(({ manifest }) => {
      const other = byId.get(baseline ?? manifest.parent?.run ?? '');
      return [
        manifest.id,
        other ? recipeDifferences(other.recipe, manifest.recipe).map(differenceText) : null,
      ];
    }),
  );
}

/** By run that was asked: Spearman's correlation with its teacher's order, null without a teacher. */
function useAgreement(): ReadonlyMap<string, number | null> {
  const { library } = useSession();
  const known = useStore(library.store, (state) => state.tweets);
  const weights = useScoring((state) => state.weights);
  const headSet = useScoring((state) => state.headSet);
  return useMemo(() => {
    const of = ({ tasks, probabilities, teacher }: RunTweets): number | null => {
      if (!teacher) return null;
      try {
        const set = weightsFor(tasks, { weights, headSet });
        const { spearman } = orderAgreement(
          baseScores({ tasks, values: probabilities }, set),
          baseScores({ tasks, values: teacher }, set),
        );
        return spearman.kind === 'value' ? spearman.value : null;
      } catch {
        // A run that has diverged predicts no probabilities.
        return null;
      }
    };
    return new Map([...known].map(([id, answer]) => [id, of(answer)]));
  }, [known, weights, headSet]);
}
