/** The run's weights out and in: safetensors under the reference's names, or a whole checkpoint. */
import { lazy, Suspense } from 'react';
import { ActionButton } from '../../actions/ActionButton.tsx';
import {
  exportCheckpointAction,
  exportModelActions,
  exportWeightsAction,
  metricsActions,
  saveManifestAction,
} from '../../actions/export-actions.ts';
import { take } from '../../actions/take.ts';
import { FileButton } from '../../parts/FileButton.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Term } from '../../parts/Term.tsx';
import { useRun, useSession } from '../../session/context.tsx';
import { weightsPanelTexts } from '../../texts/weights.ts';
import { Phrase } from '../../parts/Phrase.tsx';
import styles from './WeightsPanel.module.css';

const Checkpoints = lazy(() => import('./Checkpoints.tsx'));

export default function WeightsPanel() {
  const session = useSession();
  const begun = useRun((state) => state.step > 0);
  return (
    <Panel id="weights" title={weightsPanelTexts.title}>
      <dl className={styles.rows}>
        <dt>
          <Phrase text={weightsPanelTexts.weights} parts={{ safetensors: <Term word="safetensors" /> }} />
        </dt>
        <dd>
          <ActionButton action={exportWeightsAction} aria-label={weightsPanelTexts.exportWeights}>
            {weightsPanelTexts.export}
          </ActionButton>
          <ActionButton action={exportCheckpointAction} />
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
          {exportModelActions.map((action) => {
            const { name, hint } = weightsPanelTexts.formats[action.format];
            return (
              <ActionButton
                key={action.id}
                action={action}
                hint={hint}
                aria-label={weightsPanelTexts.exportAs(name)}
              >
                {name}
              </ActionButton>
            );
          })}
        </dd>
        <dt>{weightsPanelTexts.madeFrom}</dt>
        <dd>
          <ActionButton action={saveManifestAction} />
          <FileButton
            label={weightsPanelTexts.openManifest}
            look="normal"
            title={weightsPanelTexts.openManifestHint}
            onFiles={(files) => void take(session, files, 'manifest')}
          />
        </dd>
        <dt>{weightsPanelTexts.metrics}</dt>
        <dd>
          {metricsActions.map((action) => (
            <ActionButton
              key={action.id}
              action={action}
              aria-label={weightsPanelTexts.downloadMetrics(action.name)}
            >
              {action.name}
            </ActionButton>
          ))}
        </dd>
      </dl>
      <Suspense fallback={null}>{begun && <Checkpoints />}</Suspense>
    </Panel>
  );
}
