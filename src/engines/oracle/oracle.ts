/**
 * The oracle: a plain interpreter of the model graph in float64, with the Engine's methods. Slow and obvious on
 * purpose; engines and kernels are tested against it. It is not offered to train with.
 */
import type { RecapBatch } from '../../data/recap-batch.ts';
import type { StateDict, StateTensor } from '../../formats/state-dict.ts';
import type { ModelGraph } from '../../graph/graph.ts';
import { checkBatch, checkRates, posWeights } from '../batch.ts';
import { meanLoss, taskLosses } from '../bce.ts';
import type {
  Engine,
  EngineOptions,
  EngineState,
  LearningRates,
  OptimizerState,
  Predictions,
  StepResult,
} from '../engine.ts';
import { initialState } from '../init.ts';
import {
  checkOptimizerState,
  checkStateDict,
  freshOptimizerState,
  settledOptimizer,
  trainableSpecs,
} from '../state.ts';
import { backward } from './backward.ts';
import { forward, type ForwardPass } from './forward.ts';
import { adam } from './kernels.ts';
import { columns, predictionsOf, vectors } from './predict.ts';

type Vectors = Map<string, Float64Array>;

export class OracleEngine implements Omit<Engine, 'info'> {
  readonly #graph: ModelGraph;
  readonly #options: EngineOptions;
  #parameters: Vectors = new Map();
  #tracked = new Map<string, bigint>();
  #m: Vectors = new Map();
  #v: Vectors = new Map();
  #step = 0;
  #accumulated: Vectors | null = null;
  #micro = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#graph = options.graph;
    this.#load(initialState(options.graph, options.seed));
  }

  async load(model: StateDict, optimizer?: OptimizerState): Promise<void> {
    this.#load(model, optimizer);
  }

  #load(model: StateDict, optimizer: OptimizerState = freshOptimizerState(this.#graph)): void {
    checkStateDict(this.#graph.parameters, model);
    checkOptimizerState(this.#graph, optimizer);
    this.#parameters = vectors(model);
    this.#tracked = new Map(
      [...model].flatMap(([name, { dtype, data }]) => (dtype === 'I64' ? [[name, data[0] ?? 0n]] : [])),
    );
    const { expAvg, expAvgSq } = settledOptimizer(this.#graph, optimizer);
    this.#m = vectors(expAvg);
    this.#v = vectors(expAvgSq);
    this.#step = optimizer.step;
    this.#accumulated = null;
    this.#micro = 0;
  }

  #forward(batch: RecapBatch, training: boolean): ForwardPass {
    checkBatch(this.#graph, batch, training);
    return forward(this.#graph, batch, this.#parameters, {
      training,
      seed: this.#options.seed,
      step: this.#step,
      microStep: this.#micro,
    });
  }

  async step(batch: RecapBatch, rates: LearningRates | null): Promise<StepResult> {
    if (rates) checkRates(this.#graph, rates);
    const pass = this.#forward(batch, true);
    const gradients = backward(this.#graph, batch, this.#parameters, pass);
    for (const [name, value] of pass.running) this.#parameters.set(name, value);
    for (const [name, count] of this.#tracked) this.#tracked.set(name, count + 1n);
    const sum = this.#accumulated;
    if (sum)
      for (const [name, each] of gradients)
        sum.get(name)?.forEach((value, i) => (each[i] = (each[i] ?? 0) + value));
    this.#accumulated = gradients;
    this.#micro++;
    if (rates) this.#update(rates);
    const logits = columns(this.#graph.outputs.map(({ logit }) => pass.values.get(logit)));
    const losses = taskLosses(logits, batch.labels, batch.weights, posWeights(this.#graph));
    return { loss: meanLoss(losses), taskLosses: losses };
  }

  #update(rates: LearningRates): void {
    this.#step++;
    for (const { name, group } of trainableSpecs(this.#graph)) {
      const gradient = this.#accumulated?.get(name)?.map((value) => value / this.#micro);
      const [parameter, m, v, rate] = [
        this.#parameters.get(name),
        this.#m.get(name),
        this.#v.get(name),
        rates[group],
      ];
      if (!gradient || !parameter || !m || !v || rate === undefined)
        throw new Error(`no gradient for ${name}`);
      adam(parameter, gradient, m, v, this.#step, rate, this.#options.adam);
    }
    this.#accumulated = null;
    this.#micro = 0;
  }

  async predict(batch: RecapBatch): Promise<Predictions> {
    return this.#outputs(batch, false);
  }

  /** What the heads give in training mode; nothing is changed. */
  trainingOutputs(batch: RecapBatch): Predictions {
    return this.#outputs(batch, true);
  }

  #outputs(batch: RecapBatch, training: boolean): Predictions {
    return predictionsOf(this.#graph, batch, this.#forward(batch, training));
  }

  async gradients(batch: RecapBatch): Promise<StateDict> {
    return this.#dict(backward(this.#graph, batch, this.#parameters, this.#forward(batch, true)));
  }

  async state(): Promise<EngineState> {
    const model = this.#graph.parameters.map(({ name, shape, dtype }): [string, StateTensor] =>
      dtype === 'I64'
        ? [name, { dtype, shape, data: BigInt64Array.of(this.#tracked.get(name) ?? 0n) }]
        : [name, { dtype, shape, data: Float32Array.from(this.#parameters.get(name) ?? []) }],
    );
    return {
      model: new Map(model),
      optimizer: { step: this.#step, expAvg: this.#dict(this.#m), expAvgSq: this.#dict(this.#v) },
    };
  }

  #dict(values: Vectors): StateDict {
    return new Map(
      trainableSpecs(this.#graph).map(({ name, shape }): [string, StateTensor] => [
        name,
        { dtype: 'F32', shape, data: Float32Array.from(values.get(name) ?? []) },
      ]),
    );
  }

  dispose(): void {
    this.#parameters.clear();
  }
}
