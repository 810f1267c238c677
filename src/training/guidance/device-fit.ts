/** Whether a model suits this device, said before anything is built: how long a step would take, and what would fit. */
import { count, significant } from '../../config/number-text.ts';

export interface DeviceFacts {
  /** What WebGPU found: a card, a card imitated in software, or none. */
  readonly kind: 'card' | 'software' | 'none';
  /** Bytes of memory, as far as the browser says; null where it does not. */
  readonly memory: number | null;
}

export interface ModelSize {
  /** Operations of a step. */
  readonly stepFlops: number;
  readonly trainingBytes: number;
}

export interface DeviceMisfit {
  /** What is to be expected. */
  readonly expected: string;
  /** What would fit. */
  readonly fits: string;
}

/** Operations a second: measured of our kernels on imitated cards and of wasm on two cores; a modest real card. */
const RATES = { card: 1e12, software: 2.5e9, none: 2e9 } as const;
/** A step that takes longer than this is a wait, not training. */
const PATIENCE = 2;

/** What would fit is looked for among these, the widest first. */
const DIVISORS = [2, 3, 4, 6, 8, 12, 16, 24, 32];

/** The same model smaller. */
export interface Smaller {
  /** Its layers 1/`divisor` as wide; null where there is no such model. */
  readonly narrower: (divisor: number) => ModelSize | null;
  /** Batches of so many examples. */
  readonly withBatch: (examples: number) => ModelSize | null;
  /** Examples of its batches now. */
  readonly batch: number;
}

/** Null where the model suits the device. */
export function deviceMisfit(
  size: ModelSize,
  device: DeviceFacts,
  steps: number,
  smaller: Smaller,
): DeviceMisfit | null {
  const { stepFlops, trainingBytes } = size;
  const seconds = stepFlops / RATES[device.kind];
  const room = device.memory === null ? null : device.memory / 2;
  const isSlow = (each: ModelSize): boolean => each.stepFlops / RATES[device.kind] > PATIENCE;
  const isLarge = (each: ModelSize): boolean => room !== null && each.trainingBytes > room;
  const fits = (each: ModelSize | null): boolean => each !== null && !isSlow(each) && !isLarge(each);
  if (fits(size)) return null;
  const [slow, large] = [isSlow(size), isLarge(size)];
  const divisor = DIVISORS.find((each) => fits(smaller.narrower(each)));
  let batch = smaller.batch >> 1;
  while (batch >= 2 && !fits(smaller.withBatch(batch))) batch >>= 1;
  const ways = [
    ...(batch >= 2 ? [`global_batch_size ${batch}`] : []),
    ...(divisor === undefined ? [] : [`layers 1/${divisor} as wide`]),
  ];
  const where = {
    card: 'on this graphics card',
    software: 'on a graphics card imitated in software',
    none: 'on the processor',
  }[device.kind];
  const told = [
    slow
      ? `A step of ${short(stepFlops / 1e9)} GFLOP takes about ${time(seconds)} ${where}, all ${count(steps)} steps ${time(seconds * steps)}.`
      : null,
    large
      ? `It holds ${short(trainingBytes / 1e6)} MB while training. This device has ${short((device.memory ?? 0) / 1e6)} MB in all, of which a page can count on half.`
      : null,
  ];
  return {
    expected: told.filter((sentence) => sentence !== null).join(' '),
    fits:
      ways.length === 0
        ? 'No smaller batch and no narrower layers mend that alone: take both.'
        : `With ${ways.join(' or ')} it fits.`,
  };
}

const short = (value: number): string => significant(value, 2);

function time(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${count(Math.round(seconds / 3600))} h`;
}
