/**
 * What a person should know now: one notice at a time, the gravest first. What is about this device is closed for good
 * with one click; what has happened is closed until it happens again.
 */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { count, plural } from '../../format.ts';
import { useOffline } from '../../offline/context.ts';
import { Button } from '../../parts/Button.tsx';
import { classes } from '../../parts/classes.ts';
import { Notice } from '../../parts/Notice.tsx';
import { useRun, useSession, useSettings } from '../../session/context.tsx';
import type { RunState } from '../../stores/run.ts';
import { checkWebGpu } from '../../webgpu-check.ts';
import type { WebGpuStatus } from '../../webgpu-check.ts';
import styles from './Notices.module.css';

/** The notice that this browser keeps nothing, as settings remember its closing. */
const PASSING = 'runs-not-kept';

export default function Notices({ className }: { className?: string | undefined }) {
  const happened = useHappened();
  const newer = useNewerBuild();
  const device = useDevice();
  const first = happened ?? newer ?? device;
  if (first === null) return null;
  return (
    <section className={classes(styles.notices, className)} aria-label="Notices">
      {first}
    </section>
  );
}

/** What happened to the run. */
function useHappened(): ReactNode {
  const failure = useRun((state) => state.failure);
  const readOnly = useRun((state) => state.readOnly);
  const unkept = useRun((state) => state.unkept);
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
  if (!newer || later) return null;
  return (
    <Notice
      tone="info"
      title="A newer version of this page is here."
      actions={<Button onClick={() => offline.useNewer()}>Reload with it</Button>}
      onClose={() => setLater(true)}
    >
      Kept runs and settings stay. Otherwise it is used when the page is opened next.
    </Notice>
  );
}

/** What this browser and device lack. */
function useDevice(): ReactNode {
  const [status, setStatus] = useState<WebGpuStatus | null>(null);
  const dismissed = useSettings((state) => state.dismissed);
  const dismiss = useSettings((state) => state.dismiss);
  const passing = useRun((state) => state.info?.lasting === false);
  useEffect(() => {
    void checkWebGpu().then(setStatus);
  }, []);
  if (passing && !dismissed.includes(PASSING)) {
    return (
      <Notice tone="info" title="Runs live only as long as this page." onClose={() => dismiss(PASSING)}>
        This browser window keeps no files, as private windows do: export what you want to keep.
      </Notice>
    );
  }
  const key = `webgpu-${status?.kind}`;
  if (!status || status.kind === 'ok' || dismissed.includes(key)) return null;
  return (
    <Notice tone="info" title={status.title} onClose={() => dismiss(key)}>
      {status.advice}
    </Notice>
  );
}

function ReadOnly({ why }: { readonly why: string }) {
  const session = useSession();
  const id = useRun((state) => state.manifest?.id ?? null);
  return (
    <Notice
      tone="info"
      title="This run is open to look at only."
      actions={
        <>
          {id !== null && <Button onClick={() => void session.open(id)}>Try again</Button>}
          <Button onClick={() => void session.restart()}>Begin a new run</Button>
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
    <Notice tone="error" title="The run goes on, but is not kept." onClose={() => set({ unkept: null })}>
      {why} What it has reported so far is on this page only: export it before you leave.
    </Notice>
  );
}

function Recovered({ recovered }: { readonly recovered: NonNullable<RunState['recovered']> }) {
  const { set } = useSession().run.getState();
  return (
    <Notice
      tone="info"
      title="The graphics device was lost, and the run went on by itself."
      onClose={() => set({ recovered: null })}
    >
      It was taken up again at step {count(recovered.from)};{' '}
      {recovered.repeated === 0
        ? 'no step had to be repeated.'
        : `${plural(recovered.repeated, 'step')} ${recovered.repeated === 1 ? 'was' : 'were'} repeated, with the same numbers.`}{' '}
      {recovered.message}
    </Notice>
  );
}

function Failure({ failure }: { readonly failure: NonNullable<RunState['failure']> }) {
  const session = useSession();
  if (failure.kind === 'worker') {
    return (
      <Notice
        tone="error"
        title="A worker of this page has stopped."
        actions={<Button onClick={() => void session.revive()}>Bring the run back</Button>}
      >
        {failure.message} Nothing that was kept is lost: the run goes on from its newest checkpoint. If it
        happens again the browser may be out of memory: a smaller batch or model helps.
      </Notice>
    );
  }
  return (
    <Notice
      tone="error"
      title={failure.kind === 'prepare' ? 'The run could not be prepared.' : 'The run has stopped.'}
      actions={<Button onClick={() => void session.prepare()}>Try again</Button>}
    >
      {failure.message}
    </Notice>
  );
}
