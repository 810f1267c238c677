/** The legend of the heads' lines; each entry switches its line on or off. */
import { headStyle } from '../../heads.ts';
import { classes } from '../../parts/classes.ts';
import { Hint } from '../../parts/Term.tsx';
import { useConfig, useRun, useSettings } from '../../session/context.tsx';
import { trainingTexts } from '../../texts/training.ts';
import styles from './HeadToggles.module.css';

export function HeadToggles() {
  const running = useRun((state) => state.info?.tasks ?? null);
  const config = useConfig((state) => state.valid?.config ?? null);
  const hidden = useSettings((state) => state.hiddenHeads);
  const toggle = useSettings((state) => state.toggleHead);
  const tasks = running ?? Object.keys(config?.model.tasks ?? {});
  return (
    <ul className={styles.heads} aria-label={trainingTexts.heads}>
      {tasks.map((task) => {
        const { label, color, dash, meaning } = headStyle(task);
        const off = hidden.includes(task);
        return (
          <li key={task}>
            <Hint text={meaning}>
              <button
                type="button"
                className={classes(styles.head, off && styles.off)}
                aria-pressed={!off}
                aria-label={trainingTexts.showHead(label)}
                onClick={() => toggle(task)}
              >
                <svg width="16" height="8" aria-hidden="true">
                  <line x1="0" x2="16" y1="4" y2="4" stroke={color} strokeWidth="3" strokeDasharray={dash} />
                </svg>
                {label}
              </button>
            </Hint>
          </li>
        );
      })}
    </ul>
  );
}
