/** What if: what changed since the pinned order, what moves the selected tweet's score, and what would lift it to the top. */
import { useSelected } from '../../ranking/use-ranked.tsx';
import { SelectedTweet } from '../SelectedTweet.tsx';
import { Waiting } from '../Waiting.tsx';
import { LiftSection } from './LiftSection.tsx';
import { MoversSection } from './MoversSection.tsx';
import { SensitivitySection } from './SensitivitySection.tsx';

export default function WhatIfTool() {
  const selected = useSelected();
  if (!selected) return <Waiting />;
  return (
    <>
      <MoversSection />
      <SelectedTweet entry={selected} />
      <LiftSection key={selected.item.key} entry={selected} />
      <SensitivitySection item={selected.item} />
    </>
  );
}
