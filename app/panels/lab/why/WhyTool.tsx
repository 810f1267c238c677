/** Why the selected tweet has its score, and why it stands above or below another. */
import { Section } from '../../../parts/Panel.tsx';
import { useRanked, useSelected, useWeights } from '../../ranking/use-ranked.tsx';
import { SelectedTweet } from '../SelectedTweet.tsx';
import { Waiting } from '../Waiting.tsx';
import BreakdownTable from '../../ranking/BreakdownTable.tsx';
import { CompareSection } from './CompareSection.tsx';
import { labTexts } from '../../../texts/lab.ts';

export function WhyTool() {
  const state = useRanked();
  const selected = useSelected();
  const weights = useWeights();
  if (state.kind !== 'order' || !selected) return <Waiting />;
  return (
    <>
      <SelectedTweet entry={selected} />
      <Section title={labTexts.why.scoreBy(weights.label)}>
        <BreakdownTable entry={selected} tasks={state.order.tasks} weights={weights} />
      </Section>
      <CompareSection order={state.order} selected={selected} weights={weights} />
    </>
  );
}
