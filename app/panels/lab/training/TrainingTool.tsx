/** Training and ranking together: the order at any kept moment, how places moved, and how near the teacher's order it is. */
import { useMemo, useState } from 'react';
import { sampleTweets } from '../../../../src/ranking/scenarios/index.ts';
import { Chart } from '../../../charts/Chart.tsx';
import Plot from '../../../charts/Plot.tsx';
import { linesTable } from '../../../charts/plot-lines.ts';
import type { PlotLine } from '../../../charts/plot-lines.ts';
import { compact, count, fixed } from '../../../format.ts';
import { Section } from '../../../parts/Panel.tsx';
import { Explained } from '../../../parts/Term.tsx';
import { agreements, rowsOf, topTweets, TrajectoryMaker } from '../../../stores/trajectories.ts';
import type { AgreementPoint } from '../../../stores/trajectories.ts';
import { createChartViewStore } from '../../../stores/chart-view.ts';
import type { ShownTweet } from '../../../stores/tweets.ts';
import type { MetricValue } from '../../../../src/metrics/metric-value.ts';
import { useRanking, useRun, useScoring, useSession } from '../../../session/context.tsx';
import { useProbabilities, useSelected, useShownTweets, useWeights } from '../../ranking/use-ranked.tsx';
import { BumpChart } from './BumpChart.tsx';
import { Scrubber } from './Scrubber.tsx';
import styles from './TrainingTool.module.css';

const TOP = 10;

export default function TrainingTool() {
  const watched = useRanking((state) => state.tweets);
  const shown = useShownTweets();
  // What was recorded while training: the samples as they came, of the set shown, else all of them.
  const rows = useMemo(() => {
    const own = rowsOf(
      watched,
      shown.map(({ original }) => original),
    );
    return own.length > 0 ? own : watched.map((_, row) => row);
  }, [watched, shown]);
  const items = useMemo(
    () =>
      rows.map((row): ShownTweet => {
        const tweet = watched[row]!;
        return { key: tweet.id, tweet, original: tweet, edited: false, added: false };
      }),
    [rows, watched],
  );
  const other = !shown.some(({ key }) => key === items[0]?.key);
  return (
    <>
      <Section title="The order at another moment of the run">
        <Scrubber />
      </Section>
      {other && (
        <p className={styles.note}>
          Orders are recorded for the {sampleTweets.length} sample tweets; choose a sample set to see its own.
        </p>
      )}
      <Places rows={rows} items={items} />
      <Agreement rows={rows} items={items} />
    </>
  );
}

interface RecordedProps {
  readonly rows: readonly number[];
  readonly items: readonly ShownTweet[];
}

function Places({ rows, items }: RecordedProps) {
  const { ranking } = useSession();
  const [maker] = useState(() => new TrajectoryMaker());
  const watched = useRanking((state) => state.tweets);
  const history = useRanking((state) => state.history);
  const weights = useWeights();
  const steps = useScoring((scoring) => scoring.steps);
  const selected = useSelected();
  const made = useMemo(() => {
    try {
      return maker.make(history, watched, rows, weights, steps);
    } catch {
      // Predictions that are not numbers, after a run has diverged.
      return null;
    }
  }, [maker, history, watched, rows, weights, steps]);
  const top = useMemo(() => (made ? topTweets(made, TOP) : []), [made]);
  const names = useMemo(
    () => new Map(items.map(({ key, tweet }) => [key, `${tweet.author.name}: ${tweet.text}`])),
    [items],
  );
  return (
    <Section title="Places over the training: the ten that are on top now">
      {!made || made.steps.length < 2 ? (
        <p className={styles.empty}>Press Train: the places of the top ten appear here, step by step.</p>
      ) : (
        <BumpChart
          trajectories={made}
          shown={top}
          names={names}
          top={TOP}
          selected={selected?.item.key ?? null}
          onSelect={(key) => ranking.getState().select(key)}
        />
      )}
    </Section>
  );
}

