/** The sheet of shortcuts. Loaded when first opened. */
import Dialog from '../parts/Dialog.tsx';
import { useSession } from '../session/context.tsx';
import { GROUPS, titleOf } from './action.ts';
import { actions } from './actions.ts';
import { Keys } from './Keys.tsx';
import { paletteTexts } from '../texts/palette.ts';
import { actionTexts } from '../texts/actions.ts';
import styles from './Palette.module.css';

export default function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const session = useSession();
  return (
    <Dialog open title={paletteTexts.shortcuts} onOpenChange={(open) => open || onClose()}>
      <div className={styles.sheet}>
        {GROUPS.map((group) => {
          const found = actions.filter((action) => action.group === group && action.keys !== undefined);
          if (found.length === 0) return null;
          return (
            <section key={group} aria-label={actionTexts.groups[group]}>
              <h3 className={styles.heading}>{actionTexts.groups[group]}</h3>
              <dl className={styles.shortcuts}>
                {found.map((action) => (
                  <div key={action.id} className={styles.shortcut}>
                    <dt>{titleOf(action, session)}</dt>
                    <dd>{action.keys !== undefined && <Keys keys={action.keys} />}</dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
        <p className={styles.note}>{paletteTexts.note}</p>
      </div>
    </Dialog>
  );
}
