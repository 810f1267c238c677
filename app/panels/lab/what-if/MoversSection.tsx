/** What has changed since the pinned order, and which tweets moved. */
import { useStore } from 'zustand';
import { weightOf } from '../../../../src/ranking/score-weights.ts';

import { headStyle } from '../../../heads.ts';
import { Button } from '../../../parts/Button.tsx';
import { classes } from '../../../parts/classes.ts';
import { Section } from '../../../parts/Panel.tsx';
import { conditionsText } from '../../../stores/pins.ts';
import type { TweetEntry, Pinned } from '../../../stores/pins.ts';
import { useRanking, useSession, useTweets } from '../../../session/context.tsx';
import { useConditions, useRanked, useShownTweets } from '../../ranking/use-ranked.tsx';
import { changeText, milliseconds, weightText } from '../../../format.ts';
import { whatIfTexts } from '../../../texts/lab-tools.ts';
import styles from './WhatIf.module.css';

const SHOWN = 8;

export function MoversSection() {
  const { ranking, rankingModel } = useSession();
  const state = useRanked();
  const set = useTweets((tweets) => tweets.set);
  const pinned = useRanking((view) => view.pins[set] ?? null);
  const last = useStore(rankingModel.predictions.store, (predictions) => predictions.lastMs);
  const { show, select } = ranking.getState();
  const changes = useChanges(pinned);
  if (state.kind !== 'order') return null;
  const all = [...state.order.ranked, ...state.order.dropped];
  const movers = all
    .filter(({ change }) => change && (change.places || change.status !== 'same'))
    .toSorted((a, b) => size(b) - size(a));
  return (
    <Section
      title={pinned ? whatIfTexts.sinceOrder(conditionsText(pinned)) : whatIfTexts.since}
      tools={
        <span className={styles.time}>
          {last && whatIfTexts.lastChange(milliseconds(last.ms), last.rows)}
        </span>
      }
    >
      <div className={styles.changes}>
        {changes.length > 0 ? (
          changes.map((change) => (
            <span key={change} className={styles.change}>
              {change}
            </span>
          ))
        ) : (
          <span className={styles.none}>{whatIfTexts.nothingChanged}</span>
        )}
        <span className={styles.links}>
          <Button look="quiet" onClick={() => show('weights')}>
            {whatIfTexts.weights}
          </Button>
          <Button look="quiet" onClick={() => show('tweet')}>
            {whatIfTexts.features}
          </Button>
          <Button look="quiet" onClick={() => show('heuristics')}>
            {whatIfTexts.heuristics}
          </Button>
        </span>
      </div>
      {movers.length > 0 && (
        <>
          <p className={styles.about} data-testid="movers-count">
            {whatIfTexts.movedCount(movers.length, all.length)}
          </p>
          <ul aria-label={whatIfTexts.movers}>
            {movers.slice(0, SHOWN).map((entry) => (
              <Mover key={entry.item.key} entry={entry} onSelect={() => select(entry.item.key)} />
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

function size({ change }: TweetEntry): number {
  return change?.status === 'same' ? Math.abs(change.places ?? 0) : 1000;
}

function Mover({ entry, onSelect }: { entry: TweetEntry; onSelect: () => void }) {
  const { change, rank, item } = entry;
  const places = change?.places ?? 0;
  const way =
    change?.status === 'dropped' ? whatIfTexts.out : change?.status === 'returned' ? whatIfTexts.back : null;
  return (
    <li>
      <button type="button" className={styles.mover} onClick={onSelect}>
        <span className={classes(styles.places, (change?.status === 'dropped' || places < 0) && styles.down)}>
          {way ?? `${places > 0 ? '▲' : '▼'} ${Math.abs(places)}`}
        </span>
        <span className={styles.who}>
          {rank === null ? whatIfTexts.dropped : `#${rank}`} {item.tweet.author.name}
        </span>
        <span className={styles.text}>{item.tweet.text}</span>
        <span className={styles.scoreChange}>{changeText(change?.score ?? 0)}</span>
      </button>
    </li>
  );
}

/** What is not as it was when the order was pinned. */
function useChanges(pinned: Pinned | null): string[] {
  const now = useConditions();
  const shown = useShownTweets();
  const state = useRanked();
  if (!pinned || state.kind !== 'order') return [];
  const model = now.moment === pinned.moment ? [] : [whatIfTexts.modelChange(pinned.moment, now.moment)];
  const heads = state.order.tasks
    .filter((task) => weightOf(now.weights, task) !== weightOf(pinned.weights, task))
    .map((task) =>
      whatIfTexts.headChange(
        headStyle(task).label,
        weightText(weightOf(pinned.weights, task)),
        weightText(weightOf(now.weights, task)),
      ),
    );
  const weights =
    now.weights.id === pinned.weights.id
      ? heads
      : [whatIfTexts.weightsChange(pinned.weightsLabel, now.weightsLabel)];
  const heuristics = sameSteps(now.steps, pinned.steps)
    ? []
    : [whatIfTexts.heuristicsChange(pinned.heuristicsLabel, now.heuristicsLabel)];
  const edited = shown.flatMap(({ key, tweet }) => {
    const before = pinned.tweets.get(key);
    if (!before || before === tweet) return [];
    return [whatIfTexts.tweetChange(tweet.author.name, editText(before.features, tweet.features))];
  });
  return [...model, ...weights, ...heuristics, ...edited];
}

function sameSteps(a: Pinned['steps'], b: Pinned['steps']): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

type Features = Readonly<Record<string, number>> | undefined;

function editText(before: Features, after: Features): string {
  const names = Object.keys({ ...before, ...after }).filter((name) => before?.[name] !== after?.[name]);
  if (names.length === 0) return whatIfTexts.edited;
  const first = names[0]!;
  const short = first.slice(first.lastIndexOf('.') + 1);
  return names.length === 1 ? short : whatIfTexts.andMore(short, names.length - 1);
}
