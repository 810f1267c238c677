/** The run's weights out and in: safetensors under the reference's names, or a whole checkpoint. */
import { lazy, Suspense, useState } from 'react';
import { manifestText } from '../../../src/runs/new-manifest.ts';
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
import { weightsPanelTexts } from '../../texts/weights.ts';
import { Phrase } from '../../parts/Phrase.tsx';
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
    void attempt(weightsPanelTexts.weightsFailed, async () => {
      const { step } = session.run.getState();
      const blob = await session.exportWeights(kind);
      const name =
        kind === 'weights' ? `model-step-${step}.safetensors` : `checkpoint-step-${step}.safetensors`;
      saveFile(blob, name);
      return {
        tone: 'info',
        title: weightsPanelTexts.exported,
        text: weightsPanelTexts.exportedFile(name, bytes(blob.size)),
      };
    });
  return (
    <Panel id="weights" title={weightsPanelTexts.title}>
      <dl className={styles.rows}>
        <dt>
          <Phrase text={weightsPanelTexts.weights} parts={{ safetensors: <Term word="safetensors" /> }} />
        </dt>
        <dd>
          <Button
            disabled={!ready || busy}
            aria-label={weightsPanelTexts.exportWeights}
            onClick={exportFile('weights')}
          >
            {weightsPanelTexts.export}
          </Button>
          <Button
            disabled={!ready || busy}
            aria-label={weightsPanelTexts.exportCheckpoint}
            onClick={exportFile('checkpoint')}
          >
            {weightsPanelTexts.exportCheckpoint}
          </Button>
          <FileButton
            label={weightsPanelTexts.import}
            look="normal"
            title={weightsPanelTexts.importHint}
            onFiles={(files) =>
              void take(session, files, files[0]?.name.endsWith('.json') ? null : 'weights')
            }
          />
        </dd>
        <dt>{weightsPanelTexts.elsewhere}</dt>
        <dd>
          <ModelExport disabled={!ready || busy} attempt={attempt} />
        </dd>
        <dt>{weightsPanelTexts.madeFrom}</dt>
        <dd>
          <Button
            disabled={!ready || busy}
            aria-label={weightsPanelTexts.saveManifest}
            onClick={() => saveManifest()}
          >
            {weightsPanelTexts.saveManifest}
          </Button>
          <FileButton
            label={weightsPanelTexts.openManifest}
            look="normal"
            title={weightsPanelTexts.openManifestHint}
            onFiles={(files) => void take(session, files, 'manifest')}
          />
        </dd>
        <dt>{weightsPanelTexts.metrics}</dt>
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
