/** Whose weights the list shows: three chips over it, and the way from the trained model to one's own. */
import { Button } from '../../parts/Button.tsx';
import { classes } from '../../parts/classes.ts';
import { Hint } from '../../parts/Term.tsx';
import { useConfig, useRanking, useRun, useSession } from '../../session/context.tsx';
import { RANKED_BY } from '../../stores/ranking.ts';
import type { Ranked } from '../../stores/ranking.ts';
import { rankingTexts } from '../../texts/ranking.ts';
import styles from './RankedByChips.module.css';

export function RankedByChips({ ranked: { by, unavailable } }: { readonly ranked: Ranked }) {
  const choose = useRanking((state) => state.choose);
  return (
    <>
      <div className={styles.chips} role="group" aria-label={rankingTexts.chips}>
        {RANKED_BY.map((id) => {
          const why = unavailable[id];
          return (
            <Hint key={id} text={why ?? rankingTexts.rankedBy[id].hint}>
              {/* Not disabled: what cannot be reached could not say why. */}
              <button
                type="button"
                className={classes(styles.chip, why !== null && styles.off)}
                aria-pressed={id === by}
                aria-disabled={why !== null}
                onClick={() => why === null && choose(id)}
              >
                {rankingTexts.rankedBy[id].label}
              </button>
            </Hint>
          );
        })}
      </div>
      {by === 'pretrained' && <TrainYourOwn />}
    </>
  );
}

function TrainYourOwn() {
  const session = useSession();
  const untouched = useRun((state) => state.step === 0 && state.phase !== 'running');
  const waits = useRun((state) => state.phase === 'idle' || state.phase === 'preparing');
  const broken = useConfig((state) => state.valid === null);
  return (
    <p className={styles.own}>
      {rankingTexts.trainedModel}
      {untouched && (
        <Button disabled={waits || broken} onClick={() => void session.train()}>
          {rankingTexts.trainYourOwn}
        </Button>
      )}
    </p>
  );
}
