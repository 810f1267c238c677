/** The model explained: drawn from its graph, part by part, with what one tweet makes of it and how training goes. */
import { useMemo, useState } from 'react';
import { modelParts } from '../../../src/graph/parts.ts';
import { runModel } from '../../../src/runs/run-model.ts';
import { Panel } from '../../parts/Panel.tsx';
import { useDraft } from '../../session/context.tsx';
import { viewTexts, diagramTexts } from '../../texts/model.ts';
import { Costs } from './Costs.tsx';
import { Diagram } from './Diagram.tsx';
import { Health } from './Health.tsx';
import { Inside } from './Inside.tsx';
import styles from './ModelView.module.css';
import { PartDetails } from './PartDetails.tsx';

export default function ModelView() {
  const recipe = useDraft((state) => state.recipe);
  const missing = useDraft((state) => state.missing);
  const [chosen, setChosen] = useState<string | null>(null);
  const model = useMemo(() => {
    if (!recipe) return null;
    try {
      const { graph, recipe: open } = runModel(recipe);
      const batchSize = open.config.train_data.global_batch_size;
      return { graph, batchSize, parts: modelParts(graph, batchSize) };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }, [recipe]);
  if (!model || 'problem' in model) {
    return (
      <Panel id="model" title={diagramTexts.title}>
        <p className={styles.text}>{model?.problem ?? missing ?? viewTexts.unreadable}</p>
      </Panel>
    );
  }
  const { graph, batchSize, parts } = model;
  const part =
    parts.find(({ id }) => id === chosen) ?? parts.find(({ kind }) => kind === 'mask_block') ?? parts.at(-1);
  return (
    <div className={styles.view}>
      <Diagram parts={parts} chosen={part?.id ?? null} onChoose={setChosen} />
      <div className={styles.columns}>
        {part && <PartDetails part={part} graph={graph} batchSize={batchSize} />}
        <Costs graph={graph} parts={parts} batchSize={batchSize} />
      </div>
      <Inside />
      <Health parts={parts} />
    </div>
  );
}
