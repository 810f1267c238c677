/** What a person should know about this device before training; calm, and closed for good with one click. */
import { useEffect, useState } from 'react';
import { count, plural } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { classes } from '../../parts/classes.ts';
import { Notice } from '../../parts/Notice.tsx';
import { useRun, useSession, useSettings } from '../../session/context.tsx';
import { checkWebGpu } from '../../webgpu-check.ts';
import type { WebGpuStatus } from '../../webgpu-check.ts';
import styles from './Notices.module.css';

/** The notice that this browser keeps nothing, as settings remember its closing. */
const PASSING = 'runs-not-kept';

export function Notices({ className }: { className?: string | undefined }) {
  const [status, setStatus] = useState<WebGpuStatus | null>(null);
  const dismissed = useSettings((state) => state.dismissed);
  const dismiss = useSettings((state) => state.dismiss);
  useEffect(() => {
    void checkWebGpu().then(setStatus);
  }, []);
  const failed = useRun(
    ({ failure, readOnly, unkept, recovered }) => failure ?? readOnly ?? unkept ?? recovered,
  );
  const key = status ? `webgpu-${status.kind}` : '';
  const told = status && status.kind !== 'ok' && !dismissed.includes(key);
  const passing = useRun((state) => state.info?.lasting === false) && !dismissed.includes(PASSING);
  if (failed === null && !told && !passing) return null;
  return (
    <section className={classes(styles.notices, className)} aria-label="Notices">
      <Failure />
      <Happened />
      {passing && (
        <Notice tone="info" title="Runs live only as long as this page." onClose={() => dismiss(PASSING)}>
          This browser window keeps no files, as private windows do: export what you want to keep.
        </Notice>
      )}
      {told && (
        <Notice tone="info" title={status.title} onClose={() => dismiss(key)}>
          {status.advice}
        </Notice>
      )}
    </section>
  );
}

/** What happened to the run without ending it. */
function Happened() {
  const session = useSession();
  const readOnly = useRun((state) => state.readOnly);
  const unkept = useRun((state) => state.unkept);
  const recovered = useRun((state) => state.recovered);
  const id = useRun((state) => state.manifest?.id ?? null);
  const { set } = session.run.getState();
  return (
    <>
      {readOnly !== null && (
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
          {readOnly}
        </Notice>
      )}
      {unkept !== null && (
        <Notice tone="error" title="The run goes on, but is not kept." onClose={() => set({ unkept: null })}>
          {unkept} What it has reported so far is on this page only: export it before you leave.
        </Notice>
      )}
      {recovered && (
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
      )}
    </>
  );
}

function Failure() {
  const session = useSession();
  const failure = useRun((state) => state.failure);
  if (!failure) return null;
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
