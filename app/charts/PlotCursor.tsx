/** The crosshair of a plot: what every line says there, and the keys and the pointer that move it. The lines stay as they are. */
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { useStore } from 'zustand';
import type { PlotProps } from './Plot.tsx';
import { rowNear } from './plot-lines.ts';
import type { PlotLine, Range } from './plot-lines.ts';
import { panned, pinched, within, zoomed } from './plot-scale.ts';
import type { Scale } from './plot-scale.ts';
import { Readout } from './Readout.tsx';
import type { ReadoutRow } from './Readout.tsx';
import { chartTexts } from '../texts/chart.ts';
import styles from './Plot.module.css';

interface PlotCursorProps extends PlotProps {
  readonly x: Scale;
  readonly whole: Range;
  readonly left: number;
  readonly inner: number;
  readonly width: number;
  readonly py: (value: number) => number;
}

export function PlotCursor(props: PlotCursorProps) {
  const { lines, name, view, formatX, goal, format, x, left, inner, width, py, height } = props;
  const cursor = useStore(view, (state) => state.cursor);
  const { box, selection, handlers } = useHands(props);
  const place = cursor === null ? NaN : x.place(cursor);
  const found = place >= 0 && place <= 1 && cursor !== null ? readAt(lines, cursor) : [];
  const nearest = found[0];
  const at = left + place * inner;
  const title = nearest ? formatX(nearest.line.x[nearest.row] as number) : '';
  // Where all lines are of one thing, a line is known by its run.
  const alike = found.every(({ line }) => line.label === nearest?.line.label);
  const rows = found.map((entry) => rowOf(entry, format, alike));
  const table = byRun(found, format);
  const shown = table?.rows ?? rows;
  const named = found.some(({ line }) => line.run !== undefined);
  const wide = (named && width < NARROW) || (table?.runs.length ?? 0) > FEW_RUNS;
  return (
    <>
      {nearest && (
        <svg width={width} height={height} className={styles.cursor} aria-hidden="true">
          <line x1={at} x2={at} y1={8} y2={height - 20} stroke="var(--text-3)" />
          {found.map(({ line, row, value }) => (
            <circle
              key={line.key}
              cx={left + x.place(line.x[row] as number) * inner}
              cy={py(value)}
              r={3}
              fill={line.color}
            />
          ))}
        </svg>
      )}
      {selection && (
        <div
          className={styles.selection}
          style={{ left: Math.min(...selection), width: Math.abs(selection[1] - selection[0]) }}
        />
      )}
      <div
        ref={box}
        className={styles.hands}
        role="slider"
        tabIndex={0}
        aria-label={chartTexts.crosshair(name)}
        aria-valuemin={x.domain[0]}
        aria-valuemax={x.domain[1]}
        aria-valuenow={cursor ?? x.domain[1]}
        aria-valuetext={
          nearest
            ? chartTexts.reading(
                title,
                rows.map(({ label, text }) => chartTexts.value(label, text)).join(', '),
              )
            : chartTexts.nowhere
        }
        {...handlers}
      />
      {nearest && (
        <div
          className={styles.readout}
          // What would hide the half of what it speaks of stands below it; and what is wider than half of it, from its edge on.
          style={{
            ...(wide ? { left: 0 } : place < 0.5 ? { left: at + 10 } : { right: width - at + 10 }),
            ...(LINE * (shown.length + 2) > height / 2 || wide ? { top: height + 4 } : {}),
          }}
          data-testid="readout"
        >
          <Readout
            title={title}
            runs={table?.runs ?? []}
            rows={
              goal
                ? [...shown, { label: goal.label, color: 'var(--text-3)', text: format(goal.value) }]
                : shown
            }
          />
        </div>
      )}
    </>
  );
}

interface Found {
  readonly line: PlotLine;
  readonly row: number;
  readonly value: number;
}

function readAt(lines: readonly PlotLine[], cursor: number): readonly Found[] {
  return lines.flatMap((line) => {
    const row = rowNear(line, cursor);
    const value = row === null ? NaN : ((line.drawn?.values ?? line.values)[row] as number);
    return row !== null && Number.isFinite(value) ? [{ line, row, value }] : [];
  });
}

/** Height of a row of the readout, in pixels. */
const LINE = 16;
/** Columns of so many runs stand beside the crosshair. */
const FEW_RUNS = 2;
/** Width of a plot of which a half is too narrow for the names of runs, in pixels. */
const NARROW = 480;

/** Several heads of several runs: a row a head, a column a run. */
function byRun(found: readonly Found[], format: (value: number) => string) {
  const runs = [...new Set(found.map(({ line }) => line.run ?? ''))];
  const labels = [...new Set(found.map(({ line }) => line.label))];
  if (runs.length < 2 || labels.length < 2) return null;
  const rows = labels.map((label): ReadoutRow => {
    const own = found.filter(({ line }) => line.label === label);
    const [text = '–', ...others] = runs.map((run) => {
      const value = own.find(({ line }) => (line.run ?? '') === run)?.value;
      return value === undefined ? '–' : format(value);
    });
    return { label, text, others, ...(own[0] && { color: own[0].line.color }) };
  });
  return { runs, rows };
}

