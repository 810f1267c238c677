/**
 * Engine: holds the parameters of one model graph and runs training steps and predictions on some device. It is not a
 * training loop: it knows no schedules, no intervals, no data sources, no files. Every engine gives the same numbers
 * within float32 rounding; engines/oracle, a plain interpreter in float64, says which.
 */
import type { RecapBatch } from '../data/recap-batch.ts';
import type { StateDict } from '../formats/state-dict.ts';
import type { ModelGraph } from '../graph/graph.ts';

export type EngineName = 'webgpu' | 'tfjs-webgpu' | 'tfjs-wasm' | 'tfjs-cpu';

/** Adam's constants; update lr·m̂/(√v̂ + ε) (Kingma & Ba 2015, PyTorch's form). */
export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Learning rate by group: BACKBONE_GROUP and one per task. */
export type LearningRates = Readonly<Record<string, number>>;

export interface EngineOptions {
  readonly graph: ModelGraph;
  readonly adam: AdamOptions;
  /** Seeds the dropout masks; the same seed, state and batches give the same run. */
  readonly seed: number;
  /** Rows of a training batch. `step` also takes smaller batches (the last of a file), at the cost of a new plan. */
  readonly batchSize: number;
  /**
   * Products may read half-precision copies of the weights: less memory traffic, about three digits. Weights, moments and
   * sums stay float32. Engines without it ignore it.
   */
  readonly halfWeights?: boolean;
  /**
   * The engine will only predict: it may leave out moments and training. `step`, `gradients` and `state` then reject.
   * Engines without it ignore it.
   */
  readonly inferenceOnly?: boolean;
  /** The same model with layers 1/`divisor` as wide, for the advice where this one does not fit; null where there is none. */
  readonly narrower?: (divisor: number) => ModelGraph | null;
  /** Kernels that an engine chose before (EngineInfo.kernels): on the same adapter they are taken again. */
  readonly kernels?: { readonly adapter: string; readonly choices: Readonly<Record<string, string>> };
}

export interface StepResult {
  /** Mean of taskLosses. */
  readonly loss: number;
  /** In the graph's task order. */
  readonly taskLosses: Float32Array;
}

/** [size, tasks] each, row-major, in the graph's task order. */
export interface Predictions {
  readonly size: number;
  readonly logits: Float32Array;
  readonly probabilities: Float32Array;
  readonly calibrated: Float32Array;
}

/** Adam's state, keyed by parameter name. */
export interface OptimizerState {
  /** Updates done so far, for the bias correction; also the dropout counter. */
  readonly step: number;
  readonly expAvg: StateDict;
  readonly expAvgSq: StateDict;
}

export interface EngineState {
  readonly model: StateDict;
  readonly optimizer: OptimizerState;
}

/** What the page shows about where the numbers are computed. */
export interface EngineInfo {
  readonly name: EngineName;
  /** Vendor, architecture and description as the adapter gives them; 'CPU' without an adapter. */
  readonly adapter: string;
  /** True when the adapter runs on the CPU (SwiftShader, llvmpipe, WARP). */
  readonly software: boolean;
  /** Bytes of parameters, moments, activations and staging the engine holds now. */
  bytes(): number;
  /** Tensors or buffers alive now, for leak tests. */
  allocations(): number;
  /** Steps and predictions that may be on the way at once without the device falling idle or behind; 2 when absent. */
  inFlight?(): number;
  /** What was found of the device and worked around, a sentence each. */
  notes?(): readonly string[];
  /** What it chose where there was a choice that changes the last digits, for `EngineOptions.kernels`. */
  kernels?(): Readonly<Record<string, string>>;
}

export interface Engine {
  readonly info: EngineInfo;
  /**
   * Replaces the parameters and buffers, and the optimizer's moments when given (else they become zero, step 0).
   * @throws StateDictError naming the tensor when one is missing, unexpected or of another shape.
   */
  load(model: StateDict, optimizer?: OptimizerState): Promise<void>;
  /**
   * One training step. With `rates` the optimizer updates; with null the gradient is only accumulated, and the next
   * call with rates applies the mean of all gradients since the last update. Calls may overlap: they run in order.
   */
  step(batch: RecapBatch, rates: LearningRates | null): Promise<StepResult>;
  /** Evaluation mode: running statistics, no dropout. Any batch size ≥ 1. */
  predict(batch: RecapBatch): Promise<Predictions>;
  /** A copy of all parameters, buffers and moments. */
  state(): Promise<EngineState>;
  /**
   * Gradients of the mean task loss in training mode, by parameter name, without touching parameters or running
   * statistics. For tests and sensitivity analysis.
   */
  gradients(batch: RecapBatch): Promise<StateDict>;
  /** Resolves when nothing is compiled in the background any more: steps are at their full speed. Absent where nothing ever is. */
  settled?(): Promise<void>;
  dispose(): void;
}

/** Rejects `step` and others when the GPU device is gone; the run can continue on a new engine from a checkpoint. */
export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';
}
