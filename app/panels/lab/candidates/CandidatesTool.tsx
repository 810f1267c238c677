/** What one production request scores: 1,500 candidates, scored, ranked, filtered and searched. Only what is seen is drawn. */
import { memo, useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { RankedCandidates } from '../../../../src/workers/lab-protocol.ts';
import type { Tweet } from '../../../../src/ranking/tweets.ts';
import { age, compact, count, score, milliseconds } from '../../../format.ts';
import { useOffers } from '../../../actions/use-offers.ts';
import { Button } from '../../../parts/Button.tsx';
import { classes } from '../../../parts/classes.ts';
import { Icon } from '../../../parts/Icon.tsx';
import { Select } from '../../../parts/Field.tsx';
import { Section } from '../../../parts/Panel.tsx';
import { useRanking, useScoring, useSession } from '../../../session/context.tsx';
import { useMoment, useWeights } from '../../ranking/use-ranked.tsx';
import { matching } from './matching.ts';
import { useListWindow } from './use-window.ts';
import type { Filter } from './matching.ts';
import { candidatesTexts } from '../../../texts/lab-tools.ts';
import styles from './CandidatesTool.module.css';

const COUNT = 1_500;
const SEED = 1;
const ROW = 52;

interface Scored {
  readonly tweets: readonly Tweet[];
  readonly step: number;
  readonly encodeMs: number;
  readonly modelMs: number;
}

const FILTERS = ['all', 'in', 'out', 'video', 'dropped'] as const satisfies readonly Filter[];

export default function CandidatesTool() {
  const { rankingModel } = useSession();
  const { ranking } = useSession();
  const moment = useMoment().at;
  const weights = useWeights();
  const steps = useScoring((scoring) => scoring.steps);
  const step = useRanking((state) => state.now?.step ?? 0);
  const ready = useMoment().snapshot !== null;
  const [scored, setScored] = useState<Scored | null>(null);
  const [ranked, setRanked] = useState<RankedCandidates | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [asked, setAsked] = useState(0);

  useEffect(() => {
    if (!ready) return;
    let current = true;
    const asOf = ranking.getState().now?.step ?? 0;
    rankingModel
      .ask('candidates', moment, (at) => ({ seed: SEED, count: COUNT, at }))
      .then(
        ({ tweets, encodeMs, modelMs }) => {
          if (!current) return;
          setProblem(null);
          setScored({ tweets, encodeMs, modelMs, step: asOf });
        },
        (error: unknown) => current && setProblem(error instanceof Error ? error.message : String(error)),
      );
    return () => {
      current = false;
    };
  }, [rankingModel, ranking, moment, ready, asked]);

  useEffect(() => {
    if (!scored) return;
    let current = true;
    rankingModel
      .ask('rankCandidates', moment, () => ({ weights, steps }))
      .then(
        (result) => current && setRanked(result),
        (error: unknown) => current && setProblem(error instanceof Error ? error.message : String(error)),
      );
    return () => {
      current = false;
    };
  }, [rankingModel, moment, scored, weights, steps]);

  const title = candidatesTexts.scoreAgain;
  useOffers([
    { id: 'ranking.candidates', group: 'ranking', title, why: null, run: () => setAsked(asked + 1) },
  ]);
  const stale = scored !== null && moment === 'yours' && scored.step !== step;
  return (
    <Section
      title={candidatesTexts.title(count(COUNT))}
      tools={
        <Button look={stale ? 'normal' : 'quiet'} onClick={() => setAsked(asked + 1)}>
          {stale ? candidatesTexts.scoreAgainOf(count(scored.step)) : candidatesTexts.scoreAgain}
        </Button>
      }
    >
      {problem && <p className={styles.about}>{problem}</p>}
      {scored && ranked ? (
        <>
          <p className={styles.about} data-testid="candidate-times">
            {candidatesTexts.times(
              milliseconds(scored.encodeMs),
              milliseconds(scored.modelMs),
              milliseconds(ranked.rankMs),
              count(ranked.order.length),
              count(ranked.dropped.length),
            )}
          </p>
          <List tweets={scored.tweets} ranked={ranked} />
        </>
      ) : (
        !problem && <p className={styles.waiting}>{candidatesTexts.scoring(count(COUNT))}</p>
      )}
    </Section>
  );
}

function List({ tweets, ranked }: { tweets: readonly Tweet[]; ranked: RankedCandidates }) {
  const [text, setText] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const sought = useDeferredValue(text);
  const found = useMemo(() => matching(tweets, ranked, filter, sought), [tweets, ranked, filter, sought]);
  const { box, height, items } = useListWindow(found.length, ROW);
  return (
    <>
      <div className={styles.controls}>
        <input
          type="search"
          className={styles.search}
          placeholder={candidatesTexts.searchHint}
          aria-label={candidatesTexts.search}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Select
          label={candidatesTexts.show}
          hideLabel
          value={filter}
          options={FILTERS.map((each) => ({ value: each, label: candidatesTexts.filters[each] }))}
          onChange={setFilter}
        />
        <output className={styles.found} aria-label={candidatesTexts.found}>
          {count(found.length)}
        </output>
      </div>
      <div className={styles.box} ref={box} tabIndex={0} role="region" aria-label={candidatesTexts.list}>
        <ol className={styles.list} style={{ height }}>
          {items.map(({ index, start }) => {
            const { row, place } = found[index]!;
            return (
              <CandidateRow
                key={row}
                tweet={tweets[row]!}
                place={place}
                total={found.length}
                index={index}
                start={start}
                score={ranked.scores[row]!}
                before={ranked.ranksBefore[row]!}
                reason={ranked.reasons[row]!}
              />
            );
          })}
        </ol>
      </div>
    </>
  );
}

interface CandidateRowProps {
  readonly tweet: Tweet;
  readonly place: number | null;
  readonly index: number;
  readonly total: number;
  readonly start: number;
  readonly score: number;
  readonly before: number;
  readonly reason: string;
}

const CandidateRow = memo(function CandidateRow(props: CandidateRowProps) {
  const { tweet, place, index, total, start, score: value, before, reason } = props;
  const move = place === null ? 0 : before - place;
  const { media, author } = tweet;
  return (
    <li
      className={styles.row}
      style={{ transform: `translateY(${start}px)`, height: ROW }}
      aria-setsize={total}
      aria-posinset={index + 1}
      title={reason || undefined}
    >
      <span className={classes(styles.place, place === null && styles.gone)}>{place ?? '–'}</span>
      <span className={styles.tweet}>
        <span className={styles.line}>
          <strong>{author.name}</strong>
          <span className={styles.meta}>
            {[
              age(tweet.createdAtHoursAgo),
              !tweet.inNetwork && candidatesTexts.outOfNetwork,
              tweet.isReply && candidatesTexts.reply,
              tweet.isRetweet && candidatesTexts.retweet,
              candidatesTexts.likes(compact(tweet.counts.likes)),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
          {(media.kind === 'image' || media.kind === 'video') && <Icon name={media.kind} size={12} />}
        </span>
        <span className={styles.text}>{tweet.text}</span>
      </span>
      <span className={styles.side}>
        <strong>{score(value)}</strong>
        {place === null ? (
          <span className={styles.down}>{candidatesTexts.droppedOne}</span>
        ) : (
          move !== 0 && (
            <span className={move > 0 ? styles.up : styles.down}>
              {move > 0 ? '▲' : '▼'} {Math.abs(move)}
            </span>
          )
        )}
      </span>
    </li>
  );
});
