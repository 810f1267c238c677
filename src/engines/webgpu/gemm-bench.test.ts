/** Measuring on simulated devices: what latency, a coarse clock and noise do to the numbers. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GemmBench } from './gemm-bench.ts';
import type { Gpu } from './gpu.ts';
import { GpuError } from './gpu.ts';
import type { Kernel } from './kernels/kernel.ts';
import { matrix } from './kernels/kernel.ts';
import { tileName } from './testing/hardware-cases.ts';
import type { GemmUse } from './tuner.ts';
import { tune } from './tuner.ts';
import { BIG_GPU, candidates } from './variants.ts';

const use: GemmUse = {
  problem: { form: 'NN', m: 128, n: 4096, k: 1024, batch: 1, a: matrix(1024), b: matrix(4096) },
  epilogue: 'input_gradient',
};
const list = candidates(use.problem, use.epilogue, BIG_GPU);

interface Adapter {
  /** Milliseconds of one dispatch, by its kernel. */
  readonly work: (label: string) => number;
  /** Milliseconds to the device and back. */
  readonly latency: number;
  readonly timestamps?: boolean;
  readonly refuses?: (label: string) => boolean;
  /** Whether the device's clock is set back while a kernel runs. */
  readonly setBack?: (label: string) => boolean;
}

/** As much of a Gpu as measuring touches; time passes only when work is waited for. */
function simulated(adapter: Adapter) {
  let held = 0;
  const submits: { dispatches: number; groups: Set<unknown> }[] = [];
  let open: { work: number; dispatches: number; groups: Set<unknown>; label: string } | null = null;
  let begin = 0;
  let end = 0;
  const pass = {
    setPipeline: ({ label }: { label: string }) => void (open && (open.label = label)),
    setBindGroup: (_: number, group: unknown) => void open?.groups.add(group),
    dispatchWorkgroups: () => {
      if (!open) return;
      open.work += adapter.work(open.label);
      open.dispatches += 1;
    },
    end: () => {},
  };
  const finish = async () => {
    const work = open?.work ?? 0;
    begin = performance.now() * 1e6;
    end = begin + (adapter.setBack?.(open?.label ?? '') ? -1 : work) * 1e6;
    vi.advanceTimersByTime(adapter.latency + work);
  };
  const device = {
    features: new Set(adapter.timestamps ? ['timestamp-query'] : []),
    createQuerySet: () => ({ destroy: () => {} }),
    createBindGroup: () => ({}),
    createCommandEncoder: () => {
      open = { work: 0, dispatches: 0, groups: new Set(), label: '' };
      return {
        beginComputePass: () => pass,
        resolveQuerySet: () => {},
        copyBufferToBuffer: () => {},
        finish: () => ({}),
      };
    },
    queue: {
      submit: () => void (open && submits.push({ dispatches: open.dispatches, groups: open.groups })),
      onSubmittedWorkDone: finish,
    },
  };
  const gpu = {
    device,
    software: false,
    check: () => {},
    layout: () => ({}),
    guard: <T>(promise: Promise<T>) => promise,
    read: async () => {
      await finish();
      return new Float32Array(BigUint64Array.of(BigInt(Math.round(begin)), BigInt(Math.round(end))).buffer);
    },
    buffer: () => ((held += 1), {}),
    release: () => void (held -= 1),
    validated: async <T>(_: string, create: () => T) => create(),
    pipeline: async ({ label }: Kernel) => {
      if (adapter.refuses?.(label)) throw new GpuError(`${label} does not compile`);
      return { label };
    },
  } as unknown as Gpu;
  return { gpu, submits, held: () => held };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('GPUBufferUsage', { STORAGE: 1, MAP_READ: 2, COPY_DST: 4, COPY_SRC: 8, QUERY_RESOLVE: 16 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Kernels of 0.1 ms, but one candidate of 0.08. */
const best = list.findIndex((variant, at) => at > 0 && variant.kind === 'tiled' && variant.split === 1);
const bestLabel = `tiled ${tileName(list[best] ?? list[0])}`;
const work = (label: string) => (label.endsWith(bestLabel) ? 0.08 : 0.1);

const choice = async (adapter: Adapter) => {
  const { gpu, held, submits } = simulated(adapter);
  const choose = await tune(BIG_GPU, 'simulated', [use], () => new GemmBench(gpu), { budget: 1e6 });
  expect(held()).toBe(0);
  const chosen = choose(use.problem, use.epilogue);
  return { at: list.findIndex((one) => JSON.stringify(one) === JSON.stringify(chosen)), submits };
};

describe('the best of kernels that differ by a fifth is found', () => {
  it.each([
    ['with timestamps, whatever the latency', { work, latency: 5, timestamps: true }],
    ['without timestamps and 0.45 ms of latency', { work, latency: 0.45 }],
    ['without timestamps and 2 ms of latency', { work, latency: 2 }],
  ])('%s', async (_, adapter) => {
    expect(best).toBeGreaterThan(0);
    expect((await choice(adapter)).at).toBe(best);
  });

  it('on operands that the repeats before have not left in a cache', async () => {
    const { submits } = await choice({ work, latency: 2 });
    const longest = submits.toSorted((a, b) => b.dispatches - a.dispatches)[0];
    expect(longest?.dispatches).toBeGreaterThan(100);
    expect(longest?.groups.size).toBeGreaterThan(1);
  });
});

it('a refused pipeline is no candidate', async () => {
  const { at } = await choice({ work, latency: 0.45, refuses: (label) => label.endsWith(bestLabel) });
  expect(at).toBe(0);
});

it('no time is told by a clock that is set back, of a candidate or of the guess', async () => {
  const clocked = { work, latency: 0.45, timestamps: true };
  const other = `tiled ${tileName(list[best === 1 ? 2 : 1] ?? list[0])}`;
  expect((await choice({ ...clocked, setBack: (label) => label.endsWith(other) })).at).toBe(best);
  const guess = `tiled ${tileName(list[0])}`;
  expect((await choice({ ...clocked, setBack: (label) => label.endsWith(guess) })).at).toBe(0);
});
