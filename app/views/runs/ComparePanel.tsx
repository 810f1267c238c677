/** Two runs against each other: in what they differ, key by key, and how the same tweets stand in each, and which head moved them. */
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useOffers } from '../../actions/use-offers.ts';
import { movedEntries } from '../../../src/ranking/compare-views.ts';
import { plainCandidate, rankedView } from '../../../src/ranking/ranked-view.ts';
import type { Rankable } from '../../../src/ranking/ranked-view.ts';
import { candidateOf } from '../../../src/ranking/tweets.ts';
import type { Tweet } from '../../../src/ranking/tweets.ts';
import { recipeDifferences } from '../../../src/runs/recipe.ts';
import type { RunEntry } from '../../../src/workers/runs-protocol.ts';
import type { TableRows } from '../../../src/workers/protocol.ts';
import type { RunTweets } from '../../../src/workers/run-tweets.ts';
import { count, score, signed } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { Button } from '../../parts/Button.tsx';
import { Check, Select } from '../../parts/Field.tsx';
import { PathText } from '../../parts/PathText.tsx';
import { NumberTable } from '../../parts/NumberTable.tsx';
import { Panel, Section } from '../../parts/Panel.tsx';
import { Moved } from '../../panels/ranking/TweetCard.tsx';
import { useRanking, useRun, useScoring, useSession } from '../../session/context.tsx';
import { valueText } from '../../session/difference-text.ts';
import type { KnownRanking } from '../../stores/runs.ts';
import { weightsFor } from '../../stores/scoring.ts';
import { compareTexts } from '../../texts/runs.ts';
import styles from './RunsView.module.css';

export default function ComparePanel({ runs }: { readonly runs: readonly RunEntry[] }) {
  const { library } = useSession();
  const open = useRun((state) => state.manifest?.id ?? null);
  const baseline = useStore(library.store, (state) => state.baseline);
  const chosen = useStore(library.store, (state) => state.look);
  const { setLook } = library.store.getState();
  const find = (id: string | null | undefined) => runs.find(({ manifest }) => manifest.id === id);
  const second = find(chosen.second) ?? find(open) ?? runs[0];
  const first =
    find(chosen.first) ??
    find(baseline) ??
    find(second?.manifest.parent?.run) ??
    runs.find((entry) => entry !== second);
  if (!first || !second) return null;
  const options = runs.map(({ manifest }) => ({ value: manifest.id, label: manifest.name }));
  return (
    <Panel id="compare" title={compareTexts.title}>
      <div className={styles.controls}>
        <Select
          label={compareTexts.first}
          value={first.manifest.id}
          options={options}
          onChange={(id) => setLook({ first: id })}
        />
        <Select
          label={compareTexts.second}
          value={second.manifest.id}
          options={options}
          onChange={(id) => setLook({ second: id })}
        />
      </div>
      <Differences first={first} second={second} />
      <Rankings first={first} second={second} />
    </Panel>
  );
}

interface PairProps {
  readonly first: RunEntry;
  readonly second: RunEntry;
}

function Differences({ first, second }: PairProps) {
  const differences = useMemo(
    () => recipeDifferences(first.manifest.recipe, second.manifest.recipe),
    [first, second],
  );
  return (
    <Section title={compareTexts.madeFrom}>
      {differences.length === 0 ? (
        <p className={styles.empty}>{compareTexts.same}</p>
      ) : (
        <NumberTable
          name={compareTexts.differences}
          region={compareTexts.differencesRegion}
          look="ruled"
          words
          heads={[compareTexts.key, first.manifest.name, second.manifest.name]}
        >
          <tbody>
            {differences.map(({ path, before, after }) => (
              <tr key={path}>
                <th scope="row">
                  <code>
                    <PathText>{path}</PathText>
                  </code>
                </th>
                <td className={styles.before}>{valueText(before)}</td>
                <td className={styles.after}>{valueText(after)}</td>
              </tr>
            ))}
          </tbody>
        </NumberTable>
      )}
    </Section>
  );
}

const FIRST = 20;

