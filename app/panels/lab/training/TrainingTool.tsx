/** Training and ranking together: the order at any kept moment, how places moved, and how near the teacher's order it is. */
import { useMemo, useState } from 'react';
import { sampleTweets } from '../../../../src/ranking/scenarios/index.ts';
import { Chart } from '../../../charts/Chart.tsx';
import legend from '../../../charts/RunLegend.module.css';
import Plot from '../../../charts/Plot.tsx';
import { linesTable } from '../../../charts/plot-lines.ts';
import type { PlotLine } from '../../../charts/plot-lines.ts';
import { compact, count, fixed } from '../../../format.ts';
import { classes } from '../../../parts/classes.ts';
import { NumberTable } from '../../../parts/NumberTable.tsx';
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
import { labTrainingTexts } from '../../../texts/lab-tools.ts';
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
      <Section title={labTrainingTexts.moment}>
        <Scrubber />
      </Section>
      {other && <p className={styles.note}>{labTrainingTexts.recordedFor(sampleTweets.length)}</p>}
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
    <BumpChart
      trajectories={made}
      shown={top}
      names={names}
      top={TOP}
      selected={selected?.item.key ?? null}
      onSelect={(key) => ranking.getState().select(key)}
    />
  );
}

const lines = [
  { key: 'ndcgAt10', color: 'var(--head-like)' },
  { key: 'spearman', color: 'var(--head-retweet)', dash: '5 2' },
  { key: 'top10Overlap', color: 'var(--head-negative)', dash: '2 2' },
] as const;

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
          label: labTrainingTexts.measures[line.key],
          x: points.map(({ step }) => step),
          values: points.map((point) => number(point[line.key])),
        };
      }),
    [points],
  );
  if (!taught) {
    return (
      <Section title={labTrainingTexts.against}>
        <p className={styles.empty}>{labTrainingTexts.noTeacher}</p>
      </Section>
    );
  }
  const first = points[0];
  const last = points.at(-1);
  return (
    <>
      <Section title={labTrainingTexts.againstBefore}>
        <NumberTable name={labTrainingTexts.agreement} look="plain">
          <thead>
            <tr>
              <th scope="col">{labTrainingTexts.step}</th>
              {lines.map(({ key }) => (
                <th key={key} scope="col">
                  <Explained text={labTrainingTexts.measuresAbout[key]}>
                    {labTrainingTexts.measures[key]}
                  </Explained>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {first && <AgreementRow name={labTrainingTexts.untrained} point={first} />}
            {last && last !== first && (
              <AgreementRow name={labTrainingTexts.nowStep(count(last.step))} point={last} />
            )}
            {!first && (
              <tr>
                <th scope="row" colSpan={4}>
                  {labTrainingTexts.asking}
                </th>
              </tr>
            )}
          </tbody>
        </NumberTable>
      </Section>
      <Chart
        title={labTrainingTexts.byStep}
        name={labTrainingTexts.agreementByStep}
        empty={points.length > 1 ? null : labTrainingTexts.agreementNothing}
        summary={last ? labTrainingTexts.upToStep(count(last.step)) : labTrainingTexts.nothingYet}
        table={() => linesTable(labTrainingTexts.step, drawn)}
        height={168}
        legend={
          <ul className={classes(legend.legend, styles.legend)}>
            {lines.map(({ key, color }) => (
              <li key={key}>
                <span style={{ background: color }} />
                {labTrainingTexts.measures[key]}
              </li>
            ))}
          </ul>
        }
      >
        <Plot
          name={labTrainingTexts.agreementByStep}
          lines={drawn}
          height={168}
          view={agreementView}
          format={plain}
          formatX={(step) => labTrainingTexts.atStep(count(step))}
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
