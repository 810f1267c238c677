/** Small pictures of what comes with the page, drawn from the thing itself. Decorative: the words beside them say it. */
import type { ReactNode } from 'react';
import { parseRecapConfig } from '../../src/config/parse-config.ts';
import type { Tweet } from '../../src/ranking/tweets.ts';
import { headStyle } from '../heads.ts';
import styles from './Gallery.module.css';

const WIDTH = 160;
const HEIGHT = 72;

function Picture({ children }: { readonly children: ReactNode }) {
  return (
    <svg className={styles.picture} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

/** Input at the left, MaskBlocks beside or behind each other, a tower for each head at the right. */
export function ConfigPicture({ text }: { readonly text: string }) {
  const { config } = parseRecapConfig(text);
  if (!config) return <Picture>{null}</Picture>;
  const net = config.model.backbone?.mask_net_config;
  const tasks = Object.keys(config.model.tasks);
  const blocks = net?.mask_blocks.length ?? 0;
  const gap = HEIGHT / tasks.length;
  const middle = HEIGHT / 2;
  return (
    <Picture>
      <rect className={styles.input} x="2" y="8" width="8" height={HEIGHT - 16} rx="2" />
      {tasks.map((task, i) => {
        const y = gap * (i + 0.5);
        return (
          <g key={task}>
            <path className={styles.wire} d={`M${net ? 104 : 10} ${net ? middle : y} L128 ${y}`} />
            <rect
              x="128"
              y={y - Math.min(8, gap * 0.35)}
              width="28"
              height={Math.min(16, gap * 0.7)}
              rx="2"
              fill={headStyle(task).color}
            />
            {!net && <rect className={styles.block} x="40" y={y - 5} width="56" height="10" rx="2" />}
          </g>
        );
      })}
      {net &&
        Array.from({ length: blocks }, (_, i) => {
          const y = net.use_parallel ? (HEIGHT / blocks) * (i + 0.5) : middle;
          const x = net.use_parallel ? 36 : 20 + i * (80 / blocks);
          const width = net.use_parallel ? 36 : 80 / blocks - 8;
          const high = net.use_parallel ? HEIGHT / blocks - 6 : 36;
          return (
            <g key={i}>
              <path
                className={styles.wire}
                d={
                  net.use_parallel
                    ? `M10 ${middle} L${x} ${y} M${x + width} ${y} L96 ${middle}`
                    : `M10 ${middle} L104 ${middle}`
                }
              />
              <rect className={styles.block} x={x} y={y - high / 2} width={width} height={high} rx="2" />
            </g>
          );
        })}
      {net && <rect className={styles.input} x="96" y="16" width="8" height={HEIGHT - 32} rx="2" />}
    </Picture>
  );
}

/** How far examples with and without an event lie apart, and how rare those with it are. */
const SHAPES: Readonly<Record<string, { readonly apart: number; readonly share: number }>> = {
  easy: { apart: 56, share: 0.8 },
  realistic: { apart: 32, share: 0.22 },
  noise: { apart: 0, share: 0.6 },
};

/** Two heaps of examples, those with an event coloured; or even draws. */
export function DataPicture({ kind }: { readonly kind: string }) {
  const shape = SHAPES[kind];
  if (!shape) {
    return (
      <Picture>
        {Array.from({ length: 10 }, (_, i) => (
          <rect
            key={i}
            className={i % 2 === 0 ? styles.block : styles.event}
            x={8 + i * 15}
            y="24"
            width="9"
            height={HEIGHT - 32}
            rx="1"
          />
        ))}
      </Picture>
    );
  }
  return (
    <Picture>
      <path className={styles.block} d={bell(WIDTH / 2 - shape.apart / 2, 1)} />
      <path className={styles.event} d={bell(WIDTH / 2 + shape.apart / 2, shape.share)} />
    </Picture>
  );
}

function bell(centre: number, size: number): string {
  const points = Array.from({ length: 41 }, (_, i) => {
    const x = (WIDTH / 40) * i;
    const y = HEIGHT - 6 - (HEIGHT - 16) * size * Math.exp(-(((x - centre) / 22) ** 2));
    return `${x} ${Math.round(y * 10) / 10}`;
  });
  return `M0 ${HEIGHT - 6} L${points.join(' L')} L${WIDTH} ${HEIGHT - 6} Z`;
}

export function TimelinePicture({ tweets }: { readonly tweets: readonly Tweet[] }) {
  const shown = tweets.slice(0, 12);
  const gap = HEIGHT / Math.max(1, shown.length);
  return (
    <Picture>
      {shown.map(({ id, inNetwork, counts }, i) => (
        <rect
          key={id}
          className={inNetwork ? styles.block : styles.event}
          x="4"
          y={gap * i + 1}
          width={12 + 23 * Math.log10(1 + counts.likes)}
          height={Math.max(2, gap - 2)}
          rx="1.5"
        />
      ))}
    </Picture>
  );
}
