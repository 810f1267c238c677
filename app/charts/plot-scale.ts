/** Axes of plots: where a value stands between 0 and 1, which values have ticks, and windows that are zoomed and moved. */
import type { Range } from './plot-lines.ts';

export interface Scale {
  readonly domain: Range;
  readonly log: boolean;
  /** 0 at the domain's start, 1 at its end; outside of it beyond. */
  readonly place: (value: number) => number;
  readonly valueAt: (place: number) => number;
}

/** @param log needs a domain above zero; where it is not, the scale is linear. */
export function scaleOf([low, high]: Range, log = false): Scale {
  const isLog = log && low > 0 && high > 0;
  const to = isLog ? Math.log : (value: number): number => value;
  const from = isLog ? Math.exp : (value: number): number => value;
  const start = to(low);
  const span = to(high) - start || 1;
  return {
    domain: [low, high],
    log: isLog,
    place: (value) => (to(value) - start) / span,
    valueAt: (place) => from(start + place * span),
  };
}

/** A domain with some air, never empty. */
export function padded([low, high]: Range, log = false): Range {
  if (low === high) {
    const air = low === 0 ? 1 : Math.abs(low) * 0.1;
    return log ? [low / 1.1, high * 1.1] : [low - air, high + air];
  }
  if (log && low > 0) {
    const air = (high / low) ** 0.04;
    return [low / air, high * air];
  }
  const air = (high - low) * 0.04;
  // Zero is an end where nothing is below it.
  return [low >= 0 && low - air < 0 ? Math.min(low, 0) : low - air, high + air];
}

/** Round values within the domain, about `wanted` of them, ascending. @param whole only whole numbers. */
export function ticksOf({ domain: [low, high], log }: Scale, wanted: number, whole = false): number[] {
  if (log) {
    const decades = decadeTicks(low, high, wanted);
    if (decades.length >= 2) return decades;
  }
  const raw = (high - low) / Math.max(1, wanted);
  const unit = 10 ** Math.floor(Math.log10(raw));
  const nice = [1, 2, 2.5, 5, 10].find((factor) => factor * unit >= raw * 0.999) ?? 10;
  const step = Math.max(whole ? 1 : 0, nice * unit);
  if (!(step > 0)) return [low];
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  const ticks = Array.from({ length: Math.max(0, Math.min(count, 50)) }, (_, i) => {
    const value = (first + i) * step;
    return Number(value.toPrecision(12));
  });
  return whole ? ticks.filter(Number.isInteger) : ticks;
}

function decadeTicks(low: number, high: number, wanted: number): number[] {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const factors = to - from <= 2 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil((to - from) / Math.max(1, wanted)));
  const ticks: number[] = [];
  for (let decade = from; decade <= to; decade += every) {
    for (const factor of factors) {
      const value = Number((factor * 10 ** decade).toPrecision(12));
      if (value >= low && value <= high) ticks.push(value);
    }
  }
  return ticks;
}

/** A window `factor` times as wide around a place in it, kept within the whole; null for the whole. */
export function zoomed(scale: Scale, whole: Range, around: number, factor: number): Range | null {
  const from = scale.valueAt(around - around * factor);
  const to = scale.valueAt(around + (1 - around) * factor);
  return within([from, to], whole);
}

/** The window moved by a share of its width, within the whole. */
export function panned(scale: Scale, whole: Range, by: number): Range | null {
  const [low, high] = [scale.place(whole[0]), scale.place(whole[1])];
  const move = Math.max(low, Math.min(by, high - 1));
  return within([scale.valueAt(move), scale.valueAt(1 + move)], whole);
}

/**
 * The window in which two values stand at these places, as under two fingers; null for the whole, undefined while the
 * places are too near to say.
 */
export function pinched(scale: Scale, whole: Range, values: Range, places: Range): Range | null | undefined {
  const [from, to] = [scale.place(values[0]), scale.place(values[1])];
  const width = (to - from) / (places[1] - places[0]);
  if (!(width > 0 && width < 1e3)) return undefined;
  const start = from - places[0] * width;
  return within([scale.valueAt(start), scale.valueAt(start + width)], whole);
}

/** A window within the whole; null where it is all of it. */
export function within([from, to]: Range, [low, high]: Range): Range | null {
  const [a, b] = [Math.max(low, Math.min(from, to)), Math.min(high, Math.max(from, to))];
  if (!(b > a)) return null;
  const all = high - low;
  return a - low < all * 1e-6 && high - b < all * 1e-6 ? null : [a, b];
}
