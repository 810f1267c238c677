/** What the present configuration uses of each tensor in a record: kept and cut off, named and noise, read or not. */
import { useMemo } from 'react';
import { openRecipe } from '../../../src/runs/recipe.ts';
import { count } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Explained } from '../../parts/Term.tsx';
import { useConfig, useData, useSession } from '../../session/context.tsx';
import { dataUse } from '../../session/data-use.ts';
import type { DataUse, TensorUse } from '../../session/data-use.ts';
import styles from './Columns.module.css';

export function Columns() {
  const { dataActions } = useSession();
  const config = useConfig((state) => state.valid);
  const schema = useData((state) => state.ownSchema);
  const masks = useData((state) => state.ownMasks);
  const kind = useData((state) => state.kind);
  const use = useMemo((): DataUse | { problem: string } | null => {
    void [config, schema, masks, kind];
    try {
      const recipe = dataActions.recipe();
      if (!recipe) return null;
      const opened = openRecipe(recipe);
      return dataUse(opened.config, opened.schema, opened.masks);
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }, [dataActions, config, schema, masks, kind]);
  if (!use) return <p className={styles.note}>There is no valid configuration yet.</p>;
  if ('problem' in use) return <Notice tone="warning">{use.problem}</Notice>;
  const heads = use.labels.filter(({ head }) => head);
  const others = use.labels.filter(({ head }) => !head);

  return (
    <>
      <p className={styles.note}>
        A record holds each tensor at its raw length. truncate_and_slice keeps the first columns; of those,
        the catalogue names some, and the rest is noise with the same heavy tails.
      </p>
      <div className={styles.wrap} tabIndex={0} role="region" aria-label="Use of the tensors">
        <table className={styles.table} aria-label="Use of the tensors">
          <thead>
            <tr>
              <th scope="col">Tensor</th>
              <th scope="col">In a record</th>
              <th scope="col">Kept</th>
              <th scope="col">Named</th>
              <th scope="col">Noise</th>
              <th scope="col">The model</th>
              <th scope="col" className={styles.barHead}>
                Share of the record
              </th>
            </tr>
          </thead>
          <tbody>
            {use.tensors.map((tensor) => (
              <Tensor key={tensor.name} tensor={tensor} />
            ))}
          </tbody>
        </table>
      </div>
      <ul className={styles.legend}>
        <li>
          <span className={styles.named} /> named
        </li>
        <li>
          <span className={styles.noise} /> noise
        </li>
        <li>
          <span className={styles.vector} /> embedding
        </li>
        <li>
          <span className={styles.cut} /> cut off
        </li>
      </ul>
      <p className={styles.note}>
        <strong>{count(heads.length)} labels with a head:</strong>{' '}
        {heads.map(({ task }) => headStyle(task).label).join(', ')}.
        {others.length > 0 && (
          <>
            {' '}
            <strong>{count(others.length)} without one:</strong>{' '}
            {others.map(({ task }) => headStyle(task).label).join(', ')}.
          </>
        )}
        {use.fields.length > 0 && (
          <>
            {' '}
            <strong>Read beside them:</strong> {use.fields.join(', ')}.
          </>
        )}
      </p>
    </>
  );
}

function Tensor({ tensor }: { tensor: TensorUse }) {
  const { name, feature, rawLength, kept, named, read } = tensor;
  const noise = named === null ? null : kept - named;
  const share = (part: number): string => `${rawLength > 0 ? (100 * part) / rawLength : 0}%`;
  return (
    <tr>
      <th scope="row">
        {feature ? <Explained text={`In the records: ${feature}`}>{name}</Explained> : name}
      </th>
      <td>{rawLength === 0 ? 'not in the data' : count(rawLength)}</td>
      <td className={styles.kept}>{count(kept)}</td>
      <td>{named === null ? '–' : count(named)}</td>
      <td>{noise === null ? '–' : count(noise)}</td>
      <td>{read ? 'reads it' : 'does not read it'}</td>
      <td>
        <span className={styles.track} aria-hidden="true">
          {named === null ? (
            <span className={styles.vector} style={{ width: share(kept) }} />
          ) : (
            <>
              <span className={styles.named} style={{ width: share(named) }} />
              <span className={styles.noise} style={{ width: share(kept - named) }} />
            </>
          )}
        </span>
      </td>
    </tr>
  );
}
