/**
 * Our own WebGPU engine. It compiles the graph to static plans (training, prediction, and gradients for accumulation) that
 * share the parameters, and replays them: a step is a few uploads, one pass of dispatches and one submit. Calls run in
 * order; at most two training steps are in flight, so that the queue stays short and the device busy.
 */
import type { RecapBatch } from '../../data/recap-batch.ts';
import type { StateDict } from '../../formats/state-dict.ts';
import { checkBatch, inputWidths, posWeights } from '../batch.ts';
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
import { checkOptimizerState, checkStateDict, settledOptimizer } from '../state.ts';
import type { GpuDevice } from '../gpu/device.ts';
import type { DispatchTime } from './executor.ts';
import { MAX_IN_FLIGHT, PlanExecutor } from './executor.ts';
import { Gpu } from './gpu.ts';
import { hyperWords } from './hyper.ts';
import { SharedMemory } from './memory.ts';
import type { ChooseVariant, CompiledModel, PlanOptions } from './plan/compiled-model.ts';
import { compileModel } from './plan/compiled-model.ts';
import type { Plan, PlanCost } from './plan/plan.ts';
import { planCost } from './plan/plan.ts';
import { gradientPlan, packPlan, predictionPlan, trainingPlan, updatePlan } from './plan/plans.ts';
import { ParameterStore } from './store.ts';
import type { TunerOptions } from './tuner.ts';
import { GemmBench } from './gemm-bench.ts';
import { checkFits, memoryNeeds } from './needs.ts';
import { checkedChoice } from './self-check.ts';
import { keptChoice, KernelNotes } from './kept-kernels.ts';
import { GemmRecorder, tune, useKey } from './tuner.ts';
import { candidates } from './variants.ts';

/**
 * Steps whose results may be on the way when the next is submitted: enough that a short step never waits for its loss to
 * be read, few enough that a long one is not queued in front of a prediction.
 */
const inFlight = (stepMs: number) => (stepMs < 12 ? MAX_IN_FLIGHT : stepMs < 40 ? 4 : 2);

/** Plans of other batch sizes that are kept, of each kind. */
const SPARE_PLANS = 2;

/** Milliseconds that one submit may take: browsers drop a device that does not answer for seconds. */
const SUBMIT_BUDGET = 200;

/** What adapters do at the least, for the first step's splitting: on the CPU, on a phone or an old processor's graphics, else. */
const SOFTWARE_FLOPS_PER_MS = 1.5e6;
const SMALL_FLOPS_PER_MS = 3e7;
const LEAST_FLOPS_PER_MS = 3e8;

type PlanKind = 'train' | 'gradient' | 'update' | 'predict' | 'pack';

export interface WebgpuEngineOptions {
  /** Rows of a prediction plan; the training batch size when absent. Other sizes are cut or padded. */
  readonly predictBatchSize?: number;
  /** Milliseconds that one submit may take; a longer step is split. */
  readonly submitBudget?: number;
  /** Overrides the choice of GEMM variants; nothing is measured then. */
  readonly choose?: ChooseVariant;
  /** How GEMM variants are measured and remembered. */
  readonly tuner?: TunerOptions;
}

/**
 * An engine with parameters initialised from `options.seed`, its training plan compiled.
 * @throws GpuError when the device refuses a buffer or a shader; DeviceLostError when it is gone.
 */
export async function createWebgpuEngine(
  options: EngineOptions,
  gpu: GpuDevice,
  extra: WebgpuEngineOptions = {},
): Promise<WebgpuEngine> {
  const engine = new WebgpuEngine(options, gpu, extra);
  try {
    await engine.prepare();
    return engine;
  } catch (error) {
    engine.dispose();
    throw error;
  }
}

/** The engine, with what benchmarks ask of it beyond the interface. */
export class WebgpuEngine implements Engine {
  readonly info: EngineInfo;
  readonly #options: EngineOptions;
  readonly #extra: WebgpuEngineOptions;
  readonly #gpu: Gpu;
  readonly #model: CompiledModel;
  readonly #memory: SharedMemory;
  readonly #store: ParameterStore;
  #choose: ChooseVariant;
  readonly #kernels = new KernelNotes();
  #notes: readonly string[] = [];
  readonly #posWeights: readonly number[];
  readonly #ratioNames: readonly string[];
  /** Executors by kind and batch size, oldest first. */
  readonly #executors = new Map<string, PlanExecutor>();
  /** The end of the queue of calls. */
  #tail: Promise<unknown> = Promise.resolve();
  readonly #flying: Promise<unknown>[] = [];
  #step = 0;
  #microStep = 0;
  /** Milliseconds of a step by plan, measured; estimated before the first. */
  readonly #stepTime = new Map<PlanExecutor, number>();
  /** When the last result arrived: steps overlap, so a step's time starts there. */
  #lastDone = 0;
  #disposed = false;

