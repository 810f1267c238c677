/** What this page is, what it rebuilds, and what it does otherwise than the published code. */
import { AboutReference } from '../../panels/header/AboutReference.tsx';
import { KeptHere } from '../../offline/KeptHere.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { offlineTexts } from '../../texts/offline.ts';
import styles from './AboutView.module.css';

export default function AboutView() {
  return (
    <div className={styles.view}>
      <Panel id="about" title={offlineTexts.aboutTitle} note={offlineTexts.version(__APP_VERSION__)}>
        <div className={styles.text}>
          <AboutReference />
          <KeptHere />
        </div>
      </Panel>
    </div>
  );
}
