/** One kept run in the list. */
import { useState } from 'react';
import { useStore } from 'zustand';
import type { RunEntry } from '../../../src/workers/runs-protocol.ts';
import { ActionButton } from '../../actions/ActionButton.tsx';
import {
  baselineAction,
  deleteRunAction,
  noteRunAction,
  openRunAction,
  renameRunAction,
  showRunAction,
} from '../../actions/kept-run-actions.ts';
import { bytes, count, decimal, signed, dateAndTime, fixed } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { focusOnce } from '../../parts/focus-once.ts';
import { PathText } from '../../parts/PathText.tsx';
import { headStyle } from '../../heads.ts';
import { useRun, useSession } from '../../session/context.tsx';
import { RUN_LOOKS } from '../../stores/compared-runs.ts';
import { relative } from '../../stores/evaluation-metrics.ts';
import { metricOf } from '../../stores/run-table.ts';
import type { RunMetric } from '../../stores/run-table.ts';
import { statusText } from '../../panels/training/status-text.ts';
import { runsTexts } from '../../texts/runs.ts';
import styles from './RunsView.module.css';

const SHOWN = 4;

interface RunRowProps {
  readonly entry: RunEntry;
  readonly metric: RunMetric;
  /** Tasks with a column of their own. */
  readonly heads: readonly string[];
  /** Undefined where it was not asked. */
  readonly agreement: number | null | undefined;
  readonly differences: readonly string[] | null | undefined;
}

