/** The run's weights out and in: safetensors under the reference's names, or a whole checkpoint. */
import { lazy, Suspense, useState } from 'react';
import { manifestText } from '../../../src/runs/manifest.ts';
import { take } from '../../actions/take.ts';
import { bytes } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { FileButton } from '../../parts/FileButton.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { Term } from '../../parts/Term.tsx';
import { useRun, useSession } from '../../session/context.tsx';
import { MetricsDownload } from '../training/MetricsDownload.tsx';
import type { Outcome } from './ModelExport.tsx';
import { ModelExport } from './ModelExport.tsx';
import styles from './WeightsPanel.module.css';

const Checkpoints = lazy(() => import('./Checkpoints.tsx'));

export default function WeightsPanel() {
  const session = useSession();
  const ready = useRun((state) => state.info !== null && state.phase !== 'preparing');
  const begun = useRun((state) => state.step > 0);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [busy, setBusy] = useState(false);

  const attempt = async (failure: string, work: () => Promise<Outcome>): Promise<void> => {
    setBusy(true);
    setOutcome(null);
    try {
      setOutcome(await work());
    } catch (error) {
      setOutcome({
        tone: 'error',
        title: failure,
        text: error instanceof Error ? error.message : String(error),
      });
    } finally {
      setBusy(false);
    }
  };
  const saveManifest = (): void => {
    const { manifest } = session.run.getState();
    if (!manifest) return;
    saveFile(new Blob([manifestText(manifest)], { type: 'application/json' }), 'manifest.json');
  };
  const exportFile = (kind: 'weights' | 'checkpoint') => () =>
    void attempt('The weights could not be exported.', async () => {
      const { step } = session.run.getState();
      const blob = await session.exportWeights(kind);
      const name =
        kind === 'weights' ? `model-step-${step}.safetensors` : `checkpoint-step-${step}.safetensors`;
      saveFile(blob, name);
      return { tone: 'info', title: 'Exported.', text: `${name}, ${bytes(blob.size)}` };
    });
  return (
    <Panel id="weights" title="Weights and metrics">
      <dl className={styles.rows}>
        <dt>
          Weights, <Term word="safetensors" />
        </dt>
        <dd>
          <Button disabled={!ready || busy} aria-label="Export weights" onClick={exportFile('weights')}>
            Export
          </Button>
          <Button disabled={!ready || busy} aria-label="Export checkpoint" onClick={exportFile('checkpoint')}>
            Export checkpoint
          </Button>
          <FileButton
            label="Import"
            look="normal"
            title="Import weights or a checkpoint"
            onFiles={(files) =>
              void take(session, files, files[0]?.name.endsWith('.json') ? null : 'weights')
            }
          />
        </dd>
        <dt>To go on elsewhere</dt>
        <dd>
          <ModelExport disabled={!ready || busy} attempt={attempt} />
        </dd>
        <dt>What the run is made from</dt>
        <dd>
          <Button disabled={!ready || busy} aria-label="Save manifest" onClick={() => saveManifest()}>
            Save manifest
          </Button>
          <FileButton
            label="Open manifest"
            look="normal"
            title="Open a run's manifest"
            onFiles={(files) => void take(session, files, 'manifest')}
          />
        </dd>
        <dt>Metrics of each step</dt>
        <dd>
          <MetricsDownload />
        </dd>
      </dl>
      <Suspense fallback={null}>{begun && <Checkpoints />}</Suspense>
      {outcome && (
        <div className={styles.outcome}>
          <Notice tone={outcome.tone} title={outcome.title} onClose={() => setOutcome(null)}>
            {outcome.text}
          </Notice>
        </div>
      )}
    </Panel>
  );
}