  constructor(options: EngineOptions, device: GpuDevice, extra: WebgpuEngineOptions) {
    this.#options = options;
    this.#extra = extra;
    this.#gpu = new Gpu(device);
    this.#model = compileModel(options.graph);
    this.#memory = new SharedMemory(this.#gpu, this.#model);
    this.#store = new ParameterStore(this.#model, this.#memory, !options.inferenceOnly);
    this.#posWeights = posWeights(options.graph);
    this.#ratioNames = ratioNames(options.graph);
    const { software } = device;
    const { target } = this.#gpu;
    this.#choose =
      extra.choose ?? this.#kept((problem, epilogue) => candidates(problem, epilogue, target)[0]);
    this.info = {
      name: 'webgpu',
      adapter: device.description,
      software,
      bytes: () => this.#gpu.bytes,
      allocations: () => this.#gpu.buffers,
      inFlight: () => this.#depth,
      notes: () => this.#notes,
      kernels: () => {
        // Those of plans that are compiled when they are first asked for count too.
        if (!options.inferenceOnly) this.#plan('gradient', options.batchSize);
        this.#plan('predict', extra.predictBatchSize ?? options.batchSize);
        return this.#kernels.chosen;
      },
    };
  }

  async prepare(): Promise<void> {
    this.#gpu.check();
    const rows = Math.max(this.#options.batchSize, this.#extra.predictBatchSize ?? 0);
    checkFits(memoryNeeds(this.#model, rows, this.#options.halfWeights === true), this.#gpu.device.limits);
    await this.#gpu.validated('the parameters', () => {
      this.#memory.write('smallGroups', this.#model.layout.smallGroups);
      this.#store.prepare(initialState(this.#options.graph, this.#options.seed), null)();
    });
    if (!this.#extra.choose) await this.#chooseKernels();
    await this.#packHalves();
    await this.#executor(
      this.#options.inferenceOnly ? 'predict' : 'train',
      this.#options.inferenceOnly ? rows : this.#options.batchSize,
    );
  }

  /** The kernels that the options bring, if they are this adapter's, before others. */
  #kept(otherwise: ChooseVariant): ChooseVariant {
    const { kernels } = this.#options;
    return kernels?.adapter === this.#gpu.description ? keptChoice(kernels.choices, otherwise) : otherwise;
  }

