/**
 * What a person should know now: one notice at a time, the gravest first. What is about this device is closed for good
 * with one click; what has happened is closed until it happens again.
 */
import { useOffers } from '../../actions/use-offers.ts';
import { ActionButton } from '../../actions/ActionButton.tsx';
import { onProcessorAction, prepareAction, reopenAction, reviveAction } from '../../actions/mend-actions.ts';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { count } from '../../format.ts';
import { useOffline } from '../../offline/context.ts';
import { Button } from '../../parts/Button.tsx';
import { classes } from '../../parts/classes.ts';
import { Notice } from '../../parts/Notice.tsx';
import { useRun, useSession, useSettings } from '../../session/context.tsx';
import type { RunState } from '../../stores/run.ts';
import { checkWebGpu } from '../../webgpu-check.ts';
import type { WebGpuStatus } from '../../webgpu-check.ts';
import { noticeTexts } from '../../texts/notices.ts';
import styles from './Notices.module.css';
import { Welcome, useWelcomed } from './Welcome.tsx';

/** The notice that this browser keeps nothing, as settings remember its closing. */
const PASSING = 'runs-not-kept';

export default function Notices({ className }: { className?: string | undefined }) {
  const happened = useHappened();
  const newer = useNewerBuild();
  const welcomed = useWelcomed();
  const passing = usePassing();
  const device = useDevice();
  const first = happened ?? newer ?? passing ?? (welcomed ? device : <Welcome />);
  if (first === null) return null;
  return (
    <section className={classes(styles.notices, className)} aria-label={noticeTexts.region}>
      {first}
    </section>
  );
}

/** What happened to the run. */
function useHappened(): ReactNode {
  const failure = useRun((state) => state.failure);
  const readOnly = useRun((state) => state.readOnly);
  const unkept = useRun((state) => (state.unkeptSeen ? null : state.unkept));
  const recovered = useRun((state) => state.recovered);
  if (failure) return <Failure failure={failure} />;
  if (readOnly !== null) return <ReadOnly why={readOnly} />;
  if (unkept !== null) return <Unkept why={unkept} />;
  return recovered && <Recovered recovered={recovered} />;
}

function useNewerBuild(): ReactNode {
  const offline = useOffline();
  const newer = useStore(offline.store, (state) => state.newer);
  const [later, setLater] = useState(false);
  const use = (): void => offline.useNewer();
  useOffers(
    newer ? [{ id: 'page.newer', group: 'page', title: noticeTexts.useNewer, why: null, run: use }] : [],
  );
  if (!newer || later) return null;
  return (
    <Notice
      tone="info"
      title={noticeTexts.newer}
      actions={<Button onClick={use}>{noticeTexts.useNewer}</Button>}
      onClose={() => setLater(true)}
    >
      {noticeTexts.newerAbout}
    </Notice>
  );
}

/** That this browser keeps no run. */
function usePassing(): ReactNode {
  const dismissed = useSettings((state) => state.dismissed);
  const dismiss = useSettings((state) => state.dismiss);
  const passing = useRun((state) => state.info?.lasting === false);
  if (!passing || dismissed.includes(PASSING)) return null;
  return (
    <Notice tone="info" title={noticeTexts.passing} onClose={() => dismiss(PASSING)}>
      {noticeTexts.passingAbout}
    </Notice>
  );
}

/** What this device lacks. */
function useDevice(): ReactNode {
  const [status, setStatus] = useState<WebGpuStatus | null>(null);
  const dismissed = useSettings((state) => state.dismissed);
  const dismiss = useSettings((state) => state.dismiss);
  useEffect(() => {
    void checkWebGpu().then(setStatus);
  }, []);
  const key = `webgpu-${status?.kind}`;
  if (!status || status.kind === 'ok' || dismissed.includes(key)) return null;
  return (
    <Notice tone="info" title={status.title} onClose={() => dismiss(key)}>
      {status.advice}
    </Notice>
  );
}

/** Where there is no graphics device to go on with. */
function OnProcessor() {
  const session = useSession();
  const offered = useRun(() => onProcessorAction.whyNot?.(session) === null);
  return offered && <ActionButton action={onProcessorAction} hint={noticeTexts.onProcessorHint} />;
}

function ReadOnly({ why }: { readonly why: string }) {
  const session = useSession();
  return (
    <Notice
      tone="info"
      title={noticeTexts.readOnly}
      actions={
        <>
          <ActionButton action={reopenAction}>{noticeTexts.tryAgain}</ActionButton>
          <OnProcessor />
          <Button onClick={() => void session.restart()}>{noticeTexts.newRun}</Button>
        </>
      }
    >
      {why}
    </Notice>
  );
}

function Unkept({ why }: { readonly why: string }) {
  const { set } = useSession().run.getState();
  return (
    <Notice tone="error" title={noticeTexts.unkept} onClose={() => set({ unkeptSeen: true })}>
      {noticeTexts.unkeptAbout(why)}
    </Notice>
  );
}

function Recovered({ recovered }: { readonly recovered: NonNullable<RunState['recovered']> }) {
  const { set } = useSession().run.getState();
  return (
    <Notice tone="info" title={noticeTexts.recovered} onClose={() => set({ recovered: null })}>
      {noticeTexts.recoveredAbout(count(recovered.from), recovered.repeated, recovered.message)}
    </Notice>
  );
}

function Failure({ failure }: { readonly failure: NonNullable<RunState['failure']> }) {
  if (failure.kind === 'worker') {
    return (
      <Notice tone="error" title={noticeTexts.workerStopped} actions={<ActionButton action={reviveAction} />}>
        {noticeTexts.workerStoppedAbout(failure.message)}
      </Notice>
    );
  }
  return (
    <Notice
      tone="error"
      title={failure.kind === 'run' ? noticeTexts.stopped : noticeTexts.notPrepared}
      actions={
        <>
          <ActionButton action={prepareAction}>{noticeTexts.tryAgain}</ActionButton>
          <OnProcessor />
        </>
      }
    >
      {failure.message}
    </Notice>
  );
}
