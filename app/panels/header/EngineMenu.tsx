/** Which engine computes, on what, why; and the menu to choose another. */
import { Popover } from 'radix-ui';
import type { EngineName } from '../../../src/engines/engine.ts';
import type { EngineChoice } from '../../../src/runs/manifest.ts';
import { classes } from '../../parts/classes.ts';
import { useRun, useSettings } from '../../session/context.tsx';
import { ENGINE_CHOICES } from '../../stores/settings.ts';
import styles from './EngineMenu.module.css';

const names: Readonly<Record<EngineName, string>> = {
  webgpu: 'WebGPU',
  'tfjs-webgpu': 'tfjs on WebGPU',
  'tfjs-wasm': 'tfjs on WebAssembly',
  'tfjs-cpu': 'tfjs in JavaScript',
};

const choices: Readonly<Record<EngineChoice, { title: string; about: string }>> = {
  auto: { title: 'Automatic', about: 'The fastest one for this model on this device.' },
  webgpu: { title: names.webgpu, about: "The playground's own kernels on the graphics card." },
  'tfjs-webgpu': { title: names['tfjs-webgpu'], about: 'TensorFlow.js on the graphics card.' },
  'tfjs-wasm': {
    title: names['tfjs-wasm'],
    about: 'TensorFlow.js on the processor. Needs no graphics card.',
  },
  'tfjs-cpu': { title: names['tfjs-cpu'], about: 'The plain reference: slow, to compare with.' },
};

export function EngineMenu() {
  const info = useRun((state) => state.info);
  const unbuilt = useRun((state) => state.unbuilt !== null);
  const preparing = useRun((state) => state.phase === 'preparing' || state.phase === 'idle');
  const tuning = useRun((state) => state.tuning);
  const choice = useSettings((state) => state.engine);
  const halfWeights = useSettings((state) => state.halfWeights);
  const set = useSettings((state) => state.set);
  const name = info ? names[info.engine] : preparing && !unbuilt ? 'Starting…' : 'No engine';
  const place = tuning
    ? `choosing kernels, ${tuning.done} of ${tuning.total}`
    : info
      ? info.software || info.engine === 'tfjs-wasm' || info.engine === 'tfjs-cpu'
        ? 'on the processor'
        : info.adapter
      : '';

  return (
    <Popover.Root>
      <Popover.Trigger className={styles.badge} aria-label={`Engine: ${name}${place ? `, ${place}` : ''}`}>
        <span className={classes(styles.dot, info && styles.on, info?.software && styles.soft)} />
        <span className={styles.name}>{name}</span>
        {place && <span className={styles.place}>{place}</span>}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles.menu} align="end" sideOffset={6} collisionPadding={8}>
          {info && (
            <dl className={styles.facts}>
              <dt>Engine</dt>
              <dd>{names[info.engine]}</dd>
              <dt>Adapter</dt>
              <dd>
                {info.adapter}
                {info.software &&
                  info.engine.includes('webgpu') &&
                  ' (a graphics card imitated on the processor)'}
              </dd>
              <dt>Why</dt>
              <dd>{info.reason}</dd>
            </dl>
          )}
          <fieldset className={styles.choices}>
            <legend>Compute with</legend>
            {ENGINE_CHOICES.map((value) => (
              <label key={value} className={styles.choice}>
                <input
                  type="radio"
                  name="engine"
                  checked={choice === value}
                  onChange={() => set({ engine: value })}
                />
                <span>
                  <span className={styles.choiceTitle}>{choices[value].title}</span>
                  <span className={styles.choiceAbout}>{choices[value].about}</span>
                </span>
              </label>
            ))}
          </fieldset>
          <label className={styles.choice}>
            <input
              type="checkbox"
              checked={halfWeights}
              onChange={(event) => set({ halfWeights: event.target.checked })}
            />
            <span>
              <span className={styles.choiceTitle}>Read weights in half precision</span>
              <span className={styles.choiceAbout}>
                WebGPU only. Less memory traffic, about three digits; what is trained and exported stays full.
              </span>
            </span>
          </label>
          <p className={styles.note}>
            Another engine gives the same numbers within rounding. Changes take effect at the next start.
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
