/**
 * Who computes where the WebGPU adapter runs on the processor: our engine where it is at least 1.5 times as fast as wasm, and
 * wasm where it is not. An imitated graphics card compiles for seconds before the first step and keeps every core busy, also
 * those that the page needs; wasm begins at once and keeps one.
 */
import { count } from '../config/number-text.ts';
import type { EngineName, EngineOptions } from './engine.ts';

/** How many times as fast as wasm our engine must be there. */
export const WORTHWHILE = 1.5;

/** Multiply-adds of a step up to which compiling takes longer than all that a faster step could win back in a minute. */
const MAX_SMALL_WORK = 3e8;

/**
 * Multiply-adds of a step from which timing both would take minutes (production's has 1.8e10). Ours spreads over the cores and
 * wasm keeps to one: 1.2 to 2.6 times as fast on two (bench/RESULTS.md), so more on more.
 */
const MIN_LARGE_WORK = 8e9;

/** Cores with which ours was not 1.5 times as fast at any size: 0.5 to 1.2 times from a quarter of production's width on. */
const FEW_CORES = 2;

const ON_PROCESSOR = 'The WebGPU adapter here runs on the processor';

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
export const isSmall = (work: number): boolean => work < MAX_SMALL_WORK;

/** What is known without timing; null where both must be timed. @param work multiply-adds of a step. */
export function knownChoice(work: number, cores: number): Choice | null {
  if (isSmall(work))
    return {
      name: 'tfjs-wasm',
      reason: `${ON_PROCESSOR}: for a model this small wasm is about as fast, begins at once and leaves the other cores to the page.`,
    };
  if (cores <= FEW_CORES)
    return {
      name: 'tfjs-wasm',
      reason: `${ON_PROCESSOR}, which has few cores: wasm is about as fast there, begins at once and leaves one of them to the page.`,
    };
  if (work >= MIN_LARGE_WORK)
    return {
      name: 'webgpu',
      reason: `${ON_PROCESSOR}; for a model this large it is the fastest all the same.`,
    };
  return null;
}

/** @param webgpu milliseconds of a step by our engine; @param wasm by tfjs-wasm. */
export function timedChoice(webgpu: number, wasm: number): Choice {
  const times = `${ON_PROCESSOR}, so both were timed: webgpu takes ${count(webgpu)} ms a step, tfjs-wasm ${count(wasm)} ms.`;
  if (wasm >= WORTHWHILE * webgpu) return { name: 'webgpu', reason: times };
  const near =
    wasm > webgpu
      ? ` Below ${WORTHWHILE} times the speed wasm is taken, because it leaves the other cores to the page.`
      : '';
  return { name: 'tfjs-wasm', reason: `${times}${near}` };
}
