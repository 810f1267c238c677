/**
 * Measures a product on the device as the step runs it: with its own epilogue, on operands that no cache holds any more.
 * With timestamps the device's own clock counts; without, a submit repeats the product until the way to the device and back,
 * which is measured first, is a small part of the whole.
 */
import type { Gpu } from './gpu.ts';
import type { Epilogue } from './kernels/epilogue.ts';
import { gemm, type GemmProblem, type GemmVariant } from './kernels/gemm.ts';
import { partialEpilogue } from './kernels/gemm-tiled.ts';
import type { Kernel } from './kernels/kernel.ts';
import { hyperLength, matrix } from './kernels/kernel.ts';
import { reduceParts } from './kernels/reduce.ts';
import type { GemmUse, Measured, VariantBench } from './tuner.ts';

/** Bytes that no cache keeps: the largest of today's hold 50 MB, and 128 on some consoles' chips. */
const COLD_BYTES = 96e6;
/** Copies of the operands, and memory for all of them. */
const MAX_COPIES = 8;
const SCRATCH_BYTES = 400e6;
/** A sample without timestamps is this many times longer than the way to the device and back. */
const TIMES_LATENCY = 10;
const MAX_REPEATS = 512;
/** With timestamps: enough that a coarse clock (100 µs where browsers blur it) is a small part. */
const SAMPLE_MS = 2;
const SAMPLES = 3;

interface Run {
  encode(pass: GPUComputePassEncoder, copy: number): void;
}

const pad = (length: number) => Math.ceil(length / 4) * 4;

/** The same product on densely packed operands, which fit the scratch buffers. */
export function dense(problem: GemmProblem): GemmProblem {
  const { form, m, n, k } = problem;
  const isWide = ({ offset, ld }: { offset: number; ld: number }) => offset % 4 === 0 && ld % 4 === 0;
  const packed = (rows: number, columns: number, like: { offset: number; ld: number }) => {
    const ld = isWide(like) ? pad(columns) : columns;
    return matrix(ld, 0, rows * ld);
  };
  return {
    ...problem,
    a: form === 'TN' ? packed(k, m, problem.a) : packed(m, k, problem.a),
    b: form === 'NT' ? packed(n, k, problem.b) : packed(k, n, problem.b),
  };
}

/** The epilogue of a kind at its usual: what a step's largest products end with. */
export function usualEpilogue(kind: Epilogue['kind'], { m, n }: GemmProblem): Epilogue {
  const c = matrix(pad(n), 0, m * pad(n));
  switch (kind) {
    case 'forward':
      return { kind, c, biasOffset: 0, activation: null, gate: null, keep: null };
    case 'input_gradient':
      return { kind, c, accumulate: false, activation: null };
    case 'adam':
      return {
        kind,
        c,
        adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
        rates: [{ begin: 0, group: 0 }],
        bias: 0,
      };
    case 'store_gradient':
      return { kind, c, bias: 0 };
    case 'partial':
      return { kind, c };
  }
}

/** Floats of every binding of a product that may be bound. */
function lengths({ form, m, n, k, batch }: GemmProblem, parts: number): Readonly<Record<string, number>> {
  const c = batch * m * pad(n);
  return {
    a: batch * (form === 'TN' ? k * pad(m) : m * pad(k)),
    b: batch * (form === 'NT' ? n * pad(k) : k * pad(n)),
    c,
    p: c,
    m: c,
    v: c,
    h: c / 2,
    bias: batch * pad(n),
    grads: batch * pad(m),
    hyper: hyperLength(1),
    parts: parts * c,
  };
}

/** Bindings that are as big as the weights or the values: these are kept cold. */
const BIG = new Set(['a', 'b', 'c', 'p', 'm', 'v', 'h']);

export class GemmBench implements VariantBench {
  readonly #buffers: GPUBuffer[] = [];
  readonly #runs = new Map<string, Run>();
  #held: string | null = null;
  #copies = 1;
  #byName = new Map<string, GPUBuffer[]>();
  #latency: number | null = null;
  #clock: { readonly set: GPUQuerySet; readonly resolved: GPUBuffer; readonly read: GPUBuffer } | null = null;

