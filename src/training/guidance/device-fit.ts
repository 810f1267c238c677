/** Whether a model suits this device, said before anything is built: how long a step would take, and what would fit. */

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

/** Null where the model suits the device. */
export function deviceMisfit(
  { stepFlops, trainingBytes }: ModelSize,
  device: DeviceFacts,
  steps: number,
): DeviceMisfit | null {
  const seconds = stepFlops / RATES[device.kind];
  const room = device.memory === null ? null : device.memory / 2;
  const slow = seconds > PATIENCE;
  const large = room !== null && trainingBytes > room;
  if (!slow && !large) return null;
  // Operations and weights grow with the square of a model's width.
  const over = Math.max(slow ? seconds / PATIENCE : 1, large ? trainingBytes / room : 1);
  const divisor = Math.max(2, Math.ceil(Math.sqrt(over)));
  const where = {
    card: 'on this graphics card',
    software: 'on a graphics card imitated in software',
    none: 'on the processor',
  }[device.kind];
  const told = [
    slow
      ? `A step of ${short(stepFlops / 1e9)} GFLOP takes about ${time(seconds)} ${where}, all ${steps.toLocaleString('en-US')} steps ${time(seconds * steps)}.`
      : null,
    large
      ? `It holds ${short(trainingBytes / 1e6)} MB while training. This device has ${short((device.memory ?? 0) / 1e6)} MB in all, of which a page can count on half.`
      : null,
  ];
  return {
    expected: told.filter((sentence) => sentence !== null).join(' '),
    fits: `With layers 1/${divisor} as wide it fits; a smaller global_batch_size makes steps shorter too.`,
  };
}

const short = (value: number): string => Number(value.toPrecision(2)).toLocaleString('en-US');

function time(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600).toLocaleString('en-US')} h`;
}
