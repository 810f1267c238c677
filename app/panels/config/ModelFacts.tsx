/** The model in one line, from the last valid configuration: parameters, inputs, heads, batch, and what a step costs. */
import { bytes, compact, count, flops } from '../../format.ts';
import { Explained } from '../../parts/Term.tsx';
import { useConfig, useData, useSession } from '../../session/context.tsx';
import { useMemo } from 'react';
import { configTexts } from '../../texts/config.ts';
import { Phrase } from '../../parts/Phrase.tsx';
import styles from './ModelFacts.module.css';

export function ModelFacts() {
  const session = useSession();
  const valid = useConfig((state) => state.valid);
  const ownSchema = useData((state) => state.ownSchema);
  const ownMasks = useData((state) => state.ownMasks);
  // Both are read by the session, so new ones change the outcome.
  const facts = useMemo(() => {
    void [ownSchema, ownMasks];
    return valid ? session.facts(valid.config) : null;
  }, [session, valid, ownSchema, ownMasks]);
  if (!valid || !facts) return null;
  if ('problem' in facts) return <p className={styles.problem}>{facts.problem}</p>;
  const { train_data: data } = valid.config;

  return (
    <ul className={styles.facts} aria-label={configTexts.facts}>
      <li>
        <Explained text={configTexts.parametersAbout(count(facts.parameters), count(facts.backbone))}>
          <Fact
            text={configTexts.parameters}
            number={facts.parameters >= 1e6 ? compact(facts.parameters) : count(facts.parameters)}
          />
        </Explained>
      </li>
      <li>
        <Fact text={configTexts.inputs} number={count(facts.inputs)} />
      </li>
      <li>
        <Fact text={configTexts.heads} number={count(facts.tasks)} />
      </li>
      <li>
        <Fact text={configTexts.batch} number={count(data.global_batch_size)} />
      </li>
      <li>
        <Explained text={configTexts.stepCostAbout}>
          <Fact text={configTexts.stepCost} number={flops(facts.stepFlops)} />
        </Explained>
      </li>
      <li>
        <Explained text={configTexts.trainingBytesAbout}>
          <Fact text={configTexts.trainingBytes} number={bytes(facts.trainingBytes)} />
        </Explained>
      </li>
    </ul>
  );
}

/** A number with its unit, where the language puts it. */
function Fact({ text, number }: { readonly text: string; readonly number: string }) {
  return <Phrase text={text} parts={{ number: <b>{number}</b> }} />;
}
