/** Which engine computes, and on what; opens the menu to choose another. */
import { Suspense, useState } from 'react';
import { classes } from '../../parts/classes.ts';
import { useRun } from '../../session/context.tsx';

import { headerTexts } from '../../texts/header.ts';
import styles from './EngineMenu.module.css';
import { retryable } from '../../parts/retryable.ts';

const EnginePopover = retryable(() => import('./EnginePopover.tsx'));

export function EngineMenu() {
  const [wanted, setWanted] = useState(false);
  const info = useRun((state) => state.info);
  const unbuilt = useRun((state) => state.unbuilt !== null);
  const preparing = useRun(
    ({ phase, readOnly }) => ['idle', 'preparing', 'paused'].includes(phase) && readOnly === null,
  );
  const tuning = useRun((state) => state.tuning);
  const name = info
    ? headerTexts.engineNames[info.engine]
    : preparing && !unbuilt
      ? headerTexts.starting
      : headerTexts.noEngine;
  const place = tuning
    ? headerTexts.choosingKernels(tuning.done, tuning.total)
    : info
      ? info.software || info.engine === 'tfjs-wasm' || info.engine === 'tfjs-cpu'
        ? headerTexts.onProcessor
        : info.adapter
      : '';

  const badge = (
    <button
      type="button"
      className={styles.badge}
      aria-haspopup="dialog"
      aria-label={place ? headerTexts.engineOn(name, place) : headerTexts.engine(name)}
      {...(wanted ? {} : { onClick: () => setWanted(true) })}
    >
      <span className={classes(styles.dot, info && styles.on, info?.software && styles.soft)} />
      <span className={styles.name}>{name}</span>
      {place && <span className={styles.place}>{place}</span>}
    </button>
  );
  if (!wanted) return badge;
  return (
    <Suspense fallback={badge}>
      <EnginePopover badge={badge} />
    </Suspense>
  );
}
