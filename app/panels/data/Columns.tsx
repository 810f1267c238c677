/** What the present configuration uses of each tensor in a record: kept and cut off, named and noise, read or not. */
import { useMemo } from 'react';
import { count } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { Notice } from '../../parts/Notice.tsx';
import { NumberTable } from '../../parts/NumberTable.tsx';
import { Explained } from '../../parts/Term.tsx';
import { useConfig, useData, useSession } from '../../session/context.tsx';
import { dataUse } from '../../session/data-use.ts';
import type { DataUse, TensorUse } from '../../session/data-use.ts';
import { explorerTexts } from '../../texts/data-explorer.ts';
import { Phrase } from '../../parts/Phrase.tsx';
import styles from './Columns.module.css';
import { openRecipe } from '../../stores/reading.ts';

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
  if (!use) return <p className={styles.note}>{explorerTexts.noConfig}</p>;
  if ('problem' in use) return <Notice tone="warning">{use.problem}</Notice>;
  const heads = use.labels.filter(({ head }) => head);
  const others = use.labels.filter(({ head }) => !head);

  return (
    <>
      <p className={styles.note}>{explorerTexts.columnsAbout}</p>
      <NumberTable
        name={explorerTexts.tensors}
        region={explorerTexts.tensors}
        look="ruled"
        framed
        className={styles.wrap}
        heads={[
          explorerTexts.tensor,
          explorerTexts.inRecord,
          explorerTexts.kept,
          explorerTexts.named,
          explorerTexts.noise,
          explorerTexts.model,
          { text: explorerTexts.shareOfRecord, className: styles.barHead },
        ]}
      >
        <tbody>
          {use.tensors.map((tensor) => (
            <Tensor key={tensor.name} tensor={tensor} />
          ))}
        </tbody>
      </NumberTable>
      <ul className={styles.legend}>
        <li>
          <span className={styles.named} /> {explorerTexts.legend.named}
        </li>
        <li>
          <span className={styles.noise} /> {explorerTexts.legend.noise}
        </li>
        <li>
          <span className={styles.vector} /> {explorerTexts.legend.embedding}
        </li>
        <li>
          <span className={styles.cut} /> {explorerTexts.legend.cut}
        </li>
      </ul>
      <p className={styles.note}>
        <List title={explorerTexts.withHead(count(heads.length))} names={labelsOf(heads)} />{' '}
        {others.length > 0 && (
          <>
            <List title={explorerTexts.withoutHead(count(others.length))} names={labelsOf(others)} />{' '}
          </>
        )}
        {use.fields.length > 0 && <List title={explorerTexts.readBeside} names={use.fields} />}
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
        {feature ? <Explained text={explorerTexts.inRecords(feature)}>{name}</Explained> : name}
      </th>
      <td>{rawLength === 0 ? explorerTexts.notInData : count(rawLength)}</td>
      <td className={styles.kept}>{count(kept)}</td>
      <td>{named === null ? '–' : count(named)}</td>
      <td>{noise === null ? '–' : count(noise)}</td>
      <td>{read ? explorerTexts.reads : explorerTexts.doesNotRead}</td>
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

const labelsOf = (labels: DataUse['labels']): readonly string[] =>
  labels.map(({ task }) => headStyle(task).label);

function List({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  return (
    <Phrase text={explorerTexts.list} parts={{ title: <strong>{title}</strong>, names: names.join(', ') }} />
  );
}
