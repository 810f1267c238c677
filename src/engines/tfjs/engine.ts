/**
 * The tfjs engine: interprets the model graph with autodiff on any tfjs backend. It is the fallback where our own
 * WebGPU engine can't run, and what that engine is compared with.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { RecapBatch } from '../../data/recap-batch.ts';
import type { StateDict, StateTensor } from '../../formats/state-dict.ts';
import type { ParameterSpec } from '../../graph/graph.ts';
import { checkBatch, checkRates, posWeights } from '../batch.ts';
import { meanLoss, taskLosses } from '../bce.ts';
import type {
  Engine,
  EngineInfo,
  EngineOptions,
  EngineState,
  LearningRates,
  OptimizerState,
  Predictions,
  StepResult,
} from '../engine.ts';
import { headOutputs, ratioNames } from '../heads.ts';
import { initialState } from '../init.ts';
import { checkOptimizerState, checkStateDict, settledOptimizer, trainableSpecs } from '../state.ts';
import type { BackendLease, TfjsBackend } from './backend.ts';
import { acquireBackend } from './backend.ts';
import type { GpuDevice } from '../gpu/device.ts';
import type { Pass, Program } from './interpret.ts';
import { compile, evaluate, logitsOf } from './interpret.ts';
import { lossGradient } from './ops.ts';
import { ParameterStore } from './parameters.ts';
import { readTensor } from './read.ts';
import type { WasmPaths } from './wasm-paths.ts';

export interface TfjsEngineOptions {
  /** The thread's GPU device, for the webgpu backend; one is requested when absent. */
  readonly gpu?: GpuDevice;
  /** Where the wasm binaries are, when not beside the bundle. */
  readonly wasmPath?: WasmPaths;
}

/**
 * An engine with parameters initialised from `options.seed`.
 * @throws NoWebGpuError when the webgpu backend is asked for and there is no WebGPU.
 */
export async function createTfjsEngine(
  options: EngineOptions,
  backend: TfjsBackend,
  { gpu, wasmPath }: TfjsEngineOptions = {},
): Promise<Engine> {
  const lease = await acquireBackend(backend, { ...(gpu && { gpu }), ...(wasmPath && { wasmPath }) });
  try {
    return new TfjsEngine(options, lease);
  } catch (error) {
    lease.release();
    throw error;
  }
}

/** Result of the synchronous part of a training pass; the caller owns the tensors. */
interface TrainingPass {
  readonly logits: tf.Tensor;
  readonly gradients: tf.Tensor[];
}

class TfjsEngine implements Engine {
  readonly info: EngineInfo;
  readonly #options: EngineOptions;
  readonly #lease: BackendLease;
  readonly #program: Program;
  readonly #posWeights: readonly number[];
  readonly #ratioNames: readonly string[];
  readonly #specs: readonly ParameterSpec[];
  #parameters: ParameterStore;
  #running = new Map<string, tf.Tensor>();
  /** Buffers that no tensor operation reads: clamp bounds, calibration ratios, batch counts. */
  #constants = new Map<string, StateTensor>();
  #accumulated: tf.Tensor[] | null = null;
  #step = 0;
  #microStep = 0;
  #disposed = false;

  constructor(options: EngineOptions, lease: BackendLease) {
    this.#options = options;
    this.#lease = lease;
    this.#program = compile(options.graph);
    this.#posWeights = posWeights(options.graph);
    this.#ratioNames = ratioNames(options.graph);
    this.info = {
      name: `tfjs-${lease.name}`,
      adapter: lease.gpu?.description ?? 'CPU',
      software: lease.gpu?.software ?? true,
      bytes: () => this.#memory().bytes,
      allocations: () => this.#memory().tensors,
    };
    this.#specs = trainableSpecs(options.graph);
    lease.activate();
    const model = initialState(options.graph, options.seed);
    this.#parameters = new ParameterStore(this.#specs, !lease.gpu, model);
    this.#loadBuffers(model);
  }

  /** tfjs counts by thread, not by engine: with several engines alive, each reports all of their tensors. */
  #memory(): { bytes: number; tensors: number } {
    if (this.#disposed) return { bytes: 0, tensors: 0 };
    this.#lease.activate();
    const memory = tf.memory();
    const pooled: unknown = Reflect.get(memory, 'numBytesAllocatedInGPU');
    return { bytes: typeof pooled === 'number' ? pooled : memory.numBytes, tensors: memory.numTensors };
  }

  /** Every synchronous piece of tfjs work starts here. */
  #enter(): void {
    if (this.#disposed) throw new Error('the engine was disposed');
    const failure = this.#lease.gpu?.failure();
    if (failure) throw failure;
    this.#lease.activate();
  }

