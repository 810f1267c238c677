/** The smallest change of one feature that would put the selected tweet first, all heuristics included. */
import { useState } from 'react';
import type { FeatureChange, Lift } from '../../../../src/ranking/smallest-lift.ts';
import { useOffers } from '../../../actions/use-offers.ts';
import { Button } from '../../../parts/Button.tsx';
import { Section } from '../../../parts/Panel.tsx';
import { Explained } from '../../../parts/Term.tsx';
import type { TweetEntry } from '../../../stores/pins.ts';
import { useScoring, useSession } from '../../../session/context.tsx';
import { useMoment, useRanked, useWeights } from '../../ranking/use-ranked.tsx';
import { valueText, fixed } from '../../../format.ts';
import { applyChange } from './apply-change.ts';
import { whatIfTexts } from '../../../texts/lab-tools.ts';
import { Phrase } from '../../../parts/Phrase.tsx';
import styles from './WhatIf.module.css';

type Search =
  | { readonly kind: 'idle' }
  | { readonly kind: 'searching' }
  | { readonly kind: 'done'; readonly lift: Lift; readonly of: unknown }
  | { readonly kind: 'problem'; readonly message: string };

const SHOWN = 6;

export function LiftSection({ entry }: { entry: TweetEntry }) {
  const { tweets: tweetStore, rankingModel } = useSession();
  const state = useRanked();
  const moment = useMoment().at;
  const weights = useWeights();
  const steps = useScoring((scoring) => scoring.steps);
  const [search, setSearch] = useState<Search>({ kind: 'idle' });
  const busy = search.kind === 'searching' ? whatIfTexts.searching : null;
  const why = state.kind === 'order' ? busy : state.message;
  useOffers([{ id: 'ranking.lift', group: 'ranking', title: whatIfTexts.lift, why, run: () => start() }]);
  if (state.kind !== 'order') return null;
  const { order } = state;

  const start = (): void => {
    setSearch({ kind: 'searching' });
    // Ids are unique within the lab only as keys.
    const tweets = order.items.map(({ key, tweet }) => ({ ...tweet, id: key }));
    const row = order.items.findIndex(({ key }) => key === entry.item.key);
    const own = tweets[row]!;
    rankingModel
      .ask('lift', moment, (at) => ({
        // The drawn part of a tweet's features hangs on its id, so the real one goes with it.
        tweet: { ...own, id: entry.item.tweet.id },
        tweets: tweets.with(row, { ...own, id: entry.item.tweet.id }),
        probabilities: { tasks: order.tasks, values: Float32Array.from(order.table.values) },
        at,
        weights,
        steps,
      }))
      .then(
        (lift) => setSearch({ kind: 'done', lift, of: order }),
        (error: unknown) =>
          setSearch({ kind: 'problem', message: error instanceof Error ? error.message : String(error) }),
      );
  };

  const apply = (change: FeatureChange): void => {
    const { key, tweet } = entry.item;
    void rankingModel
      .ask('values', moment, () => ({ tweet }))
      .then(({ values }) => {
        tweetStore.getState().edit(key, applyChange(tweet, values, change.feature.name, change.to));
      });
  };

  return (
    <Section
      title={whatIfTexts.lift}
      tools={
        <Button disabled={search.kind === 'searching'} onClick={start}>
          {search.kind === 'searching'
            ? whatIfTexts.searching
            : search.kind === 'idle'
              ? whatIfTexts.search
              : whatIfTexts.searchAgain}
        </Button>
      }
    >
      {search.kind === 'idle' && (
        <p className={styles.about}>
          <Phrase
            text={whatIfTexts.liftAbout}
            parts={{
              deviations: <Explained text={whatIfTexts.deviationsAbout}>{whatIfTexts.deviations}</Explained>,
            }}
          />
        </p>
      )}
      {search.kind === 'problem' && <p className={styles.about}>{search.message}</p>}
      {search.kind === 'done' && <Found lift={search.lift} stale={search.of !== order} onApply={apply} />}
    </Section>
  );
}

function Found({
  lift,
  stale,
  onApply,
}: {
  lift: Lift;
  stale: boolean;
  onApply: (change: FeatureChange) => void;
}) {
  if (lift.kind === 'already_top') return <p className={styles.about}>{whatIfTexts.atTop}</p>;
  if (lift.kind === 'none' && !lift.best) {
    return <p className={styles.about}>{whatIfTexts.noChangeLifts}</p>;
  }
  const changes = lift.kind === 'found' ? lift.changes.slice(0, SHOWN) : lift.best ? [lift.best] : [];
  return (
    <>
      <p className={styles.about}>
        {lift.kind === 'none' && `${whatIfTexts.noneEnough} `}
        {stale && whatIfTexts.stale}
      </p>
      <ol data-testid="lifts">
        {changes.map((change) => (
          <li key={change.feature.name} className={styles.lift}>
            <span className={styles.feature}>
              <Explained
                text={
                  <>
                    {change.feature.meaning} <code>{change.feature.name}</code>
                  </>
                }
              >
                {change.feature.label}
              </Explained>
            </span>
            <span className={styles.fromTo}>
              {flagOr(change, change.from)} → <strong>{flagOr(change, change.to)}</strong>
            </span>
            <span className={styles.size}>{whatIfTexts.inDeviations(fixed(change.deviations, 1))}</span>
            <span className={styles.size}>
              {change.rank === null ? whatIfTexts.dropped : whatIfTexts.toPlace(change.rank)}
            </span>
            <Button look="quiet" onClick={() => onApply(change)}>
              {whatIfTexts.apply}
            </Button>
          </li>
        ))}
      </ol>
    </>
  );
}

function flagOr({ feature }: FeatureChange, value: number): string {
  if (feature.tensor === 'binary') return value === 0 ? whatIfTexts.no : whatIfTexts.yes;
  return valueText(value);
}
