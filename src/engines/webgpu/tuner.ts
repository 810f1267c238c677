/**
 * The tuner: measures GEMM variants on a plan's own products, within a time budget, and remembers the winners per
 * adapter. One configuration for all GPUs averages 80 % of each one's best and is 44 % at worst, hence measuring.
 */
import type { Gpu } from './gpu.ts';
import type { Epilogue } from './kernels/epilogue.ts';
import { gemm, type GemmProblem, type GemmVariant } from './kernels/gemm.ts';
import { gemmFlops, gemmLabel } from './kernels/gemm-problem.ts';
import { partialEpilogue } from './kernels/gemm-tiled.ts';
import { matrix } from './kernels/kernel.ts';
import { reduceParts } from './kernels/reduce.ts';
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
  /** Milliseconds for measuring, compilation included; 2,000 when absent, 0 takes the guesses. */
  readonly budget?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A product of a plan. */
export interface GemmUse {
  readonly problem: GemmProblem;
  readonly epilogue: Epilogue['kind'];
}

const BUDGET = 2000;
/** Rises whenever kernels change enough that old measurements mean nothing. */
const VERSION = 1;
/** A candidate is repeated within one submit until it runs about this long. */
const SAMPLE_MS = 2;
const MAX_REPEATS = 16;

const keyOf = ({ problem, epilogue }: GemmUse) => {
  const { a, b } = problem;
  return `${gemmLabel(problem)} ${epilogue} ${a.ld}/${b.ld}`;
};

/** Records which products a plan asks for, answering with guesses. */
export class GemmRecorder {
  readonly #uses = new Map<string, GemmUse>();

  constructor(private readonly target: GpuTarget) {}

  readonly choose: ChooseVariant = (problem, epilogue) => {
    this.#uses.set(keyOf({ problem, epilogue }), { problem, epilogue });
    return candidates(problem, epilogue, this.target)[0];
  };

  get uses(): GemmUse[] {
    return [...this.#uses.values()];
  }
}

/**
 * Measures what the store does not know yet, the most expensive products first, until the budget is spent.
 * @returns the choice: measured where it could be, guessed elsewhere.
 */
export async function tune(
  gpu: Gpu,
  uses: readonly GemmUse[],
  options: TunerOptions = {},
): Promise<ChooseVariant> {
  const { store, budget = BUDGET, onProgress } = options;
  const storeKey = `webgpu-tuning v${VERSION} ${gpu.description}`;
  const chosen = parseChoices(await store?.get(storeKey));
  const open = uses
    .filter((use) => !chosen.has(keyOf(use)) && candidates(use.problem, use.epilogue, gpu.target).length > 1)
    .toSorted((x, y) => gemmFlops(y.problem) - gemmFlops(x.problem));
  if (open.length > 0 && budget > 0) {
    const deadline = performance.now() + budget;
    const bench = new GemmBench(gpu, open);
    try {
      for (const [done, use] of open.entries()) {
        onProgress?.(done, open.length);
        const best = await bench.best(use, deadline);
        if (best) chosen.set(keyOf(use), best);
        if (performance.now() >= deadline) break;
      }
    } finally {
      bench.dispose();
    }
    onProgress?.(open.length, open.length);
    await store?.set(storeKey, JSON.stringify([...chosen]));
  }
  return (problem, epilogue) =>
    chosen.get(keyOf({ problem, epilogue })) ?? candidates(problem, epilogue, gpu.target)[0];
}

/** What a store holds may be of another version or broken; then it counts for nothing. */
function parseChoices(text: string | undefined): Map<string, GemmVariant> {
  if (text === undefined) return new Map();
  try {
    const entries: unknown = JSON.parse(text);
    if (!Array.isArray(entries)) return new Map();
    return new Map(entries.filter(isChoice));
  } catch {
    return new Map();
  }
}

function isChoice(entry: unknown): entry is [string, GemmVariant] {
  if (!Array.isArray(entry) || typeof entry[0] !== 'string') return false;
  const variant: unknown = entry[1];
  if (typeof variant !== 'object' || variant === null || !('kind' in variant)) return false;
  const numbers = (...names: string[]) =>
    names.every(
      (name) => Number.isInteger(Reflect.get(variant, name)) && Number(Reflect.get(variant, name)) > 0,
    );
  if (variant.kind === 'direct') return numbers('rows', 'columns', 'x', 'y');
  return variant.kind === 'tiled' && numbers('rows', 'columns', 'x', 'y', 'depth', 'split');
}

/** Scratch operands big enough for every product to be measured. */
class GemmBench {
  readonly #buffers: GPUBuffer[];
  readonly #workspace: GPUBuffer;

