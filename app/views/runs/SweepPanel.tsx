/** A sweep: one or two keys, several values each, every combination trained; its table, and its picture. */
import { useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { formatPath } from '../../../src/config/config-path.ts';
import { SweepError } from '../../../src/runs/sweep.ts';
import type { RunEntry } from '../../../src/workers/runs-protocol.ts';
import { perform } from '../../actions/action.ts';
import { ActionButton } from '../../actions/ActionButton.tsx';
import { goOnSweepAction, stopSweepAction, trainSweepAction } from '../../actions/sweep-actions.ts';
import { count, decimal, fixed } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { NumberTable } from '../../parts/NumberTable.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { useDraft, useRun, useSession } from '../../session/context.tsx';
import { namedKeys, plannedRuns, restOfSweep } from '../../session/sweep-plan.ts';
import { metricOf } from '../../stores/run-table.ts';
import { ParallelPlot } from './ParallelPlot.tsx';
import type { ParallelAxis } from './ParallelPlot.tsx';
import { sweepTexts } from '../../texts/runs.ts';
import styles from './RunsView.module.css';

export default function SweepPanel({ runs }: { readonly runs: readonly RunEntry[] }) {
  const session = useSession();
  const { sweep, library } = session;
  const { axes, asked, cells, keys, at, problem } = useStore(sweep.store);
  const recipe = useDraft((state) => state.recipe);
  const config = useDraft((state) => state.config);
  const first = useRef<HTMLInputElement>(null);
  const known = useMemo(() => namedKeys(config), [config]);
  const planned = useMemo(() => {
    if (!recipe) return { runs: [], problem: null };
    try {
      return { runs: plannedRuns(axes, known, recipe), problem: null };
    } catch (error) {
      if (!(error instanceof SweepError)) throw error;
      return { runs: [], problem: error.message };
    }
  }, [axes, known, recipe]);
  const manifest = useRun((state) => state.manifest);
  const phase = useRun((state) => state.phase);
  const rest = at === null ? restOfSweep(cells, runs, { manifest, phase }) : null;
  // What came of a run is known when the next one begins.
  useEffect(() => {
    if (at !== null) void library.refresh();
  }, [at, library]);
  useEffect(() => {
    if (!asked) return;
    first.current?.focus();
    sweep.store.setState({ asked: false });
  }, [asked, sweep]);

  return (
    <Panel id="sweep" title={sweepTexts.title} note={sweepTexts.about}>
      <datalist id="sweep-keys">
        {known.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div className={styles.controls}>
        {([0, 1] as const).map((place) => (
          <span key={place} className={styles.axis}>
            <input
              className={styles.input}
              ref={place === 0 ? first : null}
              list="sweep-keys"
              aria-label={place === 0 ? sweepTexts.key : sweepTexts.secondKey}
              placeholder={place === 0 ? sweepTexts.keyHint : sweepTexts.secondKeyHint}
              value={axes[place].key}
              onChange={(event) => sweep.setAxis(place, { key: event.target.value })}
            />
            <input
              className={styles.input}
              aria-label={place === 0 ? sweepTexts.values : sweepTexts.secondValues}
              placeholder={sweepTexts.valuesHint}
              value={axes[place].values}
              onChange={(event) => sweep.setAxis(place, { values: event.target.value })}
            />
          </span>
        ))}
        {at === null ? (
          <Button
            look="primary"
            disabled={planned.runs.length === 0}
            onClick={() => void perform(trainSweepAction, session)}
          >
            {planned.runs.length === 0 ? sweepTexts.train : sweepTexts.trainRuns(planned.runs.length)}
          </Button>
        ) : (
          <ActionButton action={stopSweepAction}>
            {sweepTexts.stopAfter(count(at + 1), count(cells.length))}
          </ActionButton>
        )}
      </div>
      {(planned.problem !== null || problem !== null || cells.length > 0) && (
        <div className={styles.sweep}>
          {planned.problem !== null && <p className={styles.note}>{planned.problem}</p>}
          {(problem !== null || rest) && (
            <Notice tone="info" actions={rest && <ActionButton action={goOnSweepAction} />}>
              {problem} {rest && sweepTexts.interrupted(cells.length - rest.from, cells.length)}
            </Notice>
          )}
          {cells.length > 0 && <Outcome keys={keys} runs={runs} />}
        </div>
      )}
    </Panel>
  );
}

function Outcome({ keys, runs }: { readonly keys: readonly string[]; readonly runs: readonly RunEntry[] }) {
  const { sweep } = useSession();
  const { cells, at } = useStore(sweep.store);
  const manifest = useRun((state) => state.manifest);
  const phase = useRun((state) => state.phase);
  const rest = at === null ? restOfSweep(cells, runs, { manifest, phase }) : null;
  const rows = cells.map((cell, i) => {
    const entry = runs.find(({ manifest }) => manifest.id === cell.run);
    return {
      ...cell,
      state:
        i === at
          ? sweepTexts.trains
          : cell.run === null
            ? at === null
              ? sweepTexts.notTrained
              : sweepTexts.waits
            : rest?.from === i
              ? sweepTexts.interruptedRun
              : entry
                ? (sweepTexts.phases[entry.status.phase] ?? entry.status.phase)
                : sweepTexts.trained,
      loss: entry?.status.loss ?? null,
      auroc: metricOf(entry?.summary ?? null, 'auroc', null),
      heldOut: metricOf(entry?.summary ?? null, 'loss', null),
    };
  });
  const axes: readonly ParallelAxis[] = [
    ...keys.map((name, i) => ({
      name: formatKey(name),
      values: rows.map(({ values }) => values[i] ?? null),
    })),
    { name: sweepTexts.loss, values: rows.map(({ loss }) => loss) },
    { name: sweepTexts.heldOutLoss, values: rows.map(({ heldOut }) => heldOut) },
    { name: 'AUROC', values: rows.map(({ auroc }) => auroc) },
  ];
  return (
    <>
      <NumberTable
        name={sweepTexts.table}
        region={sweepTexts.region}
        look="ruled"
        words
        heads={[
          ...keys.map(formatKey),
          sweepTexts.state,
          ...[sweepTexts.loss, sweepTexts.heldOutLoss, sweepTexts.auroc].map((text) => ({
            text,
            className: styles.number,
          })),
        ]}
      >
        <tbody>
          {rows.map(({ name, values, state, loss, heldOut, auroc }) => (
            <tr key={name}>
              {values.map((value, i) => (
                <td key={keys[i]}>{String(value)}</td>
              ))}
              <td>{state}</td>
              <td className={styles.number}>{loss === null ? '–' : decimal(loss)}</td>
              <td className={styles.number}>{heldOut === null ? '–' : decimal(heldOut)}</td>
              <td className={styles.number}>{auroc === null ? '–' : fixed(auroc, 3)}</td>
            </tr>
          ))}
        </tbody>
      </NumberTable>
      <ParallelPlot axes={axes} names={rows.map(({ name }) => name)} colouredBy={axes.length - 2} />
    </>
  );
}

/** The last parts of a long path: the table is narrow. */
function formatKey(name: string): string {
  const parts = name.split('.');
  return parts.length > 2 ? `…${formatPath(parts.slice(-2))}` : name;
}
