/** What the model has learned, on held-out examples: every metric of every head, beside the best that the data allows. */
import { useMemo } from 'react';
import { count } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { ActionButton } from '../../actions/ActionButton.tsx';
import { evaluateAction } from '../../actions/run-actions.ts';
import { Select } from '../../parts/Field.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Term } from '../../parts/Term.tsx';
import { useConfig, useEvaluation, useRun, useSession } from '../../session/context.tsx';
import { ALL_HEADS, fitView, TRAIN } from '../../stores/evaluation.ts';
import type { FittedView } from '../../stores/evaluation.ts';
import { headsTable } from '../../stores/evaluation-series.ts';
import { HeadToggles } from '../training/HeadToggles.tsx';
import { Charts } from './Charts.tsx';
import { evaluationTexts } from '../../texts/evaluation.ts';
import { Phrase } from '../../parts/Phrase.tsx';
import styles from './EvaluationPanel.module.css';
import { EvaluationTable } from './EvaluationTable.tsx';
import { CsvButton } from '../../charts/Chart.tsx';
import { useSlowEvaluations } from './use-slow-evaluations.ts';

export default function EvaluationPanel() {
  const view = useFittedView();
  const followed = useEvaluation((state) => state.step) === null;
  const table = useMemo(() => headsTable(view), [view]);
  return (
    <Panel
      id="evaluation"
      title={evaluationTexts.title}
      note={<Moment view={view} />}
      tools={
        <>
          <ActionButton action={evaluateAction} look="quiet" />
          <CsvButton name={evaluationTexts.csvName} table={table} />
        </>
      }
    >
      <Controls view={view} />
      <EvaluationTable view={view} />
      <HeadControls view={view} />
      <Charts view={view} at={followed ? null : (view.current?.step ?? null)} />
    </Panel>
  );
}

/** The choices of the store, fitted to what the run has reported. */
function useFittedView(): FittedView {
  const evaluations = useSlowEvaluations();
  const running = useRun((state) => state.info?.tasks ?? null);
  const config = useConfig((state) => state.valid?.config ?? null);
  const partition = useEvaluation((state) => state.partition);
  const stratum = useEvaluation((state) => state.stratum);
  const head = useEvaluation((state) => state.head);
  const step = useEvaluation((state) => state.step);
  return useMemo(
    () =>
      fitView(
        { partition, stratum, head, step },
        evaluations,
        Object.keys(config?.validation_data ?? {}),
        running ?? Object.keys(config?.model.tasks ?? {}),
      ),
    [partition, stratum, head, step, evaluations, config, running],
  );
}

function Moment({ view: { current } }: { view: FittedView }) {
  const every = useConfig((state) => state.valid?.config.training.eval_log_every_n ?? 0);
  if (!current) return evaluationTexts.firstAt(count(every));
  return evaluationTexts.moment(count(current.step), count(current.examples));
}

function Controls({ view }: { view: FittedView }) {
  const { evaluation } = useSession();
  const { set } = evaluation.getState();
  const { partitions, partition, strata, stratum, events, current } = view;
  const at = current ? events.indexOf(current) : 0;
  const last = events.length - 1;
  return (
    <div className={styles.controls}>
      <Select
        label={evaluationTexts.partition}
        hint={evaluationTexts.partitionAbout}
        value={partition}
        options={partitions.map((name) => ({ value: name, label: partitionLabel(name) }))}
        onChange={(value) => set({ partition: value })}
      />
      <Select
        label={evaluationTexts.stratum}
        hint={evaluationTexts.stratumAbout}
        value={stratum ?? ''}
        disabled={strata.length === 0}
        options={[
          {
            value: '',
            label: strata.length === 0 ? evaluationTexts.noStratifiers : evaluationTexts.allExamples,
          },
          ...strata.map((name) => ({ value: name, label: name })),
        ]}
        onChange={(value) => set({ stratum: value === '' ? null : value })}
      />
      <label className={styles.scrubber}>
        <span className={styles.scrubberLabel}>
          {evaluationTexts.title}
          <output>
            {!current
              ? evaluationTexts.noneYet
              : at === last
                ? evaluationTexts.newest(count(current.step))
                : evaluationTexts.step(count(current.step))}
          </output>
        </span>
        <input
          type="range"
          min={0}
          max={Math.max(0, last)}
          step={1}
          value={at}
          disabled={events.length < 2}
          aria-label={evaluationTexts.lookedAt}
          aria-valuetext={
            current ? evaluationTexts.lookedAtStep(count(current.step)) : evaluationTexts.nothingToLookAt
          }
          onChange={(event) => {
            const index = Number(event.target.value);
            set({ step: index >= last ? null : (events[index]?.step ?? null) });
          }}
        />
      </label>
    </div>
  );
}

function HeadControls({ view }: { view: FittedView }) {
  const { evaluation } = useSession();
  const { head, tasks, partition, training } = view;
  const all = head === ALL_HEADS;
  return (
    <div className={styles.heads}>
      <Select
        label={evaluationTexts.head}
        className={styles.head}
        value={head}
        options={[
          ...tasks.map((task) => ({ value: task, label: headStyle(task).label })),
          ...(tasks.length > 1 ? [{ value: ALL_HEADS, label: evaluationTexts.allHeads }] : []),
        ]}
        onChange={(value) => evaluation.getState().set({ head: value })}
      />
      {all ? (
        <HeadToggles />
      ) : (
        <ul className={styles.legend} aria-label={evaluationTexts.legend}>
          <li>
            <Swatch color={headStyle(head).color} /> {partitionLabel(partition)}
          </li>
          {training.length > 0 && (
            <li>
              <Swatch color="var(--text-3)" /> {evaluationTexts.train}
            </li>
          )}
          <li>
            <Swatch color="var(--text-2)" dash="4 3" />
            <span>
              <Phrase
                text={evaluationTexts.limitOrBaseRate}
                parts={{ limit: <Term word="teacher limit">{evaluationTexts.limit}</Term> }}
              />
            </span>
          </li>
          <li>
            <span className={styles.band} style={{ background: headStyle(head).color }} />
            <Term word="bootstrap interval">{evaluationTexts.interval}</Term>
          </li>
        </ul>
      )}
    </div>
  );
}

function Swatch({ color, dash = '' }: { color: string; dash?: string }) {
  return (
    <svg width="16" height="8" aria-hidden="true">
      <line x1="0" x2="16" y1="4" y2="4" stroke={color} strokeWidth="2" strokeDasharray={dash} />
    </svg>
  );
}

/** Per-head partitions bear their task's full name. */
function partitionLabel(name: string): string {
  if (name === TRAIN) return evaluationTexts.train;
  return name.includes('.') ? evaluationTexts.sampled(headStyle(name).label) : name;
}