  constructor(
    private readonly gpu: Gpu,
    uses: readonly GemmUse[],
  ) {
    const floats = (pick: (problem: GemmProblem) => number) =>
      Math.max(...uses.map(({ problem }) => pick(problem)));
    const operand = (label: string, length: number) =>
      gpu.buffer(`tuning ${label}`, Math.ceil(length / 4) * 16, GPUBufferUsage.STORAGE);
    const rows = (length: number) => Math.ceil(length / 4) * 4;
    this.#buffers = [
      operand(
        'a',
        floats(({ m, k, batch }) => batch * rows(m) * rows(k)),
      ),
      operand(
        'b',
        floats(({ n, k, batch }) => batch * rows(n) * rows(k)),
      ),
      operand(
        'c',
        floats(({ m, n, batch }) => batch * m * rows(n)),
      ),
    ];
    this.#workspace = operand(
      'parts',
      Math.max(
        4,
        ...uses.flatMap(({ problem: { m, n, batch, ...rest }, epilogue }) =>
          candidates({ m, n, batch, ...rest }, epilogue, gpu.target).map((variant) =>
            variant.kind === 'tiled' && variant.split > 1 ? variant.split * batch * m * rows(n) : 0,
          ),
        ),
      ),
    );
  }

  /** The fastest candidate measured before the deadline, or null when there was no time to compare. */
  async best(use: GemmUse, deadline: number): Promise<GemmVariant | null> {
    const variants = candidates(use.problem, use.epilogue, this.gpu.target);
    const problem = dense(use.problem);
    const ready = await Promise.all(variants.map((variant) => this.#prepare(problem, variant)));
    let best: GemmVariant | null = null;
    let bestTime = Infinity;
    let measured = 0;
    for (const [at, encode] of ready.entries()) {
      const variant = variants[at];
      if (!variant || performance.now() >= deadline) break;
      const once = await this.#time(encode, 1);
      const repeats = Math.min(MAX_REPEATS, Math.max(1, Math.round(SAMPLE_MS / Math.max(once, 0.1))));
      const time = Math.min(once, (await this.#time(encode, repeats)) / repeats);
      measured += 1;
      if (time < bestTime) {
        bestTime = time;
        best = variant;
      }
    }
    return measured > 1 ? best : null;
  }

  async #time(encode: (pass: GPUComputePassEncoder) => void, repeats: number): Promise<number> {
    const { device } = this.gpu;
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let repeat = 0; repeat < repeats; repeat++) encode(pass);
    pass.end();
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await this.gpu.guard(device.queue.onSubmittedWorkDone());
    return performance.now() - start;
  }

  async #prepare(problem: GemmProblem, variant: GemmVariant): Promise<(pass: GPUComputePassEncoder) => void> {
    const { gpu } = this;
    const [a, b, c] = this.#buffers;
    if (!a || !b || !c) throw new Error('the tuner has no operands');
    const split = variant.kind === 'tiled' ? variant.split : 1;
    const store = partialEpilogue(problem);
    const product = gemm(problem, store, variant);
    const kernels = [{ kernel: product, buffers: [a, b, split > 1 ? this.#workspace : c] }];
    if (split > 1)
      kernels.push({ kernel: reduceParts(problem, store, split), buffers: [this.#workspace, c] });
    const steps = await Promise.all(
      kernels.map(async ({ kernel, buffers }) => ({
        pipeline: await gpu.pipeline(kernel),
        group: gpu.device.createBindGroup({
          layout: gpu.layout(kernel),
          entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
        }),
        grid: kernel.grid(problem.m),
      })),
    );
    return (pass) => {
      for (const { pipeline, group, grid } of steps) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(...grid);
      }
    };
  }

  dispose(): void {
    for (const buffer of [...this.#buffers, this.#workspace]) this.gpu.release(buffer);
  }
}

/** The same product on densely packed operands, which fit the scratch buffers. */
function dense(problem: GemmProblem): GemmProblem {
  const { form, m, n, k } = problem;
  const pad = (length: number) => Math.ceil(length / 4) * 4;
  const packed = (rows: number, columns: number, wide: boolean) =>
    matrix(wide ? pad(columns) : columns, 0, rows * (wide ? pad(columns) : columns));
  const isWide = ({ offset, ld }: { offset: number; ld: number }) => offset % 4 === 0 && ld % 4 === 0;
  return {
    ...problem,
    a: form === 'TN' ? packed(k, m, isWide(problem.a)) : packed(m, k, isWide(problem.a)),
    b: form === 'NT' ? packed(n, k, isWide(problem.b)) : packed(k, n, isWide(problem.b)),
  };
}
