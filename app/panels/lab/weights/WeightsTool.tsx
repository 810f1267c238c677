/** The head weights: published sets with their date and rule, sliders beside what each head really does to the scores. */
import { useMemo, useState } from 'react';
import type { ProbabilityTable } from '../../../../src/ranking/score.ts';
import { headShares } from '../../../../src/ranking/explain.ts';
import type { HeadShare } from '../../../../src/ranking/explain.ts';
import {
  MAX_WEIGHT,
  weightOf,
  weightsCaution,
  weightsOfHeads,
} from '../../../../src/ranking/score-weights.ts';
import type { ScoreWeights } from '../../../../src/ranking/score-weights.ts';
import { ActionButton } from '../../../actions/ActionButton.tsx';
import { saveWeightSetAction } from '../../../actions/export-actions.ts';
import {
  deleteWeightsAction,
  keepWeightsAction,
  resetWeightsAction,
} from '../../../actions/ranking-actions.ts';
import { percent, percentage, weightText } from '../../../format.ts';
import { headStyle } from '../../../heads.ts';
import { FileButton } from '../../../parts/FileButton.tsx';
import { Notice } from '../../../parts/Notice.tsx';
import { NumberTable } from '../../../parts/NumberTable.tsx';
import { Section } from '../../../parts/Panel.tsx';
import { Swatch } from '../../../parts/Swatch.tsx';
import { Explained } from '../../../parts/Term.tsx';
import { useData, useSession } from '../../../session/context.tsx';
import { takeWeights, textOfFile } from '../../../session/ranking-files.ts';
import { useHeadWeights, useRanked, useWeightSets } from '../../ranking/use-ranked.tsx';
import { NumberField } from '../../../parts/NumberField.tsx';
import { sliderToWeight, weightToSlider } from '../numbers.ts';
import { WeightsSelect } from '../../ranking/RankingSelects.tsx';
import { SaveAs } from '../SaveAs.tsx';
import { Waiting } from '../Waiting.tsx';
import { labTexts } from '../../../texts/lab.ts';
import styles from './WeightsTool.module.css';

export function WeightsTool() {
  const state = useRanked();
  if (state.kind !== 'order') return <Waiting />;
  return (
    <>
      <WeightSets tasks={state.order.table.tasks} />
      <WeightTable table={state.order.table} />
    </>
  );
}

/** Every head's weight beside what it really does to the scores. */
export function WeightTable({ table }: { readonly table: ProbabilityTable }) {
  const weights = useHeadWeights(table.tasks);
  const baseRates = useBaseRates();
  const shares = useMemo(() => headShares(table, weights, baseRates), [table, weights, baseRates]);
  return (
    <Section title={labTexts.weights.title}>
      <p className={styles.caution}>{weightsCaution}</p>
      <NumberTable
        name={labTexts.weights.table}
        look="plain"
        heads={[
          labTexts.weights.head,
          { text: labTexts.weights.weight, span: 2 },
          { text: labTexts.weights.baseRate, about: labTexts.weights.baseRateAbout },
          { text: labTexts.weights.meanP, about: labTexts.weights.meanPAbout },
          { text: labTexts.weights.meanShare, about: labTexts.weights.meanShareAbout },
        ]}
      >
        <tbody>
          {shares.map((share) => (
            <WeightRow key={share.task} share={share} weights={weights} tasks={table.tasks} />
          ))}
        </tbody>
      </NumberTable>
    </Section>
  );
}