  async load(model: StateDict, optimizer?: OptimizerState): Promise<void> {
    this.#enter();
    checkStateDict(this.#options.graph.parameters, model);
    if (optimizer) checkOptimizerState(this.#options.graph, optimizer);
    this.#replace(model, optimizer);
  }

  #replace(model: StateDict, optimizer?: OptimizerState): void {
    this.#free();
    const settled = optimizer && settledOptimizer(this.#options.graph, optimizer);
    this.#parameters = new ParameterStore(this.#specs, !this.#lease.gpu, model, settled);
    this.#loadBuffers(model);
    this.#step = optimizer?.step ?? 0;
  }

  /** Running statistics go to the device, all other buffers stay here. */
  #loadBuffers(model: StateDict): void {
    for (const { name, shape, trainable } of this.#options.graph.parameters) {
      const tensor = model.get(name);
      if (trainable || !tensor) continue;
      if (tensor.dtype === 'F32' && this.#program.running.has(name))
        this.#running.set(name, tf.keep(tf.tensor(tensor.data.slice(), [...shape])));
      else this.#constants.set(name, { ...copyOf(tensor), shape });
    }
  }

  #free(): void {
    this.#parameters.dispose();
    tf.dispose([...this.#running.values()]);
    if (this.#accumulated) tf.dispose(this.#accumulated);
    this.#running.clear();
    this.#constants.clear();
    this.#accumulated = null;
    this.#microStep = 0;
  }

  /** A lookup in trained parameters and running statistics. */
  #lookup(trained: readonly tf.Tensor[]): (name: string) => tf.Tensor {
    const byName = new Map(this.#specs.map(({ name }, index) => [name, trained[index]]));
    return (name) => {
      const tensor = byName.get(name) ?? this.#running.get(name);
      if (!tensor) throw new Error(`the graph reads ${name}, which is no parameter`);
      return tensor;
    };
  }

  /** Forward and backward in training mode; `keepRunning` updates the running statistics. */
  #train(batch: RecapBatch, keepRunning: boolean): TrainingPass {
    const { graph, seed } = this.#options;
    const kept: { logits?: tf.Tensor } = {};
    const updates = new Map<string, tf.Tensor>();
    const gradients = tf.tidy(() => {
      const parameters = this.#parameters.tensors();
      const rows = rowVectors(batch.size);
      const pass = (parameter: (name: string) => tf.Tensor): Pass => ({
        batch,
        ...rows,
        parameter,
        training: {
          seed,
          step: this.#step,
          microStep: this.#microStep,
          statistics: ({ momentum, runningMean, runningVar }, { mean, variance }) => {
            if (!keepRunning) return;
            const blend = (name: string, fresh: tf.Tensor, scale: number) => {
              const old = this.#lookup(parameters)(name);
              const shaped = tf.reshape(fresh, old.shape);
              updates.set(name, tf.keep(tf.add(tf.mul(old, 1 - momentum), tf.mul(shaped, momentum * scale))));
            };
            blend(runningMean, mean, 1);
            blend(runningVar, variance, batch.size / (batch.size - 1));
          },
        },
      });
      const fixed = new Map<string, tf.Tensor>();
      evaluate(this.#program, this.#program.fixed, fixed, pass(this.#lookup(parameters)));
      const factors = lossFactors(batch, graph.outputs.length, this.#posWeights);
      const shape: [number, number] = [batch.size, graph.outputs.length];
      const positive = tf.tensor2d(factors.positive, shape);
      const negative = tf.tensor2d(factors.negative, shape);
      const learning = this.#specs.map(({ name }) => !graph.zeroGradients.has(name));
      const { grads } = tf.valueAndGrads((...learned) => {
        const values = new Map(fixed);
        const rest = [...learned];
        const trained = parameters.map((tensor, index) => (learning[index] && rest.shift()) || tensor);
        evaluate(this.#program, this.#program.trained, values, pass(this.#lookup(trained)));
        const logits = logitsOf(this.#program, values);
        kept.logits = tf.keep(tf.clone(logits));
        return lossGradient(logits, positive, negative);
      })(parameters.filter((_, index) => learning[index]));
      const rest = [...grads];
      return parameters.map(({ shape }, index) => (learning[index] && rest.shift()) || tf.zeros(shape));
    });
    for (const [name, tensor] of updates) {
      this.#running.get(name)?.dispose();
      this.#running.set(name, tensor);
    }
    if (!kept.logits) throw new Error('the pass gave no logits');
    return { logits: kept.logits, gradients };
  }

  async step(batch: RecapBatch, rates: LearningRates | null): Promise<StepResult> {
    this.#enter();
    checkBatch(this.#options.graph, batch, true);
    if (rates) checkRates(this.#options.graph, rates);
    const { labels, weights } = batch;
    const { logits, gradients } = this.#train(batch, true);
    this.#countBatch();
    this.#accumulate(gradients);
    if (rates) this.#update(rates);
    const values = await readTensor(logits, this.#lease);
    const losses = taskLosses(values, labels, weights, this.#posWeights);
    return { loss: meanLoss(losses), taskLosses: losses };
  }

  /** Every BatchNorm has seen one batch more. */
  #countBatch(): void {
    for (const tensor of this.#constants.values())
      if (tensor.dtype === 'I64') tensor.data.forEach((count, index) => (tensor.data[index] = count + 1n));
  }

  #accumulate(gradients: tf.Tensor[]): void {
    const sum = this.#accumulated;
    this.#accumulated = sum ? gradients.map((each, index) => tf.add(each, sum[index] ?? 0)) : gradients;
    if (sum) tf.dispose([...sum, ...gradients]);
    this.#microStep++;
  }

  #update(rates: LearningRates): void {
    const sum = this.#accumulated ?? [];
    tf.tidy(() => {
      const mean = this.#microStep > 1 ? sum.map((each) => tf.div(each, this.#microStep)) : sum;
      this.#parameters.update(mean, rates, this.#step + 1, this.#options.adam);
    });
    tf.dispose(sum);
    this.#accumulated = null;
    this.#microStep = 0;
    this.#step++;
  }

  async predict(batch: RecapBatch): Promise<Predictions> {
    this.#enter();
    checkBatch(this.#options.graph, batch, false);
    const logits = tf.tidy(() => {
      const pass: Pass = {
        batch,
        ...rowVectors(batch.size),
        parameter: this.#lookup(this.#parameters.tensors()),
        training: null,
      };
      const values = new Map<string, tf.Tensor>();
      evaluate(this.#program, this.#program.fixed, values, pass);
      evaluate(this.#program, this.#program.trained, values, pass);
      return logitsOf(this.#program, values);
    });
    const ratios = this.#ratioNames.map((name) => Number(this.#constants.get(name)?.data[0] ?? 1));
    return headOutputs(await readTensor(logits, this.#lease), ratios);
  }

  async gradients(batch: RecapBatch): Promise<StateDict> {
    this.#enter();
    checkBatch(this.#options.graph, batch, true);
    const { logits, gradients } = this.#train(batch, false);
    logits.dispose();
    return this.#read(gradients.map((tensor, index) => [this.#specs[index]?.name ?? '', tensor]));
  }

  async state(): Promise<EngineState> {
    this.#enter();
    const step = this.#step;
    const constants = new Map([...this.#constants].map(([name, tensor]) => [name, copyOf(tensor)]));
    const running = [...this.#running].map(([name, tensor]): [string, tf.Tensor] => [name, tf.clone(tensor)]);
    const trained = await this.#parameters.snapshot((tensor) => readTensor(tensor, this.#lease));
    const { expAvg, expAvgSq } = trained;
    const statistics = await this.#read(running);
    const model = this.#options.graph.parameters.map(({ name }): [string, StateTensor] => {
      const tensor = trained.values.get(name) ?? statistics.get(name) ?? constants.get(name);
      if (!tensor) throw new Error(`no value for ${name}`);
      return [name, tensor];
    });
    return { model: new Map(model), optimizer: { step, expAvg, expAvgSq } };
  }

  /** Reads and disposes tensors, one at a time so that staging memory stays small. */
  async #read(tensors: readonly (readonly [string, tf.Tensor])[]): Promise<StateDict> {
    const dict = new Map<string, StateTensor>();
    const rest = [...tensors];
    try {
      for (let next = rest.shift(); next; next = rest.shift()) {
        const [name, tensor] = next;
        const { shape } = tensor;
        dict.set(name, { dtype: 'F32', shape, data: await readTensor(tensor, this.#lease) });
      }
    } finally {
      tf.dispose(rest.map(([, tensor]) => tensor));
    }
    return dict;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#lease.activate();
    this.#free();
    this.#disposed = true;
    this.#lease.release();
  }
}

function copyOf(tensor: StateTensor): StateTensor {
  return tensor.dtype === 'I64'
    ? { ...tensor, data: tensor.data.slice() }
    : { ...tensor, data: tensor.data.slice() };
}

function rowVectors(size: number): Pick<Pass, 'ones' | 'averages'> {
  return { ones: tf.ones([1, size]), averages: tf.fill([1, size], 1 / size) };
}

/** See lossGradient. */
function lossFactors(
  { size, labels, weights }: RecapBatch,
  tasks: number,
  posWeight: readonly number[],
): { positive: Float32Array; negative: Float32Array } {
  const scale = 1 / (size * tasks);
  return {
    positive: labels.map((label, index) => (1 - label) * (weights?.[index] ?? 1) * scale),
    negative: labels.map(
      (label, index) => (posWeight[index % tasks] ?? 1) * label * (weights?.[index] ?? 1) * scale,
    ),
  };
}
