/** Train, pause, step, restart; and how far and how fast the run is. Stays in sight on every screen. */
import { useEffect, useMemo, useState } from 'react';
import { count, duration, rate } from '../../format.ts';
import { ActionButton } from '../../actions/ActionButton.tsx';
import { extendAction, restartAction, stepAction, trainAction } from '../../actions/run-actions.ts';
import { timeLeft } from '../../../src/training/guidance/time-left.ts';
import { classes } from '../../parts/classes.ts';
import { useMediaQuery } from '../../parts/use-media-query.ts';
import { useDraft, useRun, useSession } from '../../session/context.tsx';
import { speedOf } from '../../stores/run.ts';
import { nextWords } from '../../stores/run-words.ts';
import type { Told } from '../../stores/run-words.ts';
import { trainingTexts } from '../../texts/training.ts';
import { Phrase } from '../../parts/Phrase.tsx';
import styles from './RunBar.module.css';
import { progressText, statusText } from './status-text.ts';

export function RunBar() {
  const phase = useRun((state) => state.phase);
  const begun = useRun((state) => state.step > 0);
  const imported = useRun((state) => (state.manifest?.recipe.warmStart ?? null) !== null);
  const changes = useDraft((state) => state.changes);
  const stale = changes.length > 0 && (begun || imported);
  const running = phase === 'running';
  const iconOnly = useMediaQuery('(max-width: 719px)');

  return (
    <section className={styles.bar} aria-label={trainingTexts.run}>
      <div className={styles.controls}>
        <ActionButton
          action={trainAction}
          look="primary"
          className={styles.main}
          icon={running ? 'pause' : 'play'}
        />
        <ActionButton action={stepAction} icon="step" iconOnly={iconOnly} hint={trainingTexts.stepHint} />
        {phase === 'finished' && (
          <ActionButton
            action={extendAction}
            {...(iconOnly && { icon: 'plus', iconOnly })}
            hint={trainingTexts.extendHint}
          />
        )}
        <ActionButton
          action={restartAction}
          icon="restart"
          iconOnly={iconOnly}
          marked={stale}
          aria-label={stale ? trainingTexts.restartWith(changes.length) : trainingTexts.restart}
          hint={stale ? <Changes changes={changes} /> : trainingTexts.restartHint}
        />
      </div>
      <div className={styles.told}>
        <Status />
        <Words />
        <Progress />
      </div>
    </section>
  );
}

function Changes({ changes }: { readonly changes: readonly string[] }) {
  return (
    <>
      {trainingTexts.changedSince}
      {changes.slice(0, 6).map((change) => (
        <span key={change} className={styles.change}>
          {change}
        </span>
      ))}
      {changes.length > 6 && (
        <span className={styles.change}>{trainingTexts.andMore(count(changes.length - 6))}</span>
      )}
    </>
  );
}

/** The phase in words, for the eye and for screen readers. */
function Status() {
  const phase = useRun((state) => state.phase);
  const text = useRun(statusText);
  const tuning = useRun((state) => state.tuning);
  const activity = useRun((state) => state.activity);
  return (
    <span
      className={classes(styles.phase, styles[phase])}
      role="status"
      aria-live="polite"
      aria-label={trainingTexts.status}
    >
      {tuning ? trainingTexts.choosingKernels(tuning.done, tuning.total) : text}
      {activity && !tuning && <span aria-hidden="true">{progressText(activity)}</span>}
    </span>
  );
}

/** The run read out as it goes: for who does not see the numbers. */
function Words() {
  const session = useSession();
  const [words, setWords] = useState('');
  useEffect(() => {
    let told: Told | null = null;
    return session.run.subscribe(({ series, config, phase }, before) => {
      if (series !== before.series || phase !== 'running') told = null;
      if (!series || phase !== 'running') return;
      const next = nextWords(series, config?.training.num_train_steps ?? 0, told);
      if (!next) return;
      told = next.told;
      setWords(next.words);
    });
  }, [session]);
  return (
    <span className="unseen" role="log" aria-label={trainingTexts.inWords}>
      {words}
    </span>
  );
}

function regular(every: number | undefined, seconds: number | undefined) {
  return every === undefined || seconds === undefined ? null : { every, seconds };
}

function Progress() {
  const phase = useRun((state) => state.phase);
  const step = useRun((state) => state.step);
  const version = useRun((state) => state.version);
  const series = useRun((state) => state.series);
  // Before the first run, the one that Train would make.
  const next = useDraft((state) => state.config?.training.num_train_steps ?? 0);
  const total = useRun((state) => state.config?.training.num_train_steps ?? next);
  const speed = useMemo(() => {
    void version;
    return speedOf(series);
  }, [series, version]);
  const spent = useRun((state) => state.spent);
  const training = useRun((state) => state.config?.training);
  const left = timeLeft({
    step,
    total,
    stepsPerSecond: speed.stepsPerSecond,
    evaluation: regular(training?.eval_log_every_n, spent.evaluating),
    checkpoint: regular(training?.checkpoint_every_n, spent.saving),
  });
  const share = total > 0 ? Math.min(1, step / total) : 0;

  return (
    <div className={styles.progress}>
      <div className={styles.numbers}>
        <span className={styles.stat}>
          <Phrase
            text={trainingTexts.steps}
            parts={{ done: <b data-testid="step">{count(step)}</b>, total: count(total) }}
          />
        </span>
        <span className={classes(styles.stat, styles.beside)}>
          <Phrase text={trainingTexts.stepsPerSecond} parts={{ rate: <b>{rate(speed.stepsPerSecond)}</b> }} />
        </span>
        <span className={classes(styles.stat, styles.wide)}>
          <Phrase
            text={trainingTexts.examplesPerSecond}
            parts={{ rate: <b>{rate(speed.examplesPerSecond)}</b> }}
          />
        </span>
        <span className={classes(styles.stat, styles.beside)}>
          <Phrase text={trainingTexts.trained} parts={{ time: <b>{duration(speed.elapsed)}</b> }} />
        </span>
        {phase !== 'finished' && phase !== 'diverged' && phase !== 'failed' && (
          <span className={styles.stat}>
            <Phrase
              text={trainingTexts.left}
              parts={{ time: <b>{total > 0 ? duration(left) : duration(Number.NaN)}</b> }}
            />
          </span>
        )}
      </div>
      <div
        className={styles.track}
        role="progressbar"
        aria-label={trainingTexts.progress}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={step}
      >
        <div className={styles.fill} data-mark="progress" style={{ transform: `scaleX(${share})` }} />
      </div>
    </div>
  );
}
