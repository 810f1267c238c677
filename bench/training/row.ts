/** What a training benchmark measures, whoever trains. */
import type { GpuCounts } from '../gpu-counters.ts';

export type RowEngine = 'webgpu' | 'webgpu-guessed' | 'tfjs' | 'stock-tfjs' | 'tfjs-wasm' | 'jax-js';
export type RowPreset = 'playground' | 'local_prod' | 'local_prod/4';

/** A model with its optimizer, ready to train on one fixed batch. */
export interface Trainee {
  /** One training step, done when the loss is on the CPU. */
  step(): Promise<number>;
  /** As many steps as said, losses read late, as training does it; done when the last is there. Absent where losses come at once. */
  many?(count: number): Promise<void>;
  /** Done when nothing is compiled in the background any more. */
  settled?(): Promise<void>;
  dispose(): void;
}

/** Counts are per step, after warm-up; null where the engine does not use WebGPU. */
export interface TrainingRow {
  readonly engine: RowEngine;
  readonly preset: RowPreset;
  readonly steps: number;
  readonly steps_per_second: number;
  /** With losses read late; null where they come at once, or were not measured. */
  readonly pipelined_steps_per_second: number | null;
  readonly first_step_seconds: number;
  readonly dispatches_per_step: number | null;
  readonly submits_per_step: number | null;
  readonly bind_groups_per_step: number | null;
  readonly buffers_created_per_step: number | null;
  readonly gpu_bytes: number | null;
  readonly bytes_moved_per_step: number | null;
  readonly loss_first: number;
  readonly loss_last: number;
}

export interface MeasureOptions {
  readonly engine: RowEngine;
  readonly preset: RowPreset;
  /** Steps after the first; measuring ends earlier when `seconds` have passed. 0 measures the first step itself. */
  readonly steps: number;
  readonly seconds: number;
}

/** Runs a warm-up step, then measures; rates come from the median step, which one slow step of a shared machine cannot move. */
export async function measure(
  trainee: Trainee,
  counters: (() => GpuCounts) | null,
  options: MeasureOptions,
): Promise<TrainingRow> {
  const begin = performance.now();
  let before = counters?.();
  const lossFirst = await trainee.step();
  const firstStep = (performance.now() - begin) / 1000;

  const durations: number[] = [];
  let lossLast = lossFirst;
  if (options.steps > 0) {
    await trainee.settled?.();
    lossLast = await trainee.step();
    before = counters?.();
    const start = performance.now();
    while (durations.length < options.steps) {
      const from = performance.now();
      lossLast = await trainee.step();
      durations.push(performance.now() - from);
      if (performance.now() - start > options.seconds * 1000) break;
    }
  }
  const after = counters?.();
  const steps = Math.max(durations.length, 1);
  durations.sort((a, b) => a - b);
  const median = durations[durations.length >> 1] ?? firstStep * 1000;
  let pipelined: number | null = null;
  if (trainee.many && options.steps > 1) {
    const count = Math.max(2, Math.min(2 * options.steps, Math.floor((options.seconds * 500) / median)));
    const start = performance.now();
    await trainee.many(count);
    pipelined = (1000 * count) / (performance.now() - start);
  }
  const perStep = (key: keyof GpuCounts): number | null =>
    before && after ? (after[key] - before[key]) / steps : null;
  return {
    engine: options.engine,
    preset: options.preset,
    steps,
    steps_per_second: 1000 / median,
    pipelined_steps_per_second: pipelined,
    first_step_seconds: firstStep,
    dispatches_per_step: perStep('dispatches'),
    submits_per_step: perStep('submits'),
    bind_groups_per_step: perStep('bindGroups'),
    buffers_created_per_step: perStep('buffersCreated'),
    gpu_bytes: after?.bytesHeld ?? null,
    bytes_moved_per_step: perStep('bytesMoved'),
    loss_first: lossFirst,
    loss_last: lossLast,
  };
}
