/** An engine without a model, for tests of what is around it: it records its calls and answers what a test tells it. */
import type { BatchLayout, RecapBatch } from '../../data/recap-batch.ts';
import type { Engine, EngineState, LearningRates, Predictions, StepResult } from '../../engines/engine.ts';
import type { StateDict } from '../../formats/state-dict.ts';
import type { TrainingSource } from '../training-source.ts';
import type { ModelGraph } from '../../graph/graph.ts';

export const TASKS = ['a', 'b'] as const;

export const layout: BatchLayout = {
  continuous: 1,
  binary: 0,
  discrete: 1,
  userEmbedding: 0,
  userEngEmbedding: 0,
  authorEmbedding: 0,
  tasks: TASKS,
};

/** A graph with two heads and no nodes but the losses. */
export const graph: ModelGraph = {
  nodes: TASKS.map((task) => ({
    id: `loss.${task}`,
    kind: 'loss',
    task,
    posWeight: 1,
    inputs: [],
    width: 1,
    scope: ['tower', task],
  })),
  parameters: [
    {
      name: 'w',
      shape: [2],
      dtype: 'F32',
      trainable: true,
      init: { kind: 'constant', value: 0 },
      group: 'a',
    },
  ],
  outputs: TASKS.map((task) => ({
    task,
    logit: `logit.${task}`,
    probability: `probability.${task}`,
    calibrated: `calibrated.${task}`,
    loss: `loss.${task}`,
  })),
  groups: ['backbone', ...TASKS],
  zeroGradients: new Set(),
};

/** Batch number `index` of 4 rows: the index is its first continuous value; labels 1, 0, 1, 0 for both tasks. */
export function batchOf(index: number): RecapBatch {
  return {
    size: 4,
    continuous: Float32Array.of(index, 0, 0, 0),
    binary: new Float32Array(0),
    discrete: Float32Array.of(1, 1, 2, 2),
    userEmbedding: new Float32Array(0),
    userEngEmbedding: new Float32Array(0),
    authorEmbedding: new Float32Array(0),
    labels: Float32Array.of(1, 1, 0, 0, 1, 1, 0, 0),
    weights: null,
  };
}

/** Batches 0, 1, 2, …; null after `length`. */
export function countingSource(
  length = Number.POSITIVE_INFINITY,
): TrainingSource & { taken: number; disposed: boolean } {
  return {
    layout,
    taken: 0,
    disposed: false,
    next() {
      if (this.taken >= length) return Promise.resolve(null);
      const batch = batchOf(this.taken++);
      return Promise.resolve({
        ...batch,
        position: { kind: 'uniform', used: this.taken, random: [1, 2, 3, 4] } as const,
      });
    },
    seek(at) {
      this.taken = at?.kind === 'uniform' ? at.used : 0;
      return Promise.resolve();
    },
    dispose() {
      this.disposed = true;
    },
  };
}

export interface FakeStep {
  readonly batch: number;
  readonly rates: LearningRates | null;
}

export class FakeEngine implements Engine {
  /** Steps that may be under way. */
  depth = 2;
  readonly info = {
    name: 'tfjs-cpu',
    adapter: 'CPU',
    software: true,
    bytes: () => 0,
    allocations: () => 0,
    inFlight: () => this.depth,
  } as const;
  readonly steps: FakeStep[] = [];
  readonly loaded: number[] = [];
  /** Steps under way, now and at most. */
  inFlight = 0;
  maxInFlight = 0;
  predictions = 0;
  updates = 0;
  weight = 0;
  disposed = false;
  /** Loss by task of the n-th call of `step`; may throw. */
  losses: (call: number) => readonly number[] = (call) => [1 / (call + 1), 3 / (call + 1)];
  /** Awaited by each step before it answers. */
  work: () => Promise<void> = () => Promise.resolve();

  load(model: StateDict, optimizer?: { step: number }): Promise<void> {
    const tensor = model.get('w');
    this.weight = Number(tensor?.data[0] ?? 0);
    this.updates = optimizer?.step ?? 0;
    this.loaded.push(this.updates);
    return Promise.resolve();
  }

  async step(batch: RecapBatch, rates: LearningRates | null): Promise<StepResult> {
    const call = this.steps.length;
    this.steps.push({ batch: batch.continuous[0] ?? -1, rates });
    if (rates) this.updates++;
    this.maxInFlight = Math.max(this.maxInFlight, ++this.inFlight);
    await this.work();
    this.inFlight--;
    const taskLosses = Float32Array.from(this.losses(call));
    return { loss: taskLosses.reduce((sum, x) => sum + x, 0) / taskLosses.length, taskLosses };
  }

  predict(batch: RecapBatch): Promise<Predictions> {
    this.predictions++;
    const logits = Float32Array.from({ length: batch.size * 2 }, (_, i) => (i < batch.size ? 1 : -1));
    const probabilities = logits.map((x) => 1 / (1 + Math.exp(-x)));
    return Promise.resolve({ size: batch.size, logits, probabilities, calibrated: probabilities });
  }

  state(): Promise<EngineState> {
    const tensor = { dtype: 'F32', shape: [2], data: Float32Array.of(this.weight, this.updates) } as const;
    const dict: StateDict = new Map([['w', tensor]]);
    return Promise.resolve({ model: dict, optimizer: { step: this.updates, expAvg: dict, expAvgSq: dict } });
  }

  gradients(): Promise<StateDict> {
    return Promise.resolve(new Map());
  }

  dispose(): void {
    this.disposed = true;
  }
}
