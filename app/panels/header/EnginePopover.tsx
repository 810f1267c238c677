/** What is known of the engine, and the choice of another: loaded when it is first opened. */
import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import type { EngineChoice } from '../../../src/runs/manifest.ts';
import { useRun, useSettings } from '../../session/context.tsx';
import { ENGINE_CHOICES } from '../../stores/settings.ts';

import { engineTexts } from '../../texts/engine.ts';
import { headerTexts } from '../../texts/header.ts';
import styles from './EngineMenu.module.css';

function titleOf(choice: EngineChoice): string {
  return choice === 'auto' ? engineTexts.automatic : headerTexts.engineNames[choice];
}

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
          aria-label={engineTexts.engine}
          align="end"
          sideOffset={6}
          collisionPadding={8}
        >
          {info && (
            <dl className={styles.facts}>
              <dt>{engineTexts.engine}</dt>
              <dd>{headerTexts.engineNames[info.engine]}</dd>
              <dt>{engineTexts.adapter}</dt>
              <dd>
                {info.software && info.engine.includes('webgpu')
                  ? engineTexts.imitated(info.adapter)
                  : info.adapter}
              </dd>
              <dt>{engineTexts.why}</dt>
              <dd>{info.reason}</dd>
            </dl>
          )}
          <fieldset className={styles.choices}>
            <legend>{engineTexts.computeWith}</legend>
            {ENGINE_CHOICES.map((value) => (
              <label key={value} className={styles.choice}>
                <input
                  type="radio"
                  name="engine"
                  checked={choice === value}
                  onChange={() => set({ engine: value })}
                />
                <span>
                  <span className={styles.choiceTitle}>{titleOf(value)}</span>
                  <span className={styles.choiceAbout}>{engineTexts.about[value]}</span>
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
              <span className={styles.choiceTitle}>{engineTexts.halfPrecision}</span>
              <span className={styles.choiceAbout}>{engineTexts.halfPrecisionAbout}</span>
            </span>
          </label>
          <label className={styles.choice}>
            <input
              type="checkbox"
              checked={noisyShifts}
              onChange={(event) => set({ noisyShifts: event.target.checked })}
            />
            <span>
              <span className={styles.choiceTitle}>{engineTexts.noisyShifts}</span>
              <span className={styles.choiceAbout}>{engineTexts.noisyShiftsAbout}</span>
            </span>
          </label>
          <p className={styles.note}>{engineTexts.note}</p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
