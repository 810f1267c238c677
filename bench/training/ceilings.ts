/**
 * The adapter's own ceilings for a preset: the step's matrix products alone, each with the best of the kernel variants,
 * and a plain buffer copy for the bytes that a step must move at least. No engine can be faster than the slower of both.
 */
import { gemm, type GemmProblem } from '../../src/engines/webgpu/kernels/gemm.ts';
import { gemmFlops } from '../../src/engines/webgpu/kernels/gemm-problem.ts';
import { matrix, type Matrix } from '../../src/engines/webgpu/kernels/kernel.ts';
import type { GpuTarget } from '../../src/engines/webgpu/variants.ts';
import { candidates, targetOf } from '../../src/engines/webgpu/variants.ts';
import { requestGpuDevice } from '../../src/engines/gpu/device.ts';
import { modelGraph } from '../../src/graph/model-graph.ts';
import type { BenchPreset } from './presets.ts';

export interface Ceilings {
  readonly gemm_gflop: number;
  readonly gemm_seconds: number;
  readonly gemm_gflops_per_second: number;
  readonly copy_gb_per_second: number;
  /** Weights read twice (forward, input gradients), parameters and moments read and written by Adam once. */
  readonly least_bytes_moved: number;
  readonly steps_per_second: number;
}

const padded = (columns: number): number => Math.ceil(columns / 4) * 4;
const stored = (rows: number, columns: number): Matrix => matrix(padded(columns), 0, rows * padded(columns));

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly count: number;
  readonly first: boolean;
}

/** Products of one training step, layers of equal shape batched. The first layers need no input gradient. */
function products(layers: readonly Layer[], rows: number): GemmProblem[] {
  return layers.flatMap(({ inputs, outputs, count, first }) => {
    const x = stored(rows, inputs);
    const w = stored(outputs, inputs);
    const dy = stored(rows, outputs);
    const forward: GemmProblem = { form: 'NT', m: rows, n: outputs, k: inputs, batch: count, a: x, b: w };
    const weights: GemmProblem = { form: 'TN', m: outputs, n: inputs, k: rows, batch: count, a: dy, b: x };
    const input: GemmProblem = { form: 'NN', m: rows, n: inputs, k: outputs, batch: count, a: dy, b: w };
    return first ? [forward, weights] : [forward, weights, input];
  });
}

const RUNS = 3;
/** Work is repeated within one submit until it takes this long, so that the cost of a submit counts for nothing. */
const SAMPLE_SECONDS = 0.02;
const MAX_REPEATS = 64;

/** Seconds of `encode`, the best of a few submits. */
async function timeOf(device: GPUDevice, encode: (encoder: GPUCommandEncoder) => void): Promise<number> {
  const submit = async (repeats: number): Promise<number> => {
    const encoder = device.createCommandEncoder();
    for (let repeat = 0; repeat < repeats; repeat++) encode(encoder);
    await device.queue.onSubmittedWorkDone();
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return (performance.now() - start) / 1000 / repeats;
  };
  let best = await submit(1);
  const repeats = Math.min(MAX_REPEATS, Math.max(1, Math.round(SAMPLE_SECONDS / best)));
  for (let run = 0; run < RUNS; run++) best = Math.min(best, await submit(repeats));
  return best;
}

async function productSeconds(device: GPUDevice, problem: GemmProblem, target: GpuTarget): Promise<number> {
  // A split product needs a second kernel to add its parts: no ceiling for a product alone.
  const variants = candidates(problem, 'store_gradient', target);
  const { m, n, batch, a, b } = problem;
  const c = stored(m, n);
  const buffers = [a, b, c].map((x) =>
    device.createBuffer({ size: Math.max(16, 4 * x.batchStride * batch), usage: GPUBufferUsage.STORAGE }),
  );
  let best = Infinity;
  for (const variant of variants) {
    const kernel = gemm(problem, { kind: 'input_gradient', c, accumulate: false, activation: null }, variant);
    const module = device.createShaderModule({ code: kernel.code });
    const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    const seconds = await timeOf(device, (encoder) => {
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(...kernel.grid(m));
      pass.end();
    });
    best = Math.min(best, seconds);
  }
  for (const buffer of buffers) buffer.destroy();
  return best;
}

/** Bytes per second read and written by a copy of 64 MiB. */
async function copyRate(device: GPUDevice): Promise<number> {
  const size = 64 << 20;
  const [from, to] = [0, 1].map(() =>
    device.createBuffer({ size, usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST }),
  );
  const seconds = await timeOf(device, (encoder) => encoder.copyBufferToBuffer(from, 0, to, 0, size));
  from.destroy();
  to.destroy();
  return (2 * size) / seconds;
}

export async function ceilings({ config, layout, batch }: BenchPreset): Promise<Ceilings> {
  const graph = modelGraph(config, layout);
  const { device, software, description } = await requestGpuDevice();

  const fixed = new Set<string>();
  const layers = new Map<string, Layer>();
  const shapes = new Map(graph.parameters.map((parameter) => [parameter.name, parameter.shape]));
  for (const node of graph.nodes) {
    if (node.kind !== 'linear') {
      if (node.scope[0] !== 'backbone' && node.scope[0] !== 'tower') fixed.add(node.id);
      continue;
    }
    const [outputs, inputs] = shapes.get(node.weight) ?? [0, 0];
    const first = node.inputs.every((id) => fixed.has(id));
    const key = `${inputs}→${outputs}${first ? ' first' : ''}`;
    layers.set(key, { inputs, outputs, first, count: (layers.get(key)?.count ?? 0) + 1 });
  }
  let seconds = 0;
  let flops = 0;
  for (const problem of products([...layers.values()], batch.size)) {
    seconds += await productSeconds(
      device,
      problem,
      targetOf(software, description, device.features.has('subgroups')),
    );
    flops += gemmFlops(problem);
  }
  const rate = await copyRate(device);
  const parameters = graph.parameters
    .filter(({ trainable }) => trainable)
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const bytes = parameters * 4 * (2 + 6);
  device.destroy();
  return {
    gemm_gflop: flops / 1e9,
    gemm_seconds: seconds,
    gemm_gflops_per_second: flops / seconds / 1e9,
    copy_gb_per_second: rate / 1e9,
    least_bytes_moved: bytes,
    steps_per_second: 1 / Math.max(seconds, bytes / rate),
  };
}