  constructor(
    private readonly gpu: Gpu,
    /** Whether to use the device's clock where it has one. */
    timestamps = true,
  ) {
    const { device } = gpu;
    if (timestamps && device.features.has('timestamp-query'))
      this.#clock = {
        set: device.createQuerySet({ type: 'timestamp', count: 2 }),
        resolved: this.#buffer('timestamps', 16, GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC),
        read: this.#buffer('timestamps read', 16, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ),
      };
  }

  async prepare(use: GemmUse, variants: readonly GemmVariant[]): Promise<readonly GemmVariant[]> {
    await this.#scratch(use, variants);
    const outcomes = await Promise.allSettled(
      variants.map(async (variant) =>
        this.#runs.set(JSON.stringify(variant), await this.#compile(use, variant)),
      ),
    );
    this.gpu.check();
    return variants.filter((_, at) => outcomes[at]?.status === 'fulfilled');
  }

  async measure(_use: GemmUse, variant: GemmVariant): Promise<Measured> {
    const run = this.#runs.get(JSON.stringify(variant));
    if (!run) throw new Error('a variant must be prepared before it is measured');
    return this.#clock ? this.#byClock(run) : this.#byLatency(run);
  }

  async #byClock(run: Run): Promise<Measured> {
    const once = await this.#clocked(run, 1);
    const repeats = Math.min(MAX_REPEATS, Math.max(1, Math.round(SAMPLE_MS / Math.max(once, 0.01))));
    const samples: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++)
      samples.push((await this.#clocked(run, repeats)) / repeats);
    return summary(samples);
  }

  async #byLatency(run: Run): Promise<Measured> {
    this.#latency ??= await this.#measureLatency();
    const latency = this.#latency;
    const least = TIMES_LATENCY * Math.max(latency, 0.1);
    let repeats = 1;
    let total = await this.#timed(run, repeats);
    // The first also wakes the device, so it only says how to go on.
    while (total < least && repeats < MAX_REPEATS) {
      repeats = Math.min(
        MAX_REPEATS,
        Math.max(2 * repeats, Math.ceil((repeats * least) / Math.max(total - latency, 0.05))),
      );
      total = await this.#timed(run, repeats);
    }
    const samples: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++)
      samples.push(Math.max(0, (await this.#timed(run, repeats)) - latency) / repeats);
    return summary(samples);
  }

  /** The way to the device and back, without work: the median of a few. */
  async #measureLatency(): Promise<number> {
    const times: number[] = [];
    for (let sample = 0; sample < 7; sample++) times.push(await this.#timed(null, 0));
    return times.toSorted((a, b) => a - b)[3] ?? 0;
  }

  async #timed(run: Run | null, repeats: number): Promise<number> {
    const { device } = this.gpu;
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let repeat = 0; repeat < repeats; repeat++) run?.encode(pass, repeat % this.#copies);
    pass.end();
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await this.gpu.guard(device.queue.onSubmittedWorkDone());
    return performance.now() - start;
  }

  async #clocked(run: Run, repeats: number): Promise<number> {
    const clock = this.#clock;
    if (!clock) throw new Error('there is no clock');
    const { device } = this.gpu;
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass({
      timestampWrites: { querySet: clock.set, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    });
    for (let repeat = 0; repeat < repeats; repeat++) run.encode(pass, repeat % this.#copies);
    pass.end();
    encoder.resolveQuerySet(clock.set, 0, 2, clock.resolved, 0);
    encoder.copyBufferToBuffer(clock.resolved, 0, clock.read, 0, 16);
    device.queue.submit([encoder.finish()]);
    const bits = await this.gpu.read(clock.read, 16);
    const [begin = 0n, end = 0n] = new BigUint64Array(bits.buffer);
    // Clocks of devices may be set back; what they say then is no time.
    return end < begin ? Infinity : Number(end - begin) / 1e6;
  }

  /** Buffers for one product's bindings, several of each big one. */
  async #scratch({ problem }: GemmUse, variants: readonly GemmVariant[]): Promise<void> {
    const parts = Math.max(1, ...variants.map((variant) => (variant.kind === 'tiled' ? variant.split : 1)));
    const key = JSON.stringify([problem, parts]);
    if (this.#held === key) return;
    this.#releaseScratch();
    this.#held = key;
    const sizes = Object.entries(lengths(problem, parts > 1 ? parts : 0)).map(
      ([name, floats]) => [name, pad(Math.max(4, floats)) * 4] as const,
    );
    const big = sizes.filter(([name]) => BIG.has(name)).reduce((sum, [, bytes]) => sum + bytes, 0);
    this.#copies = this.gpu.software
      ? 1
      : Math.max(1, Math.min(MAX_COPIES, Math.ceil(COLD_BYTES / big), Math.floor(SCRATCH_BYTES / big)));
    await this.gpu.validated('the tuner', () => {
      for (const [name, bytes] of sizes) {
        const count = BIG.has(name) ? this.#copies : 1;
        this.#byName.set(
          name,
          Array.from({ length: count }, () => this.#buffer(`tuning ${name}`, bytes, GPUBufferUsage.STORAGE)),
        );
      }
    });
  }

  async #compile({ problem: real, epilogue }: GemmUse, variant: GemmVariant): Promise<Run> {
    const { gpu } = this;
    const problem = dense(real);
    const end = usualEpilogue(epilogue, problem);
    const split = variant.kind === 'tiled' ? variant.split : 1;
    const kernels: { kernel: Kernel; rename: Record<string, string> }[] =
      split > 1
        ? [
            { kernel: gemm(problem, partialEpilogue(problem), variant), rename: { c: 'parts' } },
            { kernel: reduceParts(problem, end, split), rename: {} },
          ]
        : [{ kernel: gemm(problem, end, variant), rename: {} }];
    const steps = await Promise.all(
      kernels.map(async ({ kernel, rename }) => {
        const pipeline = await gpu.pipeline(kernel);
        const groups = await gpu.validated(kernel.label, () =>
          Array.from({ length: this.#copies }, (_, copy) =>
            gpu.device.createBindGroup({
              layout: gpu.layout(kernel),
              entries: kernel.bindings.map(({ name }, binding) => {
                const all = this.#byName.get(rename[name] ?? name) ?? [];
                const buffer = all[copy % all.length];
                if (!buffer) throw new Error(`the tuner has nothing for ${name}`);
                return { binding, resource: { buffer } };
              }),
            }),
          ),
        );
        return { pipeline, groups, grid: kernel.grid(problem.m) };
      }),
    );
    return {
      encode: (pass, copy) => {
        for (const { pipeline, groups, grid } of steps) {
          pass.setPipeline(pipeline);
          pass.setBindGroup(0, groups[copy]);
          pass.dispatchWorkgroups(...grid);
        }
      },
    };
  }

  #buffer(label: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.gpu.buffer(label, bytes, usage);
    this.#buffers.push(buffer);
    return buffer;
  }

  #releaseScratch(): void {
    for (const buffer of [...this.#byName.values()].flat()) {
      this.gpu.release(buffer);
      this.#buffers.splice(this.#buffers.indexOf(buffer), 1);
    }
    this.#byName = new Map();
    this.#runs.clear();
    this.#held = null;
  }

  dispose(): void {
    for (const buffer of this.#buffers.splice(0)) this.gpu.release(buffer);
    this.#byName.clear();
    this.#clock?.set.destroy();
  }
}

/** The fastest sample; what the middle one is slower by is noise, which only ever adds. */
function summary(samples: readonly number[]): Measured {
  const sorted = samples.toSorted((a, b) => a - b);
  const least = sorted[0] ?? Infinity;
  const middle = sorted[sorted.length >> 1] ?? least;
  return { milliseconds: least, noise: least > 0 ? (middle - least) / least : 1 };
}
