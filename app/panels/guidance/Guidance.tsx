/** What the run's numbers say, in words, while something can still be done about it; and at the end what was learned. */
import { useEffect, useMemo, useState } from 'react';
import { narrowed } from '../../../src/config/narrowed.ts';
import type { RecapConfig } from '../../../src/config/recap-config.ts';
import { deviceMisfit } from '../../../src/training/guidance/device-fit.ts';
import type { DeviceFacts, ModelSize } from '../../../src/training/guidance/device-fit.ts';
import { closingSentence, findings } from '../../../src/training/guidance/findings.ts';
import type { Finding } from '../../../src/training/guidance/findings.ts';
import type { ModelFacts } from '../../../src/runs/model-facts.ts';
import { count } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { Button } from '../../parts/Button.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { useDraft, useRun, useSession, useSettings } from '../../session/context.tsx';
import { findingTexts, guidanceTexts } from '../../texts/guidance.ts';
import { checkWebGpu } from '../../webgpu-check.ts';
import type { WebGpuStatus } from '../../webgpu-check.ts';
import { CADENCE } from '../../cadence.ts';
import { useSlowVersion } from '../training/use-slow-version.ts';
import styles from './Guidance.module.css';
import { wayBack } from '../../../src/training/guidance/way-back.ts';
import { backAtHalfRate } from './half-rate.ts';
import { LiveChanges } from './LiveChanges.tsx';

const label = (task: string): string => headStyle(task).label;

export default function Guidance() {
  return (
    <div className={styles.guidance}>
      <TooBig />
      <Findings />
      <Learned />
      <WhileHidden />
      <LiveChanges />
    </div>
  );
}

/** The most pressing finding; the next when it is closed. */
function Findings() {
  const session = useSession();
  const version = useSlowVersion(CADENCE.guidance);
  const series = useRun((state) => state.series);
  const evaluations = useRun((state) => state.evaluations);
  const checkpoints = useRun((state) => state.checkpoints);
  const run = useRun((state) => state.manifest?.id ?? '');
  const changes = useRun((state) => state.manifest?.recipe.changes) ?? [];
  const ended = useRun((state) => state.phase === 'diverged' || state.phase === 'preparing');
  const [closed, setClosed] = useState<readonly string[]>([]);
  const found = useMemo(() => {
    void version;
    const rates = series?.groups.map((_, group) => series.learningRates(group)) ?? [];
    return findings({ losses: series?.losses ?? [], rates, evaluations, label });
  }, [series, version, evaluations]);
  if (ended) return null;
  // What was closed of one run says nothing of the next.
  const key = ({ kind, tasks }: Finding): string => [run, kind, ...tasks].join(' ');
  return found
    .filter((finding) => !closed.includes(key(finding)))
    .slice(0, 1)
    .map((finding) => {
      const { kind, seen, cause, mend, goodUntil } = finding;
      const kept = checkpoints.map(({ step }) => step).filter((step) => step <= (goodUntil ?? -1));
      const good = wayBack(kept, changes);
      return (
        <Notice
          key={key(finding)}
          tone={kind === 'label_imbalance' || kind === 'few_examples' ? 'info' : 'warning'}
          title={findingTexts[kind]}
          onClose={() => setClosed([...closed, key(finding)])}
          actions={
            good !== null && (
              <Button onClick={() => void backAtHalfRate(session, good)}>
                {guidanceTexts.backAtHalfRate(count(good))}
              </Button>
            )
          }
        >
          {seen} {cause} {mend}
        </Notice>
      );
    });
}

function Learned() {
  const finished = useRun((state) => state.phase === 'finished');
  const step = useRun((state) => state.step);
  const evaluations = useRun((state) => state.evaluations);
  const sentence = finished ? closingSentence(step, evaluations, label) : null;
  if (sentence === null) return null;
  return (
    <Notice tone="info" title={`${guidanceTexts.learned}.`}>
      {sentence}
    </Notice>
  );
}

function deviceMemory(): number | null {
  const gigabytes = (navigator as { deviceMemory?: number }).deviceMemory;
  return gigabytes === undefined ? null : gigabytes * 2 ** 30;
}

/** As settings remember that a person knows of models so big on a device of this kind. */
const tooBigKey = (kind: DeviceFacts['kind'], { parameters, stepFlops }: ModelFacts): string =>
  `too-big ${kind} ${parameters} ${stepFlops}`;

/** Before anything is built: what this configuration would ask of the device. */
function TooBig() {
  const session = useSession();
  const config = useDraft((state) => state.config);
  const [gpu, setGpu] = useState<WebGpuStatus['kind'] | null>(null);
  const dismissed = useSettings((state) => state.dismissed);
  const dismiss = useSettings((state) => state.dismiss);
  useEffect(() => {
    void checkWebGpu().then(({ kind }) => setGpu(kind));
  }, []);
  const misfit = useMemo(() => {
    if (!config || gpu === null) return null;
    const facts = session.facts(config);
    if ('problem' in facts) return null;
    const kind = gpu === 'ok' ? 'card' : gpu === 'software' ? 'software' : 'none';
    const sizeOf = (other: RecapConfig): ModelSize | null => {
      const size = session.facts(other);
      return 'problem' in size ? null : size;
    };
    const { train_data: data, training } = config;
    const found = deviceMisfit(facts, { kind, memory: deviceMemory() }, training.num_train_steps, {
      narrower: (divisor) => sizeOf(narrowed(config, divisor)),
      withBatch: (examples) => sizeOf({ ...config, train_data: { ...data, global_batch_size: examples } }),
      batch: data.global_batch_size,
    });
    return found && { ...found, key: tooBigKey(kind, facts) };
  }, [session, config, gpu]);
  if (!misfit || dismissed.includes(misfit.key)) return null;
  return (
    <Notice tone="warning" title={guidanceTexts.tooBig} onClose={() => dismiss(misfit.key)}>
      {misfit.expected} {misfit.fits}
    </Notice>
  );
}

/** A hidden tab goes on training; who comes back is told how far it came. */
function WhileHidden() {
  const { run } = useSession();
  const [away, setAway] = useState<{ readonly from: number; readonly to: number } | null>(null);
  useEffect(() => {
    let from: number | null = null;
    const listen = (): void => {
      const { phase, step } = run.getState();
      if (document.hidden) from = phase === 'running' ? step : null;
      else if (from !== null) {
        if (step > from) setAway({ from, to: step });
        from = null;
      }
    };
    document.addEventListener('visibilitychange', listen);
    return () => document.removeEventListener('visibilitychange', listen);
  }, [run]);
  if (!away) return null;
  return (
    <Notice tone="info" title={guidanceTexts.hidden} onClose={() => setAway(null)}>
      {guidanceTexts.hiddenAbout(away.to - away.from, count(away.from), count(away.to))}
    </Notice>
  );
}
