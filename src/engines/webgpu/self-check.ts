/**
 * Whether a real GPU computes right, asked before it trains: every chosen variant on a small product, and one step of a tiny
 * model against the oracle. Drivers differ, and a wrong product shows in no message.
 */
import { significant } from '../../config/number-text.ts';
import { modelSchema } from '../../config/schema/model.ts';
import type { RecapBatch } from '../../data/recap-batch.ts';
import { buildGraph } from '../../graph/build.ts';
import type { Engine, EngineOptions } from '../engine.ts';
import { hashAt } from '../hash.ts';
import { inputWidths } from '../batch.ts';
import { usualEpilogue, dense } from './gemm-bench.ts';
import type { Gpu } from './gpu.ts';
import { GpuError } from './gpu.ts';
import type { Epilogue } from './kernels/epilogue.ts';
import type { GemmForm, GemmProblem } from './kernels/gemm-problem.ts';
import { gemm, type GemmVariant } from './kernels/gemm.ts';
import { partialEpilogue } from './kernels/gemm-tiled.ts';
import { HYPER, hyperLength, matrix } from './kernels/kernel.ts';
import { reduceParts } from './kernels/reduce.ts';
import type { ChooseVariant } from './plan/compiled-model.ts';
import { runKernel } from './run-kernel.ts';
import type { GemmUse } from './tuner.ts';
import { candidates } from './variants.ts';

/** The device's numbers are wrong. */
export class SelfCheckError extends Error {
  override readonly name = 'SelfCheckError';
}

/** Share of the largest number by which a product in float32 may differ. */
const PRODUCT_TOLERANCE = 1e-4;
/** Shares for a whole step: a unit within rounding of a ReLU's corner may fall on either side. */
const LOSS_TOLERANCE = 1e-3;
const GRADIENT_TOLERANCE = 1e-2;

const numbers = (stream: number, length: number) =>
  Float32Array.from({ length }, (_, at) => hashAt(stream, at) / 2 ** 31 - 1);

/** What was found of a variant on a device; it is asked once. */
const found = new WeakMap<GPUDevice, Map<string, Promise<string | null>>>();

const FORMS: Readonly<Record<Exclude<Epilogue['kind'], 'partial'>, GemmForm>> = {
  forward: 'NT',
  input_gradient: 'NN',
  adam: 'TN',
  store_gradient: 'TN',
};

/** @returns what is wrong with a variant on this device, or null. */
function checkVariant(gpu: Gpu, variant: GemmVariant, kind: Epilogue['kind']): Promise<string | null> {
  const known = found.get(gpu.device) ?? new Map<string, Promise<string | null>>();
  found.set(gpu.device, known);
  const key = `${kind} ${JSON.stringify(variant)}`;
  const result = known.get(key) ?? tryVariant(gpu, variant, kind);
  known.set(key, result);
  return result;
}

async function tryVariant(gpu: Gpu, variant: GemmVariant, kind: Epilogue['kind']): Promise<string | null> {
  if (kind === 'partial') return null;
  const form = FORMS[kind];
  // Ragged in every direction: two tiles of most variants and a part of a third.
  const [m, n, k] = [150, 136, 84];
  const plain = { form, m, n, k, batch: 1, a: matrix(0), b: matrix(0) };
  const problem: GemmProblem = dense({ ...plain, a: matrix(4), b: matrix(4) });
  try {
    const { got, want } = await product(gpu, problem, kind, variant);
    let scale = 0;
    let error = 0;
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        const exact = want(i, j);
        scale = Math.max(scale, Math.abs(exact));
        const difference = Math.abs((got[i * n + j] ?? NaN) - exact);
        error = difference > error || Number.isNaN(difference) ? difference : error;
      }
    return error <= PRODUCT_TOLERANCE * scale ? null : 'gives wrong numbers';
  } catch (error) {
    gpu.check();
    if (error instanceof GpuError) return 'does not compile';
    throw error;
  }
}

