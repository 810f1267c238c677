/**
 * The tuner: measures GEMM variants on a plan's own products, within a time budget, and remembers the winners per adapter.
 * One configuration for all GPUs averages 80 % of each one's best and is 44 % at worst, hence measuring. What it has
 * settled it never changes: another variant rounds otherwise, and a run must go on bit for bit after a reload.
 */
import { DeviceLostError } from '../engine.ts';
import type { Epilogue } from './kernels/epilogue.ts';
import type { GemmProblem, GemmVariant } from './kernels/gemm.ts';
import { gemmFlops, gemmLabel } from './kernels/gemm-problem.ts';
import type { ChooseVariant } from './plan/compiled-model.ts';
import type { GpuTarget } from './variants.ts';
import { candidates } from './variants.ts';

/** Where choices survive a reload: IndexedDB in a worker, a file in Node, a Map in tests. */
export interface TuningStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}

export interface TunerOptions {
  readonly store?: TuningStore;
  /** Milliseconds of measuring, compilation apart; 2,000 when absent, 0 takes the guesses. */
  readonly budget?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A product of a plan. */
export interface GemmUse {
  readonly problem: GemmProblem;
  readonly epilogue: Epilogue['kind'];
}

/** Milliseconds of one run, and how much of it is noise, as a share. */
export interface Measured {
  readonly milliseconds: number;
  readonly noise: number;
}

/** Who measures: a device, or a table in tests. */
export interface VariantBench {
  /** Compiles; what it refuses is left out. @returns the variants that can be measured. */
  prepare(use: GemmUse, variants: readonly GemmVariant[]): Promise<readonly GemmVariant[]>;
  measure(use: GemmUse, variant: GemmVariant): Promise<Measured>;
  dispose(): void;
}

const BUDGET = 2000;
/** Rises whenever kernels or candidates change enough that old measurements mean nothing. */
const VERSION = 2;
/** A guess is given up only for what is faster by this share, and by more than the noise. */
const WORTHWHILE = 0.03;

/** A product's name in the tuner's memory and in manifests. */
export const useKey = ({ problem, epilogue }: GemmUse): string => {
  const { a, b } = problem;
  return `${gemmLabel(problem)} ${epilogue} ${a.ld}/${b.ld}`;
};

const sameVariant = (a: GemmVariant, b: GemmVariant | undefined) => JSON.stringify(a) === JSON.stringify(b);

/** Records which products a plan asks for, answering with guesses. */
export class GemmRecorder {
  readonly #uses = new Map<string, GemmUse>();

  constructor(private readonly target: GpuTarget) {}

  readonly choose: ChooseVariant = (problem, epilogue) => {
    this.#uses.set(useKey({ problem, epilogue }), { problem, epilogue });
    return candidates(problem, epilogue, this.target)[0];
  };

  get uses(): GemmUse[] {
    return [...this.#uses.values()];
  }
}

/**
 * Measures what the store does not know yet, the most expensive products first, until the budget is spent. Products for
 * which there was no time are settled with their guess.
 * @param adapter in words, as the store's key.
 * @param makeBench called when there is something to measure.
 */
export async function tune(
  target: GpuTarget,
  adapter: string,
  uses: readonly GemmUse[],
  makeBench: (open: readonly GemmUse[]) => VariantBench,
  options: TunerOptions = {},
): Promise<ChooseVariant> {
  const { store, budget = BUDGET, onProgress } = options;
  const storeKey = `webgpu-tuning v${VERSION} ${adapter}`;
  const settled = parseChoices(await store?.get(storeKey));
  const known = (use: GemmUse): GemmVariant | null => {
    const variant = settled.get(useKey(use));
    // Of another version or broken: only what is a candidate today counts.
    return candidates(use.problem, use.epilogue, target).find((one) => sameVariant(one, variant)) ?? null;
  };
  const open = uses
    .filter((use) => !known(use) && candidates(use.problem, use.epilogue, target).length > 1)
    .toSorted((x, y) => gemmFlops(y.problem) - gemmFlops(x.problem));
  if (open.length > 0 && budget > 0) {
    const bench = makeBench(open);
    let left = budget;
    try {
      for (const [done, use] of open.entries()) {
        onProgress?.(done, open.length);
        const [guess] = candidates(use.problem, use.epilogue, target);
        const spent =
          left > 0
            ? await fastest(bench, use, target, left).catch(unmeasured)
            : { best: guess, milliseconds: 0 };
        if (!spent) continue;
        settled.set(useKey(use), spent.best);
        left -= spent.milliseconds;
      }
    } finally {
      bench.dispose();
    }
    onProgress?.(open.length, open.length);
    await store?.set(storeKey, JSON.stringify([...settled]));
  }
  return (problem, epilogue) => known({ problem, epilogue }) ?? candidates(problem, epilogue, target)[0];
}

/** What was chosen, and the milliseconds that measuring took. */
interface Tuned {
  readonly best: GemmVariant;
  readonly milliseconds: number;
}

/** What can't be measured, for want of memory or because the driver refuses it, is guessed this time: no engine fails by it. */
function unmeasured(reason: unknown): null {
  if (reason instanceof DeviceLostError) throw reason;
  return null;
}

/** The fastest candidate, the guess unless another beats it by more than the noise; and what measuring took. */
async function fastest(bench: VariantBench, use: GemmUse, target: GpuTarget, budget: number): Promise<Tuned> {
  const variants = candidates(use.problem, use.epilogue, target);
  const ready = await bench.prepare(use, variants);
  const times: { variant: GemmVariant; time: Measured }[] = [];
  let milliseconds = 0;
  for (const variant of ready) {
    if (milliseconds >= budget && times.length > 1) break;
    const start = performance.now();
    times.push({ variant, time: await bench.measure(use, variant) });
    milliseconds += performance.now() - start;
  }
  const [guess] = times;
  // A guess that does not compile leaves its place to the next that does.
  if (!guess) return { best: variants[0], milliseconds };
  let best = guess;
  for (const one of times) if (one.time.milliseconds < best.time.milliseconds) best = one;
  const noise = Math.max(WORTHWHILE, guess.time.noise + best.time.noise);
  const gain = 1 - best.time.milliseconds / guess.time.milliseconds;
  return { best: gain > noise ? best.variant : guess.variant, milliseconds };
}

/** What a store holds may be of another version or broken; then it counts for nothing. */
function parseChoices(text: string | undefined): Map<string, GemmVariant> {
  if (text === undefined) return new Map();
  try {
    const entries: unknown = JSON.parse(text);
    if (!Array.isArray(entries)) return new Map();
    return new Map(entries.filter(isEntry));
  } catch {
    return new Map();
  }
}

/** Membership in today's list is asked at use. */
function isEntry(entry: unknown): entry is [string, GemmVariant] {
  return Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string';
}
