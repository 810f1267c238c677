/**
 * Who computes where the WebGPU adapter runs on the processor: our engine where it is at least 1.5 times as fast as wasm, by
 * what is known of a model's size or else by timing both, and wasm where it is not. An imitated graphics card keeps every core
 * busy, also those that the page needs; wasm keeps one.
 */
import type { EngineName, EngineOptions } from './engine.ts';

/** How many times as fast as wasm our engine must be there. */
export const WORTHWHILE = 1.5;

/**
 * Multiply-adds of a step below which nothing needs to be timed: our engine takes a quarter of wasm's time on the default
 * model (bench/RESULTS.md), because there wasm spends its time between operations.
 */
const MIN_TIMED_WORK = 3e8;

/**
 * Multiply-adds of a step above which timing would cost a person more than the choice can win back: production's step, in
 * which our engine is 2.6 times as fast (bench/RESULTS.md), takes wasm 24 s.
 */
const MAX_TIMED_WORK = 2e9;

const RUNS_ON_PROCESSOR = 'The WebGPU adapter here runs on the processor';

export interface Choice {
  readonly name: EngineName;
  /** One sentence or two. */
  readonly reason: string;
}

/** Multiply-adds of one training step: forward, weight gradients and input gradients of every linear layer. */
export function stepWork({ graph, batchSize }: Pick<EngineOptions, 'graph' | 'batchSize'>): number {
  const weights = graph.parameters
    .filter(({ shape, trainable }) => trainable && shape.length === 2)
    .reduce((sum, { shape }) => sum + shape[0] * shape[1], 0);
  return 3 * weights * batchSize;
}

/** Whether a step of so many multiply-adds is short even on the processor. */
export const isSmall = (work: number): boolean => work < MIN_TIMED_WORK;

/** What is known without timing; null where both must be timed. @param work multiply-adds of a step. */
export function knownChoice(work: number): Choice | null {
  if (isSmall(work))
    return {
      name: 'webgpu',
      reason: `${RUNS_ON_PROCESSOR}; for a model this small it is the fastest all the same.`,
    };
  if (work > MAX_TIMED_WORK)
    return {
      name: 'webgpu',
      reason: `${RUNS_ON_PROCESSOR}; this model is too large to time engines first.`,
    };
  return null;
}

/** @param webgpu milliseconds of a step by our engine; @param wasm by tfjs-wasm. */
export function timedChoice(webgpu: number, wasm: number): Choice {
  const times = `${RUNS_ON_PROCESSOR}, so both were timed: webgpu takes ${webgpu.toFixed(0)} ms a step, tfjs-wasm ${wasm.toFixed(0)} ms.`;
  if (wasm >= WORTHWHILE * webgpu) return { name: 'webgpu', reason: times };
  const near =
    wasm > webgpu
      ? ` Below ${WORTHWHILE} times the speed wasm is taken, because it leaves the other cores to the page.`
      : '';
  return { name: 'tfjs-wasm', reason: `${times}${near}` };
}
