/** The model in one line, from the last valid configuration: parameters, inputs, heads, batch, and what a step costs. */
import { bytes, compact, count, flops } from '../../format.ts';
import { Explained } from '../../parts/Term.tsx';
import { useConfig, useData, useSession } from '../../session/context.tsx';
import { useMemo } from 'react';
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
    <ul className={styles.facts} aria-label="Model facts">
      <li>
        <Explained
          text={`${count(facts.parameters)} trained numbers; ${count(facts.backbone)} of them outside the towers.`}
        >
          <b>{facts.parameters >= 1e6 ? compact(facts.parameters) : count(facts.parameters)}</b> parameters
        </Explained>
      </li>
      <li>
        <b>{count(facts.inputs)}</b> inputs
      </li>
      <li>
        <b>{facts.tasks}</b> heads
      </li>
      <li>
        batch <b>{count(data.global_batch_size)}</b>
      </li>
      <li>
        <Explained text="Floating-point operations of one batch, forward and backward.">
          <b>{flops(facts.stepFlops)}</b> a step
        </Explained>
      </li>
      <li>
        <Explained text="What training holds at least: weights, gradients, Adam's two moments, and the activations of one batch.">
          <b>{bytes(facts.trainingBytes)}</b> to train
        </Explained>
      </li>
    </ul>
  );
}
