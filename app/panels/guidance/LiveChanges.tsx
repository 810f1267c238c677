/** Settings that can change while a run trains, and what was changed so far. */
import { useState } from 'react';
import {
  BATCH_KEY,
  changedValue,
  lossWeightKey,
  RATE_KEY,
  rateKey,
} from '../../../src/training/live-changes.ts';
import { count, significant } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { Select } from '../../parts/Field.tsx';
import { NumberField } from '../../parts/NumberField.tsx';
import { useRun, useSession } from '../../session/context.tsx';
import { guidanceTexts } from '../../texts/guidance.ts';
import styles from './Guidance.module.css';

const ALL = '';
const MAX_FACTOR = 1000;

export function LiveChanges() {
  const session = useSession();
  const info = useRun((state) => state.info);
  const config = useRun((state) => state.config);
  const changes = useRun((state) => state.manifest?.recipe.changes) ?? [];
  const step = useRun((state) => state.step);
  const readOnly = useRun((state) => state.readOnly !== null);
  const [group, setGroup] = useState(ALL);
  const [head, setHead] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  if (!info || !config || readOnly) return null;
  const task = head !== null && info.tasks.includes(head) ? head : (info.tasks[0] ?? '');
  const at = Number.POSITIVE_INFINITY;
  const change = (key: string, value: number): void => {
    setProblem(null);
    session.change(key, value).catch((error: unknown) => {
      setProblem(error instanceof Error ? error.message : String(error));
    });
  };
  const ofGroup = group === ALL ? RATE_KEY : rateKey(group);
  const { global_batch_size: size } = config.train_data;
  const total = config.training.num_train_steps;
  return (
    <details className={styles.changes}>
      <summary>
        {guidanceTexts.change}
        {changes.length > 0 && ` ${guidanceTexts.soFar(count(changes.length))}`}
      </summary>
      <p className={styles.about}>{guidanceTexts.changeAbout}</p>
      <div className={styles.fields}>
        <NumberField
          label={{ shown: guidanceTexts.rate }}
          value={changedValue(changes, ofGroup, at) ?? 1}
          min={0}
          max={MAX_FACTOR}
          onChange={(value) => change(ofGroup, value)}
        />
        <Select
          label={guidanceTexts.rateOf}
          value={group}
          options={[
            { value: ALL, label: guidanceTexts.everything },
            ...info.groups.map((each) => ({
              value: each,
              label: each === 'backbone' ? guidanceTexts.backbone : headStyle(each).label,
            })),
          ]}
          onChange={setGroup}
        />
        <NumberField
          label={{ shown: guidanceTexts.weight }}
          value={changedValue(changes, lossWeightKey(task), at) ?? 1}
          min={0}
          max={MAX_FACTOR}
          onChange={(value) => change(lossWeightKey(task), value)}
        />
        <Select
          label={guidanceTexts.weightOf}
          value={task}
          options={info.tasks.map((each) => ({ value: each, label: headStyle(each).label }))}
          onChange={setHead}
        />
        <NumberField
          label={{ shown: guidanceTexts.batch }}
          value={changedValue(changes, BATCH_KEY, at) ?? size}
          min={2}
          max={1024 * size}
          whole
          onChange={(value) => change(BATCH_KEY, value)}
        />
        <NumberField
          label={{ shown: guidanceTexts.last }}
          value={total}
          min={Math.max(1, step)}
          max={1e9}
          whole
          onChange={(value) => void session.endAt(value)}
        />
      </div>
      <p className={styles.about}>{guidanceTexts.batchAbout}</p>
      {problem !== null && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      {changes.length > 0 && (
        <ul className={styles.list} aria-label={guidanceTexts.changed}>
          {changes.map(({ step: from, key, value }) => (
            <li key={`${from} ${key}`}>
              {guidanceTexts.changedTo(count(from), keyText(key), significant(value, 9))}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

function keyText(key: string): string {
  const [kind, ...rest] = key.split('.');
  const name = rest.join('.');
  if (key === BATCH_KEY) return guidanceTexts.ofBatch;
  if (key === RATE_KEY) return guidanceTexts.ofRates;
  const of = name === 'backbone' ? guidanceTexts.ofBackbone : headStyle(name).label;
  return kind === RATE_KEY ? guidanceTexts.ofRate(of) : guidanceTexts.ofWeight(of);
}