const lines = [
  { key: 'ndcgAt10', label: 'NDCG@10', color: 'var(--head-like)' },
  { key: 'spearman', label: 'Spearman', color: 'var(--head-retweet)', dash: '5 2' },
  { key: 'top10Overlap', label: 'Top-10 overlap', color: 'var(--head-negative)', dash: '2 2' },
] as const;

const meanings: Readonly<Record<(typeof lines)[number]['key'], string>> = {
  ndcgAt10:
    "Normalised discounted cumulative gain of the first ten: the teacher's scores of the model's first ten, discounted by place, over those of the best possible ten. 1 is the teacher's own order.",
  spearman: "Correlation of the model's ranks with the teacher's over all tweets of the set, from −1 to 1.",
  top10Overlap: "The share of the teacher's first ten that are among the model's first ten.",
};

function Agreement({ rows, items }: RecordedProps) {
  const { rankingModel } = useSession();
  const history = useRanking((state) => state.history);
  const weights = useWeights();
  // Told anew with each run: another run may read other data.
  useRun((state) => state.manifest?.id);
  const taught = rankingModel.taught();
  const teacher = useProbabilities(items, 'teacher', taught);
  const points = useMemo((): readonly AgreementPoint[] => {
    if (!teacher) return [];
    try {
      return agreements(history, rows, teacher, weights);
    } catch {
      return [];
    }
  }, [history, rows, teacher, weights]);
  const drawn = useMemo(
    () =>
      lines.map((line): PlotLine => {
        const number = (value: MetricValue): number => (value.kind === 'value' ? value.value : NaN);
        return {
          ...line,
          x: points.map(({ step }) => step),
          values: points.map((point) => number(point[line.key])),
        };
      }),
    [points],
  );
  if (!taught) {
    return (
      <Section title="Against the teacher's order">
        <p className={styles.empty}>
          Only synthetic data has a teacher that knows the true probabilities. Choose a synthetic source on
          the data panel to compare.
        </p>
      </Section>
    );
  }
  const first = points[0];
  const last = points.at(-1);
  return (
    <>
      <Section title="Against the teacher's order, before heuristics">
        <table className={styles.table} aria-label="Agreement with the teacher">
          <thead>
            <tr>
              <th scope="col">Step</th>
              {lines.map(({ key, label }) => (
                <th key={key} scope="col">
                  <Explained text={meanings[key]}>{label}</Explained>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {first && <AgreementRow name="Untrained" point={first} />}
            {last && last !== first && <AgreementRow name={`Now, step ${count(last.step)}`} point={last} />}
            {!first && (
              <tr>
                <th scope="row" colSpan={4}>
                  Asking the teacher…
                </th>
              </tr>
            )}
          </tbody>
        </table>
      </Section>
      <Chart
        title="Agreement by step"
        name="Agreement with the teacher by step"
        empty={points.length > 1 ? null : 'Press Train: the agreement of each order appears here.'}
        summary={last ? `up to step ${count(last.step)}` : 'nothing yet'}
        table={() => linesTable('Step', drawn)}
        height={168}
        legend={
          <ul className={styles.legend}>
            {lines.map(({ key, label, color }) => (
              <li key={key}>
                <span style={{ background: color }} />
                {label}
              </li>
            ))}
          </ul>
        }
      >
        <Plot
          name="Agreement with the teacher by step"
          lines={drawn}
          height={168}
          view={agreementView}
          format={plain}
          formatX={(step) => `Step ${count(step)}`}
          ticksX={compact}
          wholeX
        />
      </Chart>
    </>
  );
}

/** Its steps are those of the training, whatever the other charts are drawn along. */
const agreementView = createChartViewStore(null);

function AgreementRow({ name, point }: { name: string; point: AgreementPoint }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {lines.map(({ key }) => {
        const value = point[key];
        return (
          <td key={key} data-testid={key}>
            {value.kind === 'value' ? fixed(value.value, 3) : value.reason}
          </td>
        );
      })}
    </tr>
  );
}

function plain(value: number): string {
  return fixed(value, 2);
}
