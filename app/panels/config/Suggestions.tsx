/** "You could try…": words that change the configuration or the data, for a person who does not know where to begin. */
import { setInText } from '../../../src/config/edit-text.ts';
import type { ConfigPath } from '../../../src/config/config-path.ts';
import type { RecapConfig } from '../../../src/config/recap-config.ts';
import { useConfig, useSession } from '../../session/context.tsx';
import { errorsOf } from '../../stores/config.ts';
import styles from './Suggestions.module.css';

type Scalar = string | number | boolean;

export function Suggestions() {
  const session = useSession();
  const broken = useConfig((state) => errorsOf(state.problems).length > 0);
  const base = useConfig((state) => state.valid?.config ?? null);

  const edit = (path: ConfigPath, value: Scalar): void => {
    const { text, setText } = session.config.getState();
    setText(setInText(text, path, value));
  };
  const preset = (file: string) => () => session.config.getState().choosePreset(file);
  const backboneRate = ['optimizer', 'multi_task_learning_rates', 'backbone_learning_rate'];
  const rate = backbone(base);

  return (
    <p className={styles.suggestions}>
      You could try <Try on={preset('serial.yaml')}>serial MaskBlocks</Try>,{' '}
      <Try on={preset('share-none.yaml')}>no sharing</Try>,{' '}
      {rate && (
        <>
          <Try
            off={broken}
            on={() => edit([...backboneRate, ...rate.path], Number((rate.value * 10).toPrecision(3)))}
          >
            10 × the learning rate
          </Try>
          ,{' '}
        </>
      )}
      <Try off={broken} on={() => edit(['train_data', 'global_batch_size'], 32)}>
        batches of 32
      </Try>
      , or{' '}
      <Try on={() => session.data.getState().choose({ kind: 'teacher', teacher: 'noise' })}>pure noise</Try>.
    </p>
  );
}

/** The backbone's peak learning rate and where it stands, whatever the schedule. */
function backbone(config: RecapConfig | null): { path: ConfigPath; value: number } | null {
  const schedule = config?.optimizer.multi_task_learning_rates?.backbone_learning_rate;
  if (!schedule) return null;
  for (const key of ['linear_ramp_to_constant', 'linear_ramp_to_cosine'] as const) {
    const ramp = schedule[key];
    if (ramp) return { path: [key, 'learning_rate'], value: ramp.learning_rate };
  }
  return schedule.constant === null ? null : { path: ['constant'], value: schedule.constant };
}

function Try({ on, off = false, children }: { on: () => void; off?: boolean; children: string }) {
  return (
    <button type="button" className={styles.try} disabled={off} onClick={on}>
      {children}
    </button>
  );
}
