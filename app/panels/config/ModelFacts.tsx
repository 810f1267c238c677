/** The model in one line, from the last valid configuration: parameters, batch, inputs, steps. */
import { compact, count } from '../../format.ts';
import { Explained } from '../../parts/Term.tsx';
import { useConfig, useData, useSession } from '../../session/context.tsx';
import { useMemo } from 'react';
import styles from './ModelFacts.module.css';

export function ModelFacts() {
  const session = useSession();
  const valid = useConfig((state) => state.valid);
  const ownSchema = useData((state) => state.ownSchema);
  // ownSchema is read by the session, so a new one changes the outcome.
  const facts = useMemo(() => {
    void ownSchema;
    return valid ? session.facts(valid.config) : null;
  }, [session, valid, ownSchema]);
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
    </ul>
  );
}
