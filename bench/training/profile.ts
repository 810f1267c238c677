/** Time of every kernel of our engine's training step against the roofline that the adapter's own ceilings draw. */
import { initialState } from '../../src/engines/init.ts';
import { requestGpuDevice } from '../../src/engines/gpu/device.ts';
import { createWebgpuEngine } from '../../src/engines/webgpu/engine.ts';
import { adamOptions } from '../../src/engines/adam-options.ts';
import { modelGraph } from '../../src/graph/model-graph.ts';
import { learningRates } from '../../src/training/learning-rates.ts';
import { textTable } from '../benchmark.ts';
import type { Ceilings } from './ceilings.ts';
import type { BenchPreset } from './presets.ts';

/** All dispatches of a step with one label. */
export interface KernelTime {
  readonly kernel: string;
  readonly dispatches: number;
  readonly milliseconds: number;
  /** Between the dispatch before and this; null where it is not known. */
  readonly waited_milliseconds: number | null;
  readonly gflop: number;
  readonly megabytes: number;
}

/** By the device's clock where it has one; else each dispatch by itself, a round trip included. */
export async function kernelTimes({ config, layout, batch }: BenchPreset): Promise<KernelTime[]> {
  const graph = modelGraph(config, layout);
  const options = { graph, adam: adamOptions(config), seed: 1, batchSize: batch.size };
  const engine = await createWebgpuEngine(options, await requestGpuDevice());
  try {
    await engine.load(initialState(graph, 1));
    await engine.step(batch, learningRates(config)(10_000));
    const byKernel = new Map<string, KernelTime>();
    for (const { label, milliseconds, waited, flops, bytes } of await engine.profile()) {
      const known = byKernel.get(label);
      byKernel.set(label, {
        kernel: label,
        dispatches: (known?.dispatches ?? 0) + 1,
        milliseconds: (known?.milliseconds ?? 0) + milliseconds,
        waited_milliseconds: waited === null ? null : (known?.waited_milliseconds ?? 0) + waited,
        gflop: (known?.gflop ?? 0) + flops / 1e9,
        megabytes: (known?.megabytes ?? 0) + bytes / 1e6,
      });
    }
    return [...byKernel.values()].toSorted((a, b) => b.milliseconds - a.milliseconds);
  } finally {
    engine.dispose();
  }
}

/** Share of the roofline: the time that the ceilings' rates would need for the kernel's work, over the time it took. */
export function kernelTable(times: readonly KernelTime[], ceilings: Ceilings): string {
  const total = times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const rows = times.map(({ kernel, dispatches, milliseconds, waited_milliseconds, gflop, megabytes }) => {
    const least = Math.max(
      (gflop / ceilings.gemm_gflops_per_second) * 1e3,
      megabytes / ceilings.copy_gb_per_second,
    );
    return [
      kernel,
      String(dispatches),
      milliseconds.toFixed(2),
      waited_milliseconds?.toFixed(3) ?? '–',
      `${((100 * milliseconds) / total).toFixed(1)}%`,
      gflop > 0 ? (gflop / (milliseconds / 1e3)).toFixed(1) : '–',
      (megabytes / milliseconds).toFixed(1),
      `${((100 * least) / milliseconds).toFixed(0)}%`,
    ];
  });
  return textTable(
    ['kernel', 'dispatches', 'ms', 'waiting ms', 'of the step', 'GFLOP/s', 'GB/s', 'of the roofline'],
    rows,
  );
}