/** Runs a product with the epilogue of its form. @returns what it gave, rows of n, and what it should. */
async function product(gpu: Gpu, problem: GemmProblem, kind: Epilogue['kind'], variant: GemmVariant) {
  const { form, m, n, k, a, b } = problem;
  const epilogue = usualEpilogue(kind, problem);
  const left = numbers(1, (form === 'TN' ? k : m) * a.ld);
  const right = numbers(2, (form === 'NT' ? n : k) * b.ld);
  const c = new Float32Array(m * n);
  const hyper = new Float32Array(hyperLength(1));
  hyper[HYPER.secondCorrection] = 1;
  hyper[HYPER.rates] = 1;
  const ones = new Float32Array(m * n).fill(1);
  const rest = {
    bias: new Float32Array(n),
    hyper,
    grads: new Float32Array(m),
    p: new Float32Array(m * n),
    m: new Float32Array(m * n),
    v: ones,
  };
  const split = variant.kind === 'tiled' ? variant.split : 1;
  let out;
  if (split > 1) {
    const first = gemm(problem, partialEpilogue(problem), variant);
    const { c: parts } = await runKernel(
      gpu,
      first,
      { a: left, b: right, c: new Float32Array(split * m * n) },
      m,
    );
    out = await runKernel(gpu, reduceParts(problem, epilogue, split), { ...rest, c, parts: parts ?? c }, m);
  } else out = await runKernel(gpu, gemm(problem, epilogue, variant), { ...rest, a: left, b: right, c }, m);
  const sum = (i: number, j: number) => {
    let total = 0;
    for (let p = 0; p < k; p++)
      total +=
        (left[form === 'TN' ? p * a.ld + i : i * a.ld + p] ?? NaN) *
        (right[form === 'NT' ? j * b.ld + p : p * b.ld + j] ?? NaN);
    return total;
  };
  if (epilogue.kind !== 'adam') return { got: out['c'] ?? c, want: sum };
  const { beta1, beta2, epsilon } = epilogue.adam;
  return {
    got: out['p'] ?? c,
    want: (i: number, j: number) => {
      const g = sum(i, j);
      return (-(1 - beta1) * g) / (Math.sqrt(beta2 + (1 - beta2) * g * g) + epsilon);
    },
  };
}

const describe = (variant: GemmVariant): string =>
  variant.kind === 'direct'
    ? `${variant.rows} × ${variant.columns} without workgroup memory`
    : `${variant.y * variant.rows} × ${variant.x * variant.columns} × ${variant.depth}` +
      (variant.slices > 1 ? ` in ${variant.slices} slices` : '') +
      (variant.split > 1 ? ` split in ${variant.split}` : '');

/**
 * Tries every variant that a plan would use, and gives up those that this device refuses or gets wrong.
 * @returns the choice among the others, and a sentence on each that was given up.
 * @throws SelfCheckError when a product has no candidate left.
 */
export async function checkedChoice(
  gpu: Gpu,
  uses: readonly GemmUse[],
  choose: ChooseVariant,
): Promise<{ readonly choose: ChooseVariant; readonly notes: readonly string[] }> {
  const bad = new Map<string, string>();
  const good = new Set<string>();
  const keyOf = (variant: GemmVariant, kind: Epilogue['kind']) => `${kind} ${JSON.stringify(variant)}`;
  const allowed: ChooseVariant = (problem, epilogue) => {
    const all = [choose(problem, epilogue), ...candidates(problem, epilogue, gpu.target)];
    const left = all.filter((variant) => !bad.has(keyOf(variant, epilogue)));
    // A plan that is made later, of another batch size, takes what was tried before what was not.
    const found = left.find((variant) => good.has(keyOf(variant, epilogue))) ?? left[0];
    if (!found) throw new SelfCheckError('No kernel for matrix products is right on this graphics card.');
    return found;
  };
  for (;;) {
    const wanted = new Map(
      uses.map(({ problem, epilogue }) => {
        const variant = allowed(problem, epilogue);
        return [keyOf(variant, epilogue), { variant, epilogue }] as const;
      }),
    );
    const outcomes = await Promise.all(
      [...wanted].map(async ([key, { variant, epilogue }]) => ({
        key,
        variant,
        wrong: await checkVariant(gpu, variant, epilogue),
      })),
    );
    const failed = outcomes.filter(({ wrong }) => wrong !== null);
    for (const { key, wrong } of outcomes) if (wrong === null) good.add(key);
    for (const { key, variant, wrong } of failed)
      bad.set(key, `The kernel ${describe(variant)} ${wrong} on this graphics card and is not used.`);
    if (failed.length === 0) return { choose: allowed, notes: [...new Set(bad.values())] };
  }
}

