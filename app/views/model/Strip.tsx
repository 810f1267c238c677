/** A row of numbers as cells: colour for the sign, depth for the size. */
import { useMemo } from 'react';
import { decimal } from '../../format.ts';
import { stripCells } from '../../stores/model-strips.ts';
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
      >
        {cells.map(({ from, to, value, size }, i) => (
          <rect
            key={from}
            x={i}
            y={0}
            width={1.02}
            height={1}
            fill={value < 0 ? 'var(--head-negative)' : 'var(--accent)'}
            fillOpacity={size}
          >
            <title>
              {`${to - from > 1 ? diagramTexts.stripColumns(from, to - 1) : (names?.[from] ?? diagramTexts.stripColumn(from))}: ${decimal(value, 3)}`}
            </title>
          </rect>
        ))}
      </svg>
      <span className={styles.most}>±{decimal(largest, 2)}</span>
    </div>
  );
}
