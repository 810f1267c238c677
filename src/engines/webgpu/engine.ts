/**
 * Our own WebGPU engine. It compiles the graph to static plans (training, prediction, and gradients for accumulation) that
 * share the parameters, and replays them: a step is a few uploads, one pass of dispatches and one submit. Calls run in
 * order; a few training steps are on the way at a time, so that the queue stays short and the device busy.
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
import type { DispatchTime, PlanExecutor } from './executor.ts';
import { Executors } from './executors.ts';
import { Flights } from './flights.ts';
import { Gpu } from './gpu.ts';
import { hyperWords } from './hyper.ts';
import { KernelChoice } from './kernel-choice.ts';
import { SharedMemory } from './memory.ts';
import { checkFits } from './needs.ts';
import type { ChooseVariant, CompiledModel } from './plan/compiled-model.ts';
import { compileModel } from './plan/compiled-model.ts';
import type { PlanCost } from './plan/plan.ts';
import { planCost } from './plan/plan.ts';
import { ParameterStore } from './store.ts';
import type { TunerOptions } from './tuner.ts';

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
  readonly #kernels: KernelChoice;
  readonly #flights: Flights;
  readonly #executors: Executors;
  readonly #posWeights: readonly number[];
  readonly #ratioNames: readonly string[];
  /** The end of the queue of calls. */
  #tail: Promise<unknown> = Promise.resolve();
  #step = 0;
  #microStep = 0;
  #disposed = false;
  /** Calls that were begun and have not ended. */
  #calls = 0;

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
    this.#kernels = new KernelChoice(this.#gpu, options, extra.choose);
    this.#flights = new Flights(this.#gpu.target, extra.submitBudget);
    this.#executors = new Executors(
      this.#gpu,
      this.#model,
      this.#memory,
      options,
      this.#kernels,
      async (executor) => {
        await this.#flights.settle();
        this.#flights.forget(executor);
      },
    );
    this.info = {
      name: 'webgpu',
      adapter: device.description,
      software,
      bytes: () => this.#gpu.bytes,
      allocations: () => this.#gpu.buffers,
      inFlight: () => this.#flights.depth,
      notes: () => this.#kernels.notes,
      kernels: () => {
        // Those of plans that are compiled when they are first asked for count too.
        if (!options.inferenceOnly) this.#executors.plan('gradient', options.batchSize);
        this.#executors.plan('predict', this.#predictRows);
        return this.#kernels.chosen;
      },
    };
  }

  /** Rows of the plan that predicts. */
  get #predictRows(): number {
    return this.#extra.predictBatchSize ?? this.#options.batchSize;
  }

  async prepare(): Promise<void> {
    this.#gpu.check();
    const { inferenceOnly, batchSize } = this.#options;
    const rows = inferenceOnly ? this.#predictRows : Math.max(batchSize, this.#predictRows);
    checkFits(this.#model, rows, this.#options, this.#gpu.device.limits);
    await this.#gpu.validated('the parameters', () => {
      this.#memory.write('smallGroups', this.#model.layout.smallGroups);
      this.#store.prepare(initialState(this.#options.graph, this.#options.seed), null)();
    });
    await this.#kernels.measure(this.#model, this.#predictRows, this.#extra.tuner);
    await this.#packHalves();
    await this.#executors.get(inferenceOnly ? 'predict' : 'train', inferenceOnly ? rows : batchSize);
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
      await this.#flights.settle();
      apply();
      await this.#packHalves();
      this.#step = step;
      this.#microStep = 0;
    });
  }

  #checkTrains(): void {
    if (this.#options.inferenceOnly) throw new Error('this engine was made for predictions only');
  }

  async step(given: RecapBatch, rates: LearningRates | null): Promise<StepResult> {
    this.#checkTrains();
    checkBatch(this.#options.graph, given, true);
    const batch = this.#copy(given);
    const { labels, weights } = batch;
    const result = await this.#enqueue(async () => {
      await this.#flights.room();
      const fused = rates !== null && this.#microStep === 0;
      const executor = await this.#executors.get(fused ? 'train' : 'gradient', batch.size);
      this.#upload(executor, batch);
      this.#writeHyper({ rates, track: true, accumulate: this.#microStep > 0, batches: this.#microStep + 1 });
      const pending = (await this.#flights.run(executor, batch.size))();
      this.#flights.track(pending);
      this.#store.countBatch();
      this.#microStep += 1;
      if (rates) {
        if (!fused) await (await this.#executors.get('update', 1)).run(1, 1, false);
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
      const rows = this.#predictRows;
      const executor = await this.#executors.get('predict', rows);
      const pending: { size: number; logits: Promise<Float32Array> }[] = [];
      for (let begin = 0; begin < batch.size; begin += rows) {
        await this.#flights.room();
        const size = Math.min(rows, batch.size - begin);
        for (const { tensor, width } of inputWidths(this.#options.graph))
          executor.upload(tensor, floats(batch[tensor]).subarray(begin * width, (begin + size) * width));
        const logits = (await this.#flights.run(executor, size))();
        this.#flights.track(logits);
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
      await this.#flights.settle();
      const executor = await this.#executors.get('gradient', batch.size);
      // Gradients accumulated so far make room and come back.
      const kept = this.#microStep > 0 ? await this.#store.readGradients() : null;
      this.#upload(executor, batch);
      this.#writeHyper({ rates: null, track: false, accumulate: false, batches: 1 });
      await (
        await this.#flights.run(executor, batch.size)
      )();
      const gradients = await this.#store.readGradients();
      if (kept) this.#store.writeGradients(kept);
      return this.#store.gradients(gradients);
    });
  }

  settled(): Promise<void> {
    return this.#executors.improved();
  }

  /** Time of every dispatch of a training step, for reports. Leaves the parameters changed. */
  profile(): Promise<DispatchTime[]> {
    return this.#enqueue(async () => {
      await this.#flights.settle();
      const rows = this.#options.batchSize;
      return (await this.#executors.get('train', rows)).profile(rows);
    });
  }

  /** Floating-point operations, bytes that must cross memory, and dispatches of a training step, by static count. */
  cost(): Promise<PlanCost> {
    return this.#enqueue(async () =>
      planCost((await this.#executors.get('train', this.#options.batchSize)).plan),
    );
  }

  /** Runs calls one after another, in the order in which they were made. */
  #enqueue<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(() => {
      if (this.#disposed) throw new Error('the engine was disposed');
      this.#gpu.check();
      this.#calls++;
      return call().finally(() => this.#calls--);
    });
    this.#tail = result.catch(() => undefined);
    return result;
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

  /** Brings the half-precision copies in step with weights that were written from here. */
  async #packHalves(): Promise<void> {
    if (this.#options.halfWeights) await (await this.#executors.get('pack', 1)).run(1, 1, false);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const free = (): void => {
      this.#executors.dispose();
      this.#memory.dispose();
    };
    // What a call has begun it submits to its end, with these buffers: the device would blame the next engine for it.
    if (this.#calls > 0) void this.#tail.then(free);
    else free();
  }
}

const floats = (array: Float32Array): Float32Array<ArrayBuffer> =>
  array.buffer instanceof ArrayBuffer ? (array as Float32Array<ArrayBuffer>) : new Float32Array(array);