const mlp = (...layer_sizes: number[]) => ({ layer_sizes, final_layer_activation: false });

/** A model with every kind of layer that a configuration may ask for, and a batch for it. */
function tinyModel(): { readonly options: EngineOptions; readonly batch: RecapBatch } {
  const widths = {
    continuous: 9,
    binary: 3,
    discrete: 0,
    userEmbedding: 4,
    userEngEmbedding: 4,
    authorEmbedding: 4,
  };
  const graph = buildGraph(
    modelSchema.parse({
      multi_task_type: 'share_all',
      featurization_config: {
        double_norm_log_config: {
          clip_magnitude: 2,
          batch_norm_config: { affine: true, momentum: 0.1 },
          layer_norm_config: { epsilon: 1e-3, axis: -1, center: true, scale: true },
        },
      },
      backbone: {
        mask_net_config: {
          use_parallel: true,
          mask_blocks: [0, 1].map(() => ({ output_size: 6, aggregation_size: 8, input_layer_norm: false })),
          mlp: { layer_sizes: [8], final_layer_activation: true },
        },
      },
      tasks: {
        'recap.a': { mlp_config: { ...mlp(6, 1), batch_norm: { affine: false, momentum: 0.1 } } },
        'recap.b': {
          mlp_config: { ...mlp(6, 1), batch_norm: { affine: false, momentum: 0.1 }, dropout: { rate: 0.2 } },
          affine_map: { scale: 0.7, bias: -0.4 },
        },
      },
    }),
    widths,
  );
  const size = 12;
  const options = { graph, adam: { beta1: 0.9, beta2: 0.99, epsilon: 1e-6 }, seed: 3, batchSize: size };
  const empty = new Float32Array(0);
  const batch = {
    size,
    continuous: empty,
    binary: empty,
    discrete: empty,
    userEmbedding: empty,
    userEngEmbedding: empty,
    authorEmbedding: empty,
    labels: numbers(9, size * 2).map((value) => (value > 0 ? 1 : 0)),
    weights: null,
  };
  inputWidths(graph).forEach(({ tensor, width }, stream) => {
    batch[tensor] = numbers(10 + stream, size * width).map((value) => 3 * value);
  });
  return { options, batch };
}

/**
 * One step of a tiny model on the device and in the oracle.
 * @throws SelfCheckError saying what differs, and by how much.
 */
export async function checkStep(make: (options: EngineOptions) => Promise<Engine>): Promise<void> {
  const { OracleEngine } = await import('../oracle/oracle.ts');
  const { options, batch } = tinyModel();
  const oracle = new OracleEngine(options);
  const engine = await make(options);
  const differs = (what: string, by: number) =>
    new SelfCheckError(
      `${what} of a test step differs from the exact one by ${significant(100 * by, 2)} %: this graphics driver computes wrong.`,
    );
  try {
    const [want, got] = [await oracle.gradients(batch), await engine.gradients(batch)];
    let square = 0;
    let scale = 0;
    for (const [name, { data }] of want)
      data.forEach((value, at) => {
        const exact = Number(value);
        square += (Number(got.get(name)?.data[at] ?? NaN) - exact) ** 2;
        scale += exact ** 2;
      });
    const gradient = Math.sqrt(square / scale);
    if (!(gradient <= GRADIENT_TOLERANCE)) throw differs('The gradient', gradient);
    const rates = Object.fromEntries(options.graph.groups.map((group) => [group, 0.01]));
    const losses = [];
    for (let step = 0; step < 2; step++)
      losses.push([await oracle.step(batch, rates), await engine.step(batch, rates)] as const);
    for (const [exact, device] of losses) {
      const by = Math.abs(device.loss / exact.loss - 1);
      if (!(by <= LOSS_TOLERANCE)) throw differs('The loss', by);
    }
  } finally {
    engine.dispose();
  }
}
