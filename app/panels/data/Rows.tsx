/** Rows of the data, page by page: labels as marks in the heads' colours, then the named features before the model's normalisation. */
import { useMemo, useState } from 'react';
import { catalogue } from '../../../src/data/catalogue/catalogue.ts';
import { positionOf } from '../../../src/data/recap-batch.ts';
import type { DataPreview } from '../../../src/workers/protocol.ts';
import { count, decimal } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { useOffers } from '../../actions/use-offers.ts';
import { Button } from '../../parts/Button.tsx';
import { NumberTable } from '../../parts/NumberTable.tsx';
import { Swatch } from '../../parts/Swatch.tsx';
import { Explained } from '../../parts/Term.tsx';
import { useData, useSession } from '../../session/context.tsx';
import { explorerTexts } from '../../texts/data-explorer.ts';
import styles from './Rows.module.css';

export function Rows() {
  const { dataActions } = useSession();
  const preview = useData((state) => state.preview);
  const page = useData((state) => state.page);
  const [turning, setTurning] = useState(false);
  const turn = (to: number): void => {
    setTurning(true);
    void dataActions.turnTo(to).finally(() => setTurning(false));
  };
  const busy = turning ? explorerTexts.turning : preview ? null : explorerTexts.noRows;
  const isFirst = busy ?? (page === 0 ? explorerTexts.areFirst : null);
  const isLast = busy ?? (preview?.last === true ? explorerTexts.areLast : null);
  useOffers([
    { id: 'data.rows.first', group: 'data', title: explorerTexts.toFirst, why: isFirst, run: () => turn(0) },
    {
      id: 'data.rows.back',
      group: 'data',
      title: explorerTexts.toPrevious,
      why: isFirst,
      run: () => turn(page - 1),
    },
    {
      id: 'data.rows.next',
      group: 'data',
      title: explorerTexts.toNext,
      why: isLast,
      run: () => turn(page + 1),
    },
  ]);
  if (!preview) return <p className={styles.note}>{explorerTexts.noRows}</p>;
  const { first, last, batch } = preview;
  return (
    <>
      <p className={styles.note}>{explorerTexts.rowsAbout}</p>
      <nav className={styles.pages} aria-label={explorerTexts.pages}>
        <Button disabled={turning || page === 0} onClick={() => turn(0)}>
          {explorerTexts.first}
        </Button>
        <Button disabled={turning || page === 0} onClick={() => turn(page - 1)}>
          {explorerTexts.previous}
        </Button>
        <Button disabled={turning || last} onClick={() => turn(page + 1)}>
          {explorerTexts.next}
        </Button>
        <span role="status" aria-label={explorerTexts.rowsShown}>
          {(last ? explorerTexts.lastRowsFromTo : explorerTexts.rowsFromTo)(
            count(first + 1),
            count(first + batch.size),
          )}
        </span>
      </nav>
      <RowsTable preview={preview} />
    </>
  );
}

function RowsTable({ preview }: { preview: DataPreview }) {
  const { layout, batch, first } = preview;
  const features = useMemo(
    () =>
      catalogue
        .map((feature) => ({ ...feature, at: positionOf(layout, feature.tensor, feature.column) }))
        .filter(({ at }) => at >= 0),
    [layout],
  );
  const heads = layout.tasks.map(headStyle);
  return (
    <NumberTable name={explorerTexts.rows} region={explorerTexts.rows} framed className={styles.wrap}>
      <thead>
        <tr>
          <th scope="col">{explorerTexts.row}</th>
          {heads.map(({ task, label, color }) => (
            <th key={task} scope="col" className={styles.head} title={explorerTexts.headOf(label, task)}>
              <Swatch color={color} />
              <span className="unseen">{label}</span>
            </th>
          ))}
          {features.map(({ name, label, meaning, unit }) => (
            <th key={name} scope="col">
              <Explained text={explorerTexts.featureAbout(meaning, name)}>{label}</Explained>
              {label.toLowerCase() !== unit && <span className={styles.unit}>{unit}</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: batch.size }, (_, row) => (
          <tr key={row}>
            <th scope="row">{count(first + row + 1)}</th>
            {heads.map(({ task, color }, i) => {
              const label = batch.labels[row * heads.length + i] ?? 0;
              return (
                <td key={task} className={styles.label}>
                  {label === 1 ? (
                    <span className={styles.dot} style={{ background: color }} role="img" aria-label="1" />
                  ) : label === 0 ? (
                    <span className={styles.none} role="img" aria-label="0" />
                  ) : (
                    label
                  )}
                </td>
              );
            })}
            {features.map(({ name, tensor, at }) => {
              const value = batch[tensor][row * layout[tensor] + at] ?? 0;
              return (
                <td key={name}>{tensor === 'binary' ? (value ? explorerTexts.yes : '–') : short(value)}</td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </NumberTable>
  );
}

function short(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return count(value);
  return decimal(value, 3);
}
