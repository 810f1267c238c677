/** An engine's plans by kind and batch size, compiled when they are first asked for. */
import type { EngineOptions } from '../engine.ts';
import { PlanExecutor } from './executor.ts';
import type { Gpu } from './gpu.ts';
import type { KernelChoice } from './kernel-choice.ts';
import type { SharedMemory } from './memory.ts';
import type { CompiledModel } from './plan/compiled-model.ts';
import type { Plan } from './plan/plan.ts';
import { gradientPlan, packPlan, predictionPlan, trainingPlan, updatePlan } from './plan/plans.ts';

export type PlanKind = 'train' | 'gradient' | 'update' | 'predict' | 'pack';

/** Plans of other batch sizes that are kept, of each kind. */
const SPARE_PLANS = 2;

export class Executors {
  readonly #gpu: Gpu;
  readonly #model: CompiledModel;
  readonly #memory: SharedMemory;
  readonly #options: EngineOptions;
  readonly #kernels: KernelChoice;
  readonly #beforeDrop: (executor: PlanExecutor) => Promise<void>;
  /** By kind and batch size, oldest first. */
  readonly #made = new Map<string, PlanExecutor>();

  /** @param beforeDrop resolves when nothing of an executor is on the way any more. */
  constructor(
    gpu: Gpu,
    model: CompiledModel,
    memory: SharedMemory,
    options: EngineOptions,
    kernels: KernelChoice,
    beforeDrop: (executor: PlanExecutor) => Promise<void>,
  ) {
    this.#gpu = gpu;
    this.#model = model;
    this.#memory = memory;
    this.#options = options;
    this.#kernels = kernels;
    this.#beforeDrop = beforeDrop;
  }

  /** Compiled on first use; of odd batch sizes only the last few are kept. @throws GpuError for what the device refuses. */
  async get(kind: PlanKind, rows: number): Promise<PlanExecutor> {
    const key = `${kind} ${rows}`;
    const known = this.#made.get(key);
    if (known) return known;
    const spare = [...this.#made].filter(
      ([name, { plan }]) => name.startsWith(kind) && plan.rows !== this.#options.batchSize,
    );
    const [oldest] = spare;
    if (oldest && spare.length >= SPARE_PLANS) {
      await this.#beforeDrop(oldest[1]);
      oldest[1].dispose();
      this.#made.delete(oldest[0]);
    }
    const executor = await PlanExecutor.create(this.#gpu, this.plan(kind, rows), this.#memory);
    this.#made.set(key, executor);
    return executor;
  }

  /** Resolves when all plans there are run their own kernels. */
  async improved(): Promise<void> {
    await Promise.all([...this.#made.values()].map((executor) => executor.improved()));
  }

  /** The plan, not compiled. */
  plan(kind: PlanKind, rows: number): Plan {
    const { adam } = this.#options;
    const options = this.#kernels.planOptions;
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

  dispose(): void {
    for (const executor of this.#made.values()) executor.dispose();
    this.#made.clear();
  }
}
