/** A row of numbers as cells: colour for the sign, depth for the size. */
import { useMemo, useState } from 'react';
import { decimal } from '../../format.ts';
import { stripCells, stripShades } from '../../stores/model-strips.ts';
import type { StripCell } from '../../stores/model-strips.ts';
import { diagramTexts } from '../../texts/model.ts';
import styles from './Strip.module.css';

const CELLS = 256;

export function Strip({
  label,
  values,
  names,
}: {
  readonly label: string;
  readonly values: Float32Array;
  readonly names?: readonly string[];
}) {
  const cells = useMemo(() => stripCells(values, CELLS), [values]);
  const shades = useMemo(() => stripShades(cells), [cells]);
  const [pointed, setPointed] = useState(-1);
  const cell = cells[pointed];
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return (
    <div className={styles.row}>
      <span className={styles.label}>{label}</span>
      <svg
        className={styles.strip}
        viewBox={`0 0 ${Math.max(1, cells.length)} 1`}
        preserveAspectRatio="none"
        role="img"
        aria-label={diagramTexts.strip(label, values.length, decimal(largest, 3))}
        onPointerMove={({ clientX, currentTarget }) => {
          const { left, width } = currentTarget.getBoundingClientRect();
          setPointed(Math.floor(((clientX - left) / width) * cells.length));
        }}
      >
        {cell && <title>{`${columnsOf(cell, names)}: ${decimal(cell.value, 3)}`}</title>}
        {shades.map(({ negative, depth, outline }) => (
          <path
            key={`${negative} ${depth}`}
            d={outline}
            fill={negative ? 'var(--head-negative)' : 'var(--accent)'}
            fillOpacity={depth}
          />
        ))}
      </svg>
      <span className={styles.most}>±{decimal(largest, 2)}</span>
    </div>
  );
}

function columnsOf({ from, to }: StripCell, names: readonly string[] | undefined): string {
  if (to - from > 1) return diagramTexts.stripColumns(from, to - 1);
  return names?.[from] ?? diagramTexts.stripColumn(from);
}