  /** Measured and checked on a graphics card; guessed where the adapter computes on the CPU, which makes nothing of it. */
  async #chooseKernels(): Promise<void> {
    const gpu = this.#gpu;
    if (gpu.software) return;
    const recorder = new GemmRecorder(gpu.target);
    const { batchSize, adam } = this.#options;
    trainingPlan(this.#model, batchSize, adam, this.#planOptions(recorder.choose));
    const { uses } = recorder;
    const kept = this.#options.kernels?.adapter === gpu.description ? this.#options.kernels.choices : {};
    const measured = await tune(
      gpu.target,
      gpu.description,
      uses.filter((use) => kept[useKey(use)] === undefined),
      () => new GemmBench(gpu),
      this.#extra.tuner,
    );
    const { choose, notes } = await checkedChoice(gpu, uses, this.#kept(measured));
    this.#choose = choose;
    this.#notes = notes;
  }

  async load(model: StateDict, optimizer?: OptimizerState): Promise<void> {
    checkStateDict(this.#options.graph.parameters, model);
    if (optimizer) checkOptimizerState(this.#options.graph, optimizer);
    const apply = this.#store.prepare(
      model,
      optimizer ? settledOptimizer(this.#options.graph, optimizer) : null,
    );
    const step = optimizer?.step ?? 0;
    return this.#enqueue(async () => {
      await this.#settle();
      apply();
      await this.#packHalves();
      this.#step = step;
      this.#microStep = 0;
    });
  }

  #checkTrains(): void {
    if (this.#options.inferenceOnly) throw new Error('this engine was made for predictions only');
  }

  /** Steps that may be on the way: by the time of the last, once it is known. */
  get #depth(): number {
    const times = [...this.#stepTime.values()];
    return this.#gpu.software || times.length === 0 ? 2 : inFlight(Math.max(...times));
  }

  async step(given: RecapBatch, rates: LearningRates | null): Promise<StepResult> {
    this.#checkTrains();
    checkBatch(this.#options.graph, given, true);
    const batch = this.#copy(given);
    const { labels, weights } = batch;
    const result = await this.#enqueue(async () => {
      while (this.#flying.length >= this.#depth) await this.#flying[0];
      const fused = rates !== null && this.#microStep === 0;
      const executor = await this.#executor(fused ? 'train' : 'gradient', batch.size);
      this.#upload(executor, batch);
      this.#writeHyper({ rates, track: true, accumulate: this.#microStep > 0, batches: this.#microStep + 1 });
      const pending = (await this.#run(executor, batch.size))();
      this.#track(pending);
      this.#store.countBatch();
      this.#microStep += 1;
      if (rates) {
        if (!fused) await (await this.#executor('update', 1)).run(1, 1, false);
        this.#microStep = 0;
        this.#step += 1;
      }
      return { pending };
    });
    const losses = taskLosses(await result.pending, labels, weights, this.#posWeights);
    return { loss: meanLoss(losses), taskLosses: losses };
  }

  async predict(given: RecapBatch): Promise<Predictions> {
    checkBatch(this.#options.graph, given, false);
    const batch = this.#copy(given);
    const parts = await this.#enqueue(async () => {
      const rows = this.#extra.predictBatchSize ?? this.#options.batchSize;
      const executor = await this.#executor('predict', rows);
      const pending: { size: number; logits: Promise<Float32Array> }[] = [];
      for (let begin = 0; begin < batch.size; begin += rows) {
        while (this.#flying.length >= this.#depth) await this.#flying[0];
        const size = Math.min(rows, batch.size - begin);
        for (const { tensor, width } of inputWidths(this.#options.graph))
          executor.upload(tensor, floats(batch[tensor]).subarray(begin * width, (begin + size) * width));
        const logits = (await this.#run(executor, size))();
        this.#track(logits);
        pending.push({ size, logits });
      }
      return pending;
    });
    const tasks = this.#ratioNames.length;
    const logits = new Float32Array(batch.size * tasks);
    let begin = 0;
    for (const { size, logits: part } of parts) {
      logits.set((await part).subarray(0, size * tasks), begin * tasks);
      begin += size;
    }
    return headOutputs(
      logits,
      this.#ratioNames.map((name) => this.#store.untrained(name)),
    );
  }

  async state(): Promise<EngineState> {
    this.#checkTrains();
    // Only the copy stands in the queue; steps go on while it is read.
    const { read } = await this.#enqueue(async () => ({ read: await this.#store.state(this.#step) }));
    return read();
  }

  async gradients(given: RecapBatch): Promise<StateDict> {
    this.#checkTrains();
    checkBatch(this.#options.graph, given, true);
    const batch = this.#copy(given);
    return this.#enqueue(async () => {
      await this.#settle();
      const executor = await this.#executor('gradient', batch.size);
      // Gradients accumulated so far make room and come back.
      const kept = this.#microStep > 0 ? await this.#store.readGradients() : null;
      this.#upload(executor, batch);
      this.#writeHyper({ rates: null, track: false, accumulate: false, batches: 1 });
      await (
        await this.#run(executor, batch.size)
      )();
      const gradients = await this.#store.readGradients();
      if (kept) this.#store.writeGradients(kept);
      return this.#store.gradients(gradients);
    });
  }

  /** Time of every dispatch of a training step, for reports. Leaves the parameters changed. */
  profile(): Promise<DispatchTime[]> {
    return this.#enqueue(async () => {
      await this.#settle();
      const rows = this.#options.batchSize;
      return (await this.#executor('train', rows)).profile(rows);
    });
  }

  /** Floating-point operations, bytes that must cross memory, and dispatches of a training step, by static count. */
  cost(): Promise<PlanCost> {
    return this.#enqueue(async () => planCost((await this.#executor('train', this.#options.batchSize)).plan));
  }

  /** Runs calls one after another, in the order in which they were made. */
  #enqueue<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(() => {
      if (this.#disposed) throw new Error('the engine was disposed');
      this.#gpu.check();
      return call();
    });
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Counts a result among those in flight until it is there. */
  #track(pending: Promise<unknown>): void {
    const done = pending.then(
      () => undefined,
      () => undefined,
    );
    this.#flying.push(done);
    void done.then(() => this.#flying.splice(this.#flying.indexOf(done), 1));
  }

  async #settle(): Promise<void> {
    await Promise.all(this.#flying);
  }

  /** A call may wait in the queue; its caller may use the arrays again at once. */
  #copy(batch: RecapBatch): RecapBatch {
    const copy = { ...batch, labels: batch.labels.slice(), weights: batch.weights?.slice() ?? null };
    for (const { tensor } of inputWidths(this.#options.graph)) copy[tensor] = batch[tensor].slice();
    return copy;
  }

  /** Uploads the tensors that the plan reads; labels and weights as one. */
  #upload(executor: PlanExecutor, batch: RecapBatch): void {
    for (const { tensor } of inputWidths(this.#options.graph)) executor.upload(tensor, floats(batch[tensor]));
    executor.upload('targets', floats(batch.labels));
    const weights = batch.weights ?? new Float32Array(batch.labels.length).fill(1);
    executor.upload('targets', floats(weights), batch.labels.length);
  }

  #writeHyper(options: {
    rates: LearningRates | null;
    track: boolean;
    accumulate: boolean;
    batches: number;
  }): void {
    const { graph, adam, seed } = this.#options;
    const words = hyperWords({
      ...options,
      groups: graph.groups,
      adam,
      seed,
      step: this.#step,
      microStep: this.#microStep,
    });
    this.#memory.write('hyper', words);
  }

  /** Submits a plan, in several parts when it takes longer than a submit may. */
  async #run(executor: PlanExecutor, rows: number): Promise<() => Promise<Float32Array>> {
    const budget = this.#extra.submitBudget ?? SUBMIT_BUDGET;
    const share = rows / executor.plan.rows;
    const known = this.#stepTime.get(executor) ?? this.#estimate(executor);
    const start = performance.now();
    const read = await executor.run(rows, Math.ceil((known * share) / budget), true);
    return async () => {
      const output = await read();
      const now = performance.now();
      this.#stepTime.set(executor, (now - Math.max(start, this.#lastDone)) / share);
      this.#lastDone = now;
      return output;
    };
  }

  /** Milliseconds of a plan before it was ever measured. */
  #estimate({ plan }: PlanExecutor): number {
    const { software, small } = this.#gpu.target;
    return (
      planCost(plan).flops /
      (software ? SOFTWARE_FLOPS_PER_MS : small ? SMALL_FLOPS_PER_MS : LEAST_FLOPS_PER_MS)
    );
  }

  /** The executor of a plan, compiled on first use. Of training plans for odd batch sizes only the last few are kept. */
  async #executor(kind: PlanKind, rows: number): Promise<PlanExecutor> {
    const key = `${kind} ${rows}`;
    const known = this.#executors.get(key);
    if (known) return known;
    const spare = [...this.#executors].filter(
      ([name, { plan }]) => name.startsWith(kind) && plan.rows !== this.#options.batchSize,
    );
    const [oldest] = spare;
    if (oldest && spare.length >= SPARE_PLANS) {
      await this.#settle();
      oldest[1].dispose();
      this.#executors.delete(oldest[0]);
      this.#stepTime.delete(oldest[1]);
    }
    const executor = await PlanExecutor.create(this.#gpu, this.#plan(kind, rows), this.#memory);
    this.#executors.set(key, executor);
    return executor;
  }

  #plan(kind: PlanKind, rows: number): Plan {
    const { adam } = this.#options;
    const options = this.#planOptions(this.#kernels.noting(this.#choose));
    switch (kind) {
      case 'train':
        return trainingPlan(this.#model, rows, adam, options);
      case 'gradient':
        return gradientPlan(this.#model, rows, options);
      case 'update':
        return updatePlan(this.#model, adam, options);
      case 'predict':
        return predictionPlan(this.#model, rows, options);
      case 'pack':
        return packPlan(this.#model, options);
    }
  }

  #planOptions(choose: ChooseVariant): PlanOptions {
    return { software: this.#gpu.software, choose, halfWeights: this.#options.halfWeights === true };
  }

  /** Brings the half-precision copies in step with weights that were written from here. */
  async #packHalves(): Promise<void> {
    if (this.#options.halfWeights) await (await this.#executor('pack', 1)).run(1, 1, false);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const executor of this.#executors.values()) executor.dispose();
    this.#executors.clear();
    this.#memory.dispose();
  }
}

const floats = (array: Float32Array): Float32Array<ArrayBuffer> =>
  array.buffer instanceof ArrayBuffer ? (array as Float32Array<ArrayBuffer>) : new Float32Array(array);
