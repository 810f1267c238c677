/** The overview: parts as boxes, left to right, and what flows between them. */
import { useMemo } from 'react';
import type { KeyboardEvent } from 'react';
import { layoutParts } from '../../../src/graph/parts.ts';
import type { ModelPart, PlacedPart } from '../../../src/graph/parts.ts';
import { Chart } from '../../charts/Chart.tsx';
import { compact, count } from '../../format.ts';
import { Panel } from '../../parts/Panel.tsx';
import { viewTexts, diagramTexts } from '../../texts/model.ts';
import styles from './Diagram.module.css';
import { partColor, partTitle } from './part-title.ts';

interface DiagramProps {
  readonly parts: readonly ModelPart[];
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}

export function Diagram({ parts, chosen, onChoose }: DiagramProps) {
  const layout = useMemo(() => layoutParts(parts), [parts]);
  const heads = parts.filter(({ kind }) => kind === 'tower').length;
  const blocks = parts.filter(({ kind }) => kind === 'mask_block').length;
  const table = useMemo(
    () => ({
      columns: Object.values(diagramTexts.columns),
      rows: parts.map((part) => [
        partTitle(part),
        part.inputs
          .map((id) => parts.find((other) => other.id === id))
          .filter((other) => other !== undefined)
          .map(partTitle)
          .join(', ') || diagramTexts.data,
        part.widthIn,
        part.widthOut,
        part.parameters,
      ]),
    }),
    [parts],
  );
  return (
    <Panel id="model" title={diagramTexts.title} note={viewTexts.intro}>
      <div className={styles.figure}>
        <Chart
          small
          title={diagramTexts.chart}
          name={diagramTexts.overview}
          table={() => table}
          summary={diagramTexts.summary(parts.length, blocks, heads)}
          height={layout.height + 12}
          empty={null}
        >
          <div className={styles.scroll} data-plot>
            <svg
              className={styles.svg}
              viewBox={`0 0 ${layout.width} ${layout.height}`}
              width={layout.width}
              height={layout.height}
              role="group"
              aria-label={diagramTexts.partsList}
            >
              {layout.edges.map(({ from, to, path }) => (
                <path
                  key={`${from} ${to}`}
                  d={path}
                  fill="none"
                  stroke={from === chosen || to === chosen ? 'var(--accent)' : 'var(--line-strong)'}
                  strokeWidth={from === chosen || to === chosen ? 1.75 : 1}
                />
              ))}
              {layout.parts.map((place) => (
                <Box
                  key={place.part.id}
                  place={place}
                  chosen={place.part.id === chosen}
                  onChoose={() => onChoose(place.part.id)}
                />
              ))}
            </svg>
          </div>
        </Chart>
      </div>
    </Panel>
  );
}

function Box({ place, chosen, onChoose }: { place: PlacedPart; chosen: boolean; onChoose: () => void }) {
  const { part, x, y, width, height } = place;
  const title = partTitle(part);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onChoose();
  };
  return (
    <g
      role="button"
      tabIndex={0}
      className={styles.part}
      aria-pressed={chosen}
      aria-label={diagramTexts.partName(title, part.widthOut, part.parameters)}
      onClick={onChoose}
      onKeyDown={onKeyDown}
    >
      <rect
        x={x}
        y={y}
        width={width}
        height={height}
        rx={6}
        fill={chosen ? 'var(--accent-soft)' : 'var(--surface)'}
        stroke={chosen ? 'var(--accent)' : 'var(--line-strong)'}
        strokeWidth={chosen ? 2 : 1}
      />
      <rect x={x} y={y + 8} width={4} height={height - 16} rx={2} fill={partColor(part)} />
      <text x={x + 12} y={y + 18} fill="var(--text)" fontSize={12} fontWeight={600}>
        {title}
      </text>
      <text x={x + 12} y={y + 34} fill="var(--text-2)" fontSize={11}>
        {part.parameters > 0
          ? diagramTexts.size(count(part.widthOut), compact(part.parameters))
          : diagramTexts.width(count(part.widthOut))}
      </text>
    </g>
  );
}