function rowOf({ line, row, value }: Found, format: (value: number) => string, alike: boolean): ReadoutRow {
  const { label, run, color, values, drawn, band } = line;
  const raw = drawn && drawn.values !== values ? (values[row] as number) : NaN;
  const [low, high] = [band?.low[row] ?? NaN, band?.high[row] ?? NaN];
  return {
    label: run === undefined ? label : alike ? run : chartTexts.lineOfRun(label, run),
    color,
    text: format(value),
    ...(Number.isFinite(raw) ? { more: format(raw) } : {}),
    ...(Number.isFinite(low) && Number.isFinite(high)
      ? { more: chartTexts.fromTo(format(low), format(high)) }
      : {}),
  };
}

/** Less than this is a click, in pixels. */
const CLICK = 5;
const ZOOM = 0.7;

function useHands({ view, x, whole, left, inner }: PlotCursorProps) {
  const box = useRef<HTMLDivElement>(null);
  const start = useRef<{ readonly at: number; readonly pans: boolean } | null>(null);
  const [selection, setSelection] = useState<Range | null>(null);
  /** Fingers on it: the value that each has taken hold of, and where it is by now. */
  const fingers = useRef(new Map<number, { readonly value: number; readonly place: number }>());
  const { set } = view.getState();
  const share = (at: number): number => Math.max(0, Math.min(1, (at - left) / inner));

  useEffect(() => {
    const { current } = box;
    // React listens passively, and the browser would zoom the whole page.
    const wheel = (event: WheelEvent): void => {
      if (!(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      const at = (event.clientX - (current?.getBoundingClientRect().left ?? 0) - left) / inner;
      view.getState().set({ window: zoomed(x, whole, at, event.deltaY > 0 ? 1 / ZOOM : ZOOM) });
    };
    current?.addEventListener('wheel', wheel, { passive: false });
    return () => current?.removeEventListener('wheel', wheel);
  }, [view, x, whole, left, inner]);

  const placeOf = (event: PointerEvent): number =>
    event.clientX - event.currentTarget.getBoundingClientRect().left;
  const hold = (event: PointerEvent): void => {
    const place = share(placeOf(event));
    fingers.current.set(event.pointerId, { value: x.valueAt(place), place });
  };
  /** What two fingers hold stays under them. @returns whether there are two. */
  const pinch = (event: PointerEvent): boolean => {
    const held = fingers.current.get(event.pointerId);
    if (!held) return false;
    if (fingers.current.size !== 2) {
      hold(event);
      return false;
    }
    fingers.current.set(event.pointerId, { ...held, place: share(placeOf(event)) });
    const [a, b] = [...fingers.current.values()].toSorted((one, other) => one.value - other.value);
    const window = a && b && pinched(x, whole, [a.value, b.value], [a.place, b.place]);
    if (window !== undefined) set({ window });
    return true;
  };
  const handlers = {
    onPointerDown(event: PointerEvent) {
      if (event.pointerType === 'touch') hold(event);
      if (event.button !== 0 || event.pointerType === 'touch') return;
      start.current = { at: placeOf(event), pans: event.shiftKey };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent) {
      const at = placeOf(event);
      if (pinch(event)) return;
      set({ cursor: x.valueAt(share(at)) });
      if (!start.current) return;
      if (start.current.pans) {
        const moved = panned(x, whole, (start.current.at - at) / inner);
        if (moved) set({ window: moved });
        start.current = { at, pans: true };
      } else if (Math.abs(at - start.current.at) > CLICK) setSelection([start.current.at, at]);
    },
    onPointerUp(event: PointerEvent) {
      fingers.current.delete(event.pointerId);
      const from = start.current;
      start.current = null;
      setSelection(null);
      const at = placeOf(event);
      if (!from || from.pans || Math.abs(at - from.at) <= CLICK) return;
      set({ window: within([x.valueAt(share(from.at)), x.valueAt(share(at))], whole) });
    },
    onPointerLeave() {
      if (!start.current) set({ cursor: null });
    },
    onPointerCancel(event: PointerEvent) {
      fingers.current.delete(event.pointerId);
      start.current = null;
      setSelection(null);
    },
    onDoubleClick: () => set({ window: null }),
    onBlur: () => set({ cursor: null }),
    onKeyDown(event: KeyboardEvent) {
      const { cursor } = view.getState();
      const around = cursor === null ? 0.5 : Math.max(0, Math.min(1, x.place(cursor)));
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (step !== 0 && event.shiftKey)
        set({ window: panned(x, whole, step * 0.2) ?? view.getState().window });
      else if (step !== 0) {
        const next = cursor === null ? (step > 0 ? 0 : 1) : around + step / Math.min(100, inner);
        set({ cursor: x.valueAt(Math.max(0, Math.min(1, next))) });
      } else if (event.key === 'Home') set({ cursor: x.domain[0] });
      else if (event.key === 'End') set({ cursor: x.domain[1] });
      else if (event.key === '+' || event.key === '=') set({ window: zoomed(x, whole, around, ZOOM) });
      else if (event.key === '-') set({ window: zoomed(x, whole, around, 1 / ZOOM) });
      else if (event.key === '0') set({ window: null });
      else if (event.key === 'Escape' && cursor !== null) set({ cursor: null });
      else return;
      event.preventDefault();
    },
  };
  return { box, selection, handlers };
}
