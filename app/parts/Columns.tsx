/** The borders between columns that stand beside each other: they are dragged, or moved by keys, and stay where they were put. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent, RefCallback } from 'react';
import { useSession } from '../session/context.tsx';
import { borderRange, withBorder } from '../stores/columns.ts';
import type { Widths } from '../stores/columns.ts';
import { columnsTexts } from '../texts/columns.ts';
import { classes } from './classes.ts';
import styles from './Columns.module.css';

/** Pixels that an arrow key moves a border by; with Shift the second. */
const NUDGE = 16;
const LEAP = 96;

/** Columns of a grid that has a track for each and no others. */
export interface Layout {
  /** Its name, under which the widths are kept. */
  readonly place: string;
  /** Least width of each column in pixels, as in the grid's stylesheet. */
  readonly least: Widths;
}

/**
 * For the grid: gives its stylesheet `--column-0` … where a person has changed the widths. Nothing is rendered again for
 * it, since a drag moves columns that are full of charts and lists.
 */
export function useColumns({ place, least }: Layout): RefCallback<HTMLElement> {
  const { columns } = useSession();
  return useCallback(
    (grid: HTMLElement | null) => {
      if (!grid) return;
      const put = (widths: Widths | undefined): void => {
        for (const at of least.keys()) {
          if (widths?.length === least.length) grid.style.setProperty(`--column-${at}`, `${widths[at]}fr`);
          else grid.style.removeProperty(`--column-${at}`);
        }
      };
      put(columns.getState().widths[place]);
      const stop = columns.subscribe(({ widths }) => put(widths[place]));
      return () => {
        stop();
        put(undefined);
      };
    },
    [columns, place, least],
  );
}

/** Widths of the columns of the grid that an element stands in, in pixels; none where it is no grid or not shown. */
function measured(element: Element | null): Widths {
  const grid = element?.parentElement;
  if (!grid || getComputedStyle(grid).display !== 'grid') return [];
  const widths = getComputedStyle(grid).gridTemplateColumns.split(' ').map(Number.parseFloat);
  return widths.every((width) => width > 0) ? widths : [];
}

interface BorderProps {
  readonly layout: Layout;
  /** The column before it, the first is 0. */
  readonly at: number;
  /** What stands before it. */
  readonly name: string;
  readonly className?: string | undefined;
}

/** A child of the grid whose columns it divides; it lies in the gap and takes no room. */
export function Border({ layout, at, name, className }: BorderProps) {
  const { place, least } = layout;
  const { columns } = useSession();
  const element = useRef<HTMLDivElement>(null);
  const drag = useRef<{ readonly offset: number; readonly before: Widths | null } | null>(null);
  const [share, setShare] = useState({ now: 50, min: 0, max: 100 });
  const { set } = columns.getState();

  const moveTo = (pixels: number): void => {
    const widths = measured(element.current);
    if (widths.length === least.length) set(place, withBorder(widths, at, pixels, least));
  };
  const cancel = (): void => {
    if (!drag.current) return;
    set(place, drag.current.before);
    drag.current = null;
  };

  useEffect(() => {
    const look = (): void => {
      const widths = measured(element.current);
      const [before, behind] = [widths[at], widths[at + 1]];
      if (before === undefined || behind === undefined) return;
      const { min, max } = borderRange(widths, at, least);
      const percent = (width: number): number => Math.round((100 * width) / (before + behind));
      const next = { now: percent(before), min: percent(min), max: percent(max) };
      setShare((old) => (JSON.stringify(old) === JSON.stringify(next) ? old : next));
    };
    look();
    const observer = new ResizeObserver(look);
    const grid = element.current?.parentElement;
    if (grid) observer.observe(grid);
    // After the grid's own subscription: it is measured as it is then.
    const stop = columns.subscribe(look);
    return () => {
      observer.disconnect();
      stop();
    };
  }, [at, least, columns]);

  const keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const width = measured(element.current)[at] ?? 0;
    const step = event.shiftKey ? LEAP : NUDGE;
    const does: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => moveTo(width - step),
      ArrowRight: () => moveTo(width + step),
      Home: () => moveTo(0),
      End: () => moveTo(Number.MAX_SAFE_INTEGER),
      Enter: () => set(place, null),
      Escape: cancel,
    };
    const act = does[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  // What a separator with a value is to assistive technology: a widget.
  const widget = {
    role: 'separator',
    tabIndex: 0,
    'aria-orientation': 'vertical',
    'aria-valuenow': share.now,
    'aria-valuemin': share.min,
    'aria-valuemax': share.max,
    'aria-label': columnsTexts.width(name),
    title: columnsTexts.hint,
    onKeyDown: keys,
    onDoubleClick: () => set(place, null),
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      if (event.button !== 0 || !event.isPrimary) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = {
        offset: event.clientX - (measured(element.current)[at] ?? 0),
        before: columns.getState().widths[place] ?? null,
      };
    },
    onPointerMove: (event: PointerEvent) => {
      if (drag.current && event.isPrimary) moveTo(event.clientX - drag.current.offset);
    },
    onPointerCancel: cancel,
    onLostPointerCapture: () => {
      drag.current = null;
    },
  } as const;
  return <div {...widget} ref={element} className={classes(styles.border, className)} />;
}