export function RunRow({ entry, metric, heads, agreement, differences }: RunRowProps) {
  const { manifest, status, summary, bytes: size, checkpoints } = entry;
  const { library, comparison } = useSession();
  const openRun = useRun((state) => state.manifest?.id);
  const isOpen = openRun === manifest.id;
  const baseline = useStore(library.store, (state) => state.baseline);
  const marked = useStore(library.store, (state) => state.marked.includes(manifest.id));
  const chosen = useStore(comparison.store, (state) => state.chosen);
  const place = chosen.indexOf(manifest.id);
  // The charts count those beside the run that is open.
  const look = RUN_LOOKS[isOpen ? 0 : 1 + chosen.filter((id) => id !== openRun).indexOf(manifest.id)];
  const editing = useStore(library.store, (state) =>
    state.editing?.run === manifest.id ? state.editing.what : null,
  );
  const endEditing = (): void => library.store.getState().set({ editing: null });
  const [whole, setWhole] = useState(false);
  const shown = whole ? differences : differences?.slice(0, SHOWN);
  return (
    <tr className={isOpen ? styles.open : undefined}>
      <th scope="row" className={styles.name}>
        <span className={styles.title}>
          <input
            type="checkbox"
            aria-label={runsTexts.chooseRun(manifest.name)}
            title={runsTexts.chooseHint}
            checked={marked}
            onChange={(event) => library.mark(manifest.id, event.target.checked)}
          />
          {(isOpen || place >= 0) && (
            <span className={styles.dot} style={{ background: look?.color }} title={runsTexts.itsColour} />
          )}
          {editing === 'name' ? (
            <TextField
              label={runsTexts.newName(manifest.name)}
              value={manifest.name}
              onDone={(name) => {
                endEditing();
                if (name !== null && name !== '' && name !== manifest.name) {
                  void library.label(manifest, name, manifest.note);
                }
              }}
            />
          ) : (
            manifest.name
          )}
        </span>
        <span className={styles.when}>{dateAndTime(new Date(manifest.times.created))}</span>
        {editing === 'note' ? (
          <TextField
            label={runsTexts.noteOn(manifest.name)}
            value={manifest.note}
            onDone={(note) => {
              endEditing();
              if (note !== null && note !== manifest.note) void library.label(manifest, manifest.name, note);
            }}
          />
        ) : (
          manifest.note !== '' && <span className={styles.note}>{manifest.note}</span>
        )}
      </th>
      <td className={styles.state} data-column={runsTexts.columns.state}>
        {isOpen ? runsTexts.openHere : statusText({ ...status, manifest, unbuilt: null })}
      </td>
      <td className={styles.number} data-column={runsTexts.columns.steps}>
        {count(status.step)}
      </td>
      <td className={styles.number} data-column={runsTexts.columns.loss}>
        {status.loss === null ? '–' : decimal(status.loss)}
      </td>
      <Metric
        column={runsTexts.metrics[metric]}
        value={metricOf(summary, metric, null)}
        metric={metric}
        step={summary?.step}
      />
      {heads.map((task) => (
        <Metric
          key={task}
          column={headStyle(task).label}
          value={metricOf(summary, metric, task)}
          metric={metric}
          step={summary?.step}
        />
      ))}
      <td className={styles.number} data-column={runsTexts.columns.teacher}>
        {agreement === undefined ? '–' : agreement === null ? runsTexts.none : signed(agreement, 3)}
      </td>
      <td
        className={styles.differences}
        data-column={
          baseline === null ? runsTexts.columns.differsFromParent : runsTexts.columns.differsFromBaseline
        }
      >
        {shown === null || shown === undefined
          ? '–'
          : shown.length === 0
            ? runsTexts.nothing
            : shown.map((text) => (
                <span key={text}>
                  <PathText>{text}</PathText>
                </span>
              ))}
        {differences && differences.length > SHOWN && (
          <Button look="quiet" onClick={() => setWhole(!whole)}>
            {whole ? runsTexts.fewer : runsTexts.andMore(count(differences.length - SHOWN))}
          </Button>
        )}
      </td>
      <td className={styles.number} data-column={runsTexts.columns.size}>
        {bytes(size)}
        {checkpoints.length > 0 && (
          <span className={styles.when}>
            {runsTexts.checkpoints(
              checkpoints.length,
              bytes(checkpoints.reduce((sum, kept) => sum + kept.bytes, 0)),
            )}
          </span>
        )}
      </td>
      <td className={styles.actions}>
        <ActionButton action={openRunAction(manifest)} aria-label={runsTexts.openRun(manifest.name)}>
          {runsTexts.open}
        </ActionButton>
        <ActionButton
          action={showRunAction(manifest)}
          look="quiet"
          aria-label={runsTexts.showRun(manifest.name)}
          aria-pressed={place >= 0}
          hint={runsTexts.pinHint}
        >
          {runsTexts.pin}
        </ActionButton>
        <ActionButton
          action={renameRunAction(manifest)}
          look="quiet"
          aria-label={runsTexts.renameRun(manifest.name)}
        >
          {runsTexts.rename}
        </ActionButton>
        <ActionButton
          action={noteRunAction(manifest)}
          look="quiet"
          aria-label={runsTexts.writeNote(manifest.name)}
        >
          {runsTexts.note}
        </ActionButton>
        <ActionButton
          action={baselineAction(manifest)}
          look="quiet"
          aria-label={runsTexts.compareWith(manifest.name)}
          aria-pressed={baseline === manifest.id}
        >
          {runsTexts.baseline}
        </ActionButton>
        <ActionButton
          action={deleteRunAction(manifest)}
          look="quiet"
          aria-label={runsTexts.deleteRun(manifest.name)}
        >
          {runsTexts.delete}
        </ActionButton>
      </td>
    </tr>
  );
}

function Metric({
  column,
  value,
  metric,
  step,
}: {
  column: string;
  value: number | null;
  metric: RunMetric;
  step: number | undefined;
}) {
  return (
    <td
      className={styles.number}
      data-column={column}
      title={step === undefined ? undefined : runsTexts.atStep(count(step))}
    >
      {value === null
        ? '–'
        : metric === 'rce'
          ? relative(value)
          : metric === 'auroc'
            ? fixed(value, 3)
            : decimal(value)}
    </td>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  /** With null where the person changed their mind. */
  readonly onDone: (value: string | null) => void;
}

function TextField({ label, value, onDone }: TextFieldProps) {
  const [text, setText] = useState(value);
  return (
    <input
      className={styles.input}
      aria-label={label}
      value={text}
      maxLength={200}
      ref={focusOnce}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => onDone(text.trim())}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onDone(text.trim());
        if (event.key === 'Escape') onDone(null);
      }}
    />
  );
}