/** The sets of weights for a model's heads: chosen, changed, kept, opened and taken away. */
export function WeightSets({ tasks }: { readonly tasks: readonly string[] }) {
  const { scoring } = useSession();
  const weights = useHeadWeights(tasks);
  const { chosen: original, own } = useWeightSets(tasks);
  const [problem, setProblem] = useState<string | null>(null);
  const { saveWeights } = scoring.getState();

  const open = (file: File): void => {
    setProblem(null);
    textOfFile(file)
      .then((text) => takeWeights(text, { scoring }))
      .catch((error: unknown) => {
        setProblem(`${file.name}: ${error instanceof Error ? error.message : String(error)}`);
      });
  };

  return (
    <Section
      title={labTexts.weights.set}
      tools={
        <>
          <FileButton label={labTexts.weights.open} title={labTexts.weights.openHint} onFile={open} />
          <ActionButton action={saveWeightSetAction} look="quiet">
            {labTexts.weights.download}
          </ActionButton>
        </>
      }
    >
      <div className={styles.sets}>
        <WeightsSelect hideLabel className={styles.select} />
        <ActionButton action={resetWeightsAction}>{labTexts.weights.reset}</ActionButton>
        <SaveAs
          action={keepWeightsAction}
          what="weights"
          label={labTexts.weights.saveAs}
          suggestion={labTexts.weights.suggestedName}
          onSave={(label) => saveWeights(label, tasks)}
        />
        {own && <ActionButton action={deleteWeightsAction}>{labTexts.weights.delete}</ActionButton>}
      </div>
      <p className={styles.source}>
        {original.date && `${labTexts.weights.published(original.date)} `}
        <strong>
          {weights.rule.kind === 'larger_of_two'
            ? labTexts.weights.ruleMax(weightText(weights.rule.weight))
            : labTexts.weights.ruleSum}
        </strong>{' '}
        {original.source}
      </p>
      {problem && <Notice tone="error">{problem}</Notice>}
    </Section>
  );
}

interface WeightRowProps {
  readonly share: HeadShare;
  readonly weights: ScoreWeights;
  readonly tasks: readonly string[];
}

function WeightRow({ share, weights, tasks }: WeightRowProps) {
  const { scoring } = useSession();
  const { chosen } = useWeightSets(tasks);
  const original = weightOf(weightsOfHeads(tasks, chosen), share.task);
  const setWeight = (value: number): void => scoring.getState().setWeight(share.task, value, tasks);
  const { label, color, meaning } = headStyle(share.task);
  const { weight } = share;
  const changed = weight !== original;
  const shared = weights.rule.kind === 'larger_of_two' && weights.rule.heads.includes(share.task);
  return (
    <tr data-task={share.task}>
      <th scope="row">
        <Swatch color={color} />
        <Explained text={meaning}>{label}</Explained>
        {shared && (
          <span className={styles.shared}>
            <Explained text={labTexts.weights.maxAbout}>{labTexts.weights.max}</Explained>
          </span>
        )}
      </th>
      <td className={styles.sliderCell}>
        <input
          type="range"
          min={-1}
          max={1}
          step={0.001}
          value={weightToSlider(weight)}
          aria-label={labTexts.weights.weightOf(label)}
          aria-valuetext={weightText(weight)}
          onChange={(event) => setWeight(sliderToWeight(Number(event.target.value)))}
          onDoubleClick={() => setWeight(original)}
        />
      </td>
      <td className={styles.numberCell}>
        <NumberField
          small
          label={labTexts.weights.weightOfAsNumber(label)}
          value={weight}
          min={-MAX_WEIGHT}
          max={MAX_WEIGHT}
          marked={changed}
          onChange={setWeight}
        />
      </td>
      <td>{share.baseRate === null ? '–' : percent(share.baseRate)}</td>
      <td>{percent(share.meanProbability)}</td>
      <td className={styles.shareCell}>
        <span className={styles.share} data-testid="share">
          {percentage(share.meanShare * 100, 1)}
        </span>
        <span className={styles.track} aria-hidden="true">
          <span style={{ width: `${share.meanShare * 100}%`, background: color }} />
        </span>
      </td>
    </tr>
  );
}

/** Shares of positives that the data panel has counted, by task. */
function useBaseRates(): Readonly<Record<string, number>> {
  const statistics = useData((data) => data.statistics);
  return useMemo(
    () =>
      Object.fromEntries(
        (statistics?.tasks ?? []).map((task, i) => [
          task,
          (statistics?.positives[i] ?? 0) / Math.max(1, statistics?.examples ?? 0),
        ]),
      ),
    [statistics],
  );
}
