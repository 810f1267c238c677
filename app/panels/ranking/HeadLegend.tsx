/** Which bar is which head: the same colours as in the charts. */
import { headStyle } from '../../heads.ts';
import { Swatch } from '../../parts/Swatch.tsx';
import { Explained } from '../../parts/Term.tsx';
import { useConfig, useRanking } from '../../session/context.tsx';
import { rankingTexts } from '../../texts/ranking.ts';
import styles from './HeadLegend.module.css';

export function HeadLegend() {
  const predicted = useRanking((state) => state.now?.tasks ?? null);
  const config = useConfig((state) => state.valid?.config ?? null);
  const tasks = predicted ?? Object.keys(config?.model.tasks ?? {});
  return (
    <div className={styles.legend}>
      <Explained text={rankingTexts.barsAbout}>{rankingTexts.bars}</Explained>
      <ul className={styles.heads}>
        {tasks.map((task) => {
          const { label, color, meaning } = headStyle(task);
          return (
            <li key={task}>
              <Explained text={meaning}>
                <Swatch color={color} />
                {label}
              </Explained>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