function Rankings({ first, second }: PairProps) {
  const { library } = useSession();
  const known = useStore(library.store, (state) => state.tweets);
  const asking = useStore(library.store, (state) => state.asking);
  const tweets = useRanking((state) => state.tweets);
  const [onlyMoved, setOnlyMoved] = useState(true);
  const [whole, setWhole] = useState(false);
  const [a, b] = [known.get(first.manifest.id), known.get(second.manifest.id)];
  const moved = useMoved(a, b, tweets);
  const ofTables = [first, second].every(({ manifest }) => manifest.recipe.data.kind === 'table');
  const listed = moved?.filter((entry) => !onlyMoved || entry.moved !== 0) ?? [];
  const rankBoth = (): Promise<void> => library.askTweets([first, second], tweets);
  const why = asking === null ? null : compareTexts.ranking;
  const title = ofTables ? compareTexts.rankBothRows : compareTexts.rankBoth;
  useOffers([{ id: 'runs.rankBoth', group: 'runs', title, why, run: rankBoth }]);
  const ask = (
    <Button disabled={asking !== null} onClick={() => void rankBoth()}>
      {asking !== null ? compareTexts.ranking : moved ? compareTexts.rankAgain : title}
    </Button>
  );
  return (
    <Section title={compareTexts.tweetsTitle} tools={ask}>
      {!moved ? (
        <p className={styles.empty}>
          {a && b && !sameRows(a.rows, b.rows) ? compareTexts.otherRows : compareTexts.tweetsAbout}
        </p>
      ) : (
        <>
          <p className={styles.note}>
            {listed.length === 0
              ? compareTexts.noneElsewhere
              : compareTexts.elsewhere(moved.filter((entry) => entry.moved !== 0).length, moved.length)}
          </p>
          <Check label={compareTexts.onlyMoved} checked={onlyMoved} onChange={setOnlyMoved} />
          <NumberTable
            name={compareTexts.rankings}
            region={compareTexts.rankingsRegion}
            look="ruled"
            words
            className={styles.pairs}
            heads={[
              ofTables ? compareTexts.row : compareTexts.tweet,
              { text: first.manifest.name, className: styles.number },
              { text: second.manifest.name, className: styles.number },
              { text: compareTexts.moved, className: styles.number },
              compareTexts.mostByHead,
            ]}
          >
            <tbody>
              {(whole ? listed : listed.slice(0, FIRST)).map(
                ({ item, before, after, moved: places, scoreBefore, scoreAfter, head }) => (
                  <tr key={item.key}>
                    <th scope="row" className={styles.tweet}>
                      <strong>{item.name}</strong> {item.text}
                    </th>
                    <td className={styles.number}>
                      {before ?? compareTexts.dropped}{' '}
                      <span className={styles.when}>{score(scoreBefore)}</span>
                    </td>
                    <td className={styles.number}>
                      {after ?? compareTexts.dropped} <span className={styles.when}>{score(scoreAfter)}</span>
                    </td>
                    <td className={styles.number}>
                      <Moved
                        change={{
                          places,
                          score: scoreAfter - scoreBefore,
                          status:
                            (before === null) === (after === null)
                              ? 'same'
                              : after === null
                                ? 'dropped'
                                : 'returned',
                        }}
                        since={compareTexts.since(first.manifest.name)}
                      />
                    </td>
                    <td>
                      {head && compareTexts.headChange(headStyle(head.task).label, signed(head.change, 4))}
                    </td>
                  </tr>
                ),
              )}
            </tbody>
          </NumberTable>
          {listed.length > FIRST && (
            <Button look="quiet" onClick={() => setWhole(!whole)}>
              {whole ? compareTexts.showFirst(FIRST) : compareTexts.showAll(listed.length)}
            </Button>
          )}
        </>
      )}
    </Section>
  );
}

interface Item extends Rankable {
  readonly name: string;
  readonly text: string;
  /** Null for a row. */
  readonly tweet: Tweet | null;
}

function itemsOf(rows: TableRows | null, tweets: readonly Tweet[]): Item[] {
  if (!rows)
    return tweets.map((tweet) => ({ key: tweet.id, name: tweet.author.name, text: tweet.text, tweet }));
  return rows.rows.map(({ number, cells }) => ({
    key: String(number),
    name: count(number + 1),
    text: cells.join(', '),
    tweet: null,
  }));
}

function sameRows(a: TableRows | null, b: TableRows | null): boolean {
  const numbers = (rows: TableRows | null) => rows?.rows.map(({ number }) => number).join(' ');
  return numbers(a) === numbers(b);
}

/** Null while one of the two is not known, predicts no probabilities, or both were asked about other things. */
function useMoved(a: KnownRanking | undefined, b: KnownRanking | undefined, tweets: readonly Tweet[]) {
  const weights = useScoring((state) => state.weights);
  const headSet = useScoring((state) => state.headSet);
  const steps = useScoring((state) => state.steps);
  return useMemo(() => {
    if (!a || !b || !sameRows(a.rows, b.rows)) return null;
    const items = itemsOf(b.rows, tweets);
    const set = weightsFor(b.tasks, { weights, headSet });
    const view = ({ tasks, probabilities }: RunTweets) =>
      rankedView(
        items,
        ({ key, tweet }) => (tweet ? candidateOf(tweet) : plainCandidate(key)),
        { tasks, values: probabilities },
        set,
        b.rows ? [] : steps,
        null,
      );
    try {
      return movedEntries(view(a), view(b), set);
    } catch {
      return null;
    }
  }, [a, b, tweets, weights, headSet, steps]);
}
