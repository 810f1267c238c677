/** What is known of the engine, and the choice of another: loaded when it is first opened. */
import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import type { EngineChoice } from '../../../src/runs/manifest.ts';
import { useRun, useSettings } from '../../session/context.tsx';
import { ENGINE_CHOICES } from '../../stores/settings.ts';
import { engineNames } from './engine-names.ts';
import styles from './EngineMenu.module.css';

const choices: Readonly<Record<EngineChoice, { title: string; about: string }>> = {
  auto: { title: 'Automatic', about: 'The fastest one for this model on this device.' },
  webgpu: { title: engineNames.webgpu, about: "The playground's own kernels on the graphics card." },
  'tfjs-webgpu': { title: engineNames['tfjs-webgpu'], about: 'TensorFlow.js on the graphics card.' },
  'tfjs-wasm': {
    title: engineNames['tfjs-wasm'],
    about: 'TensorFlow.js on the processor. Needs no graphics card.',
  },
  'tfjs-cpu': { title: engineNames['tfjs-cpu'], about: 'The plain reference: slow, to compare with.' },
};

/** Opens at once: it is loaded because somebody asked for it. */
export default function EnginePopover({ badge }: { readonly badge: ReactNode }) {
  const info = useRun((state) => state.info);
  const choice = useSettings((state) => state.engine);
  const halfWeights = useSettings((state) => state.halfWeights);
  const noisyShifts = useSettings((state) => state.noisyShifts);
  const set = useSettings((state) => state.set);
  return (
    <Popover.Root defaultOpen>
      <Popover.Trigger asChild>{badge}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles.menu}
          aria-label="Engine"
          align="end"
          sideOffset={6}
          collisionPadding={8}
        >
          {info && (
            <dl className={styles.facts}>
              <dt>Engine</dt>
              <dd>{engineNames[info.engine]}</dd>
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
          <label className={styles.choice}>
            <input
              type="checkbox"
              checked={noisyShifts}
              onChange={(event) => set({ noisyShifts: event.target.checked })}
            />
            <span>
              <span className={styles.choiceTitle}>Train shifts on rounding noise</span>
              <span className={styles.choiceAbout}>
                As the reference does: a shift that only a BatchNorm reads has no gradient, and otherwise
                stays where it starts.
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
