/** How the selected tweet's score answers to each feature, the strongest first. */
import { useEffect, useState } from 'react';
import type { FeatureSensitivity } from '../../../../src/ranking/sensitivity.ts';
import { useOffers } from '../../../actions/use-offers.ts';
import { CADENCE } from '../../../cadence.ts';
import { count, signed } from '../../../format.ts';
import { Button } from '../../../parts/Button.tsx';
import { classes } from '../../../parts/classes.ts';
import { Section } from '../../../parts/Panel.tsx';
import { Explained } from '../../../parts/Term.tsx';
import type { ShownTweet } from '../../../stores/tweets.ts';
import { useRanking, useSession } from '../../../session/context.tsx';
import { useMoment, useWeights } from '../../ranking/use-ranked.tsx';
import { valueText } from '../../../format.ts';
import { whatIfTexts } from '../../../texts/lab-tools.ts';
import styles from './WhatIf.module.css';

const FIRST = 12;

type Found =
  | { readonly kind: 'list'; readonly list: readonly FeatureSensitivity[]; readonly step: number }
  | { readonly kind: 'problem'; readonly message: string };

export function SensitivitySection({ item }: { item: ShownTweet }) {
  const { rankingModel } = useSession();
  const { ranking } = useSession();
  const moment = useMoment().at;
  const weights = useWeights();
  const step = useRanking((state) => state.now?.step ?? 0);
  const [found, setFound] = useState<Found | null>(null);
  const [asked, setAsked] = useState(0);
  const [whole, setWhole] = useState(false);
  const { tweet } = item;

  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      // The step is read when asked and not followed: while training the list would never rest.
      const asOf = ranking.getState().now?.step ?? 0;
      rankingModel
        .ask('sensitivity', moment, (at) => ({ tweet, at, weights }))
        .then(
          (list) => current && setFound({ kind: 'list', list, step: asOf }),
          (error: unknown) =>
            current &&
            setFound({ kind: 'problem', message: error instanceof Error ? error.message : String(error) }),
        );
    }, CADENCE.rest);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [rankingModel, ranking, tweet, moment, weights, asked]);

  const title = whatIfTexts.sensitivity;
  useOffers([
    { id: 'ranking.sensitivity', group: 'ranking', title, why: null, run: () => setAsked(asked + 1) },
  ]);
  const list = found?.kind === 'list' ? found.list : [];
  const widest = Math.max(...list.map(({ sumChange }) => Math.abs(sumChange)), 1e-12);
  const stale = found?.kind === 'list' && moment === 'yours' && found.step !== step;
  return (
    <Section
      title={<Explained text={whatIfTexts.sensitivityAbout}>{whatIfTexts.sensitivity}</Explained>}
      tools={
        stale && (
          <Button look="quiet" onClick={() => setAsked(asked + 1)}>
            {whatIfTexts.askAgain(count(found.step))}
          </Button>
        )
      }
    >
      {found === null && <p className={styles.about}>{whatIfTexts.asking}</p>}
      {found?.kind === 'problem' && <p className={styles.about}>{found.message}</p>}
      {list.length > 0 && (
        <ol className={styles.sensitivity} aria-label={whatIfTexts.sensitivityList}>
          {(whole ? list : list.slice(0, FIRST)).map(({ feature, value, sumChange: change }) => {
            const share = (change / widest) * 50;
            return (
              <li key={feature.name}>
                <span className={styles.feature}>
                  <Explained
                    text={
                      <>
                        {feature.meaning} <code>{feature.name}</code>
                      </>
                    }
                  >
                    {feature.label}
                  </Explained>
                </span>
                <span className={styles.value}>
                  {feature.tensor === 'binary'
                    ? value === 0
                      ? whatIfTexts.no
                      : whatIfTexts.yes
                    : valueText(value)}
                </span>
                <span className={styles.bar} aria-hidden="true">
                  <span
                    className={classes(change < 0 && styles.against)}
                    style={{ left: `${Math.min(50, 50 + share)}%`, width: `${Math.abs(share)}%` }}
                  />
                </span>
                <span className={styles.number}>{signed(change, 4)}</span>
              </li>
            );
          })}
        </ol>
      )}
      {list.length > FIRST && (
        <Button look="quiet" onClick={() => setWhole(!whole)}>
          {whole ? whatIfTexts.showFewer : whatIfTexts.showAll(list.length)}
        </Button>
      )}
    </Section>
  );
}
