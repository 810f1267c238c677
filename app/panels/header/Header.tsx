/** The page's head: what it is, the seed, the engine, the theme, and what is known about the reference. */
import { ActionButton } from '../../actions/ActionButton.tsx';
import { redoAction, undoAction } from '../../actions/edit-actions.ts';
import { paletteAction } from '../../actions/page-actions.ts';
import { Button } from '../../parts/Button.tsx';
import { NumberField } from '../../parts/NumberField.tsx';
import { Hint, Term } from '../../parts/Term.tsx';
import { useSettings } from '../../session/context.tsx';
import { MAX_SEED, THEMES } from '../../stores/settings.ts';

import { Navigation } from '../../views/Navigation.tsx';
import type { ViewId } from '../../views/views.ts';
import { EngineMenu } from './EngineMenu.tsx';
import { headerTexts } from '../../texts/header.ts';
import styles from './Header.module.css';

export function Header({ view }: { readonly view: ViewId }) {
  const seed = useSettings((state) => state.seed);
  const set = useSettings((state) => state.set);
  return (
    <header className={styles.header}>
      <div className={styles.titles}>
        <svg className={styles.mark} viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
          <rect x="2" y="3" width="20" height="4" rx="1.5" fill="var(--head-like)" />
          <rect x="2" y="10" width="13" height="4" rx="1.5" fill="var(--head-retweet)" />
          <rect x="2" y="17" width="7" height="4" rx="1.5" fill="var(--head-negative)" />
        </svg>
        <h1 className={styles.title}>{headerTexts.title}</h1>
      </div>
      <Navigation view={view} className={styles.views} />
      <div className={styles.tools}>
        <div className={styles.seed}>
          <NumberField
            whole
            label={{ shown: <Term word="seed">{headerTexts.seed}</Term> }}
            value={seed}
            min={0}
            max={MAX_SEED}
            onChange={(value) => set({ seed: value })}
          />
        </div>
        <EngineMenu />
        <span className={styles.history}>
          <ActionButton action={undoAction} look="quiet" icon="undo" iconOnly aria-label={headerTexts.undo} />
          <ActionButton action={redoAction} look="quiet" icon="redo" iconOnly aria-label={headerTexts.redo} />
        </span>
        <ActionButton
          action={paletteAction}
          look="quiet"
          icon="search"
          iconOnly
          aria-label={headerTexts.findAction}
        />
        <ThemeSwitch />
      </div>
    </header>
  );
}

function ThemeSwitch() {
  const theme = useSettings((state) => state.theme);
  const set = useSettings((state) => state.set);
  const { themes } = headerTexts;
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  const icon = theme === 'light' ? 'sun' : theme === 'dark' ? 'moon' : 'auto';
  return (
    <Hint text={headerTexts.themeHint(themes[theme], themes[next])}>
      <Button
        look="quiet"
        icon={icon}
        iconOnly
        aria-label={headerTexts.themeName(themes[theme], themes[next])}
        onClick={() => set({ theme: next })}
      />
    </Hint>
  );
}
