/** What a person should know about this device before training; calm, and closed for good with one click. */
import { useEffect, useState } from 'react';
import { Button } from '../../parts/Button.tsx';
import { classes } from '../../parts/classes.ts';
import { Notice } from '../../parts/Notice.tsx';
import { useRun, useSession, useSettings } from '../../session/context.tsx';
import { checkWebGpu } from '../../webgpu-check.ts';
import type { WebGpuStatus } from '../../webgpu-check.ts';
import styles from './Notices.module.css';

export function Notices({ className }: { className?: string | undefined }) {
  const [status, setStatus] = useState<WebGpuStatus | null>(null);
  const dismissed = useSettings((state) => state.dismissed);
  const dismiss = useSettings((state) => state.dismiss);
  useEffect(() => {
    void checkWebGpu().then(setStatus);
  }, []);
  const failed = useRun((state) => state.failure !== null);
  const key = status ? `webgpu-${status.kind}` : '';
  const told = status && status.kind !== 'ok' && !dismissed.includes(key);
  if (!failed && !told) return null;
  return (
    <section className={classes(styles.notices, className)} aria-label="Notices">
      <Failure />
      {told && (
        <Notice tone="info" title={status.title} onClose={() => dismiss(key)}>
          {status.advice}
        </Notice>
      )}
    </section>
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
        actions={<Button onClick={() => void session.revive()}>Start again</Button>}
      >
        {failure.message} Your configuration and the charts are still here; the weights of the run are lost.
        This happens when the browser runs out of memory: a smaller batch or model helps.
      </Notice>
    );
  }
  if (failure.kind === 'device') {
    return (
      <Notice
        tone="error"
        title="The graphics card was lost."
        actions={<Button onClick={() => void session.revive()}>Start again</Button>}
      >
        {failure.message} The driver was reset or the browser took the device away. If it happens again,
        choose another engine in the menu above.
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
