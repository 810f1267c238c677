/** Which GEMM variants an engine takes: kept ones of an earlier run, measured and checked ones, or guesses. */
import type { EngineOptions } from '../engine.ts';
import { isSmall, stepWork } from '../software-choice.ts';
import { GemmBench } from './gemm-bench.ts';
import type { Gpu } from './gpu.ts';
import { keptChoice, KernelNotes } from './kept-kernels.ts';
import type { ChooseVariant, CompiledModel, PlanOptions } from './plan/compiled-model.ts';
import { gradientPlan, predictionPlan, trainingPlan } from './plan/plans.ts';
import { checkedChoice } from './self-check.ts';
import type { TunerOptions } from './tuner.ts';
import { GemmRecorder, tune, useKey } from './tuner.ts';
import { candidates } from './variants.ts';

export class KernelChoice {
  readonly #gpu: Gpu;
  readonly #options: EngineOptions;
  readonly #kernels = new KernelNotes();
  /** Whether a caller chooses, and nothing is measured. */
  readonly #given: boolean;
  #choose: ChooseVariant;
  #notes: readonly string[] = [];

  constructor(gpu: Gpu, options: EngineOptions, given: ChooseVariant | undefined) {
    this.#gpu = gpu;
    this.#options = options;
    this.#given = given !== undefined;
    const guess: ChooseVariant = (problem, epilogue) => candidates(problem, epilogue, gpu.target)[0];
    this.#choose = given ?? this.#kept(guess);
  }

  /** What was given up, a sentence each. */
  get notes(): readonly string[] {
    return this.#notes;
  }

  /** The variants of the plans made so far, by use. */
  get chosen(): Readonly<Record<string, string>> {
    return this.#kernels.chosen;
  }

  /** For plans; what they choose is noted. */
  get planOptions(): PlanOptions {
    return this.#planOptions(this.#kernels.noting(this.#choose));
  }

  /**
   * Measures and checks on a graphics card; where the adapter computes on the CPU, which makes nothing of it, guesses stay.
   * @param predictRows of the plan that predicts.
   */
  async measure(model: CompiledModel, predictRows: number, tuner: TunerOptions | undefined): Promise<void> {
    const gpu = this.#gpu;
    if (this.#given || gpu.software) return;
    const recorder = new GemmRecorder(gpu.target);
    const { batchSize, adam, inferenceOnly } = this.#options;
    const options = this.#planOptions(recorder.choose);
    if (inferenceOnly) predictionPlan(model, predictRows, options);
    else trainingPlan(model, batchSize, adam, options);
    // Only what is run all the time is worth measuring; what is run at all is checked.
    const measurable = recorder.uses;
    if (!inferenceOnly) {
      gradientPlan(model, batchSize, options);
      predictionPlan(model, predictRows, options);
    }
    const kept = this.#options.kernels?.adapter === gpu.description ? this.#options.kernels.choices : {};
    const measured = await tune(
      gpu.target,
      gpu.description,
      measurable.filter((use) => kept[useKey(use)] === undefined),
      () => new GemmBench(gpu),
      // Made for a moment, beside a run that trains and would be measured with it.
      inferenceOnly ? { ...tuner, budget: 0 } : tuner,
    );
    const { choose, notes } = await checkedChoice(gpu, recorder.uses, this.#kept(measured));
    this.#choose = choose;
    this.#notes = notes;
  }

  /** The kernels that the options bring, if they are this adapter's, before others. */
  #kept(otherwise: ChooseVariant): ChooseVariant {
    const { kernels } = this.#options;
    return kernels?.adapter === this.#gpu.description ? keptChoice(kernels.choices, otherwise) : otherwise;
  }

  #planOptions(choose: ChooseVariant): PlanOptions {
    const { software } = this.#gpu;
    return {
      software,
      choose,
      halfWeights: this.#options.halfWeights === true,
      // A step of larger models takes longer than compiling does.
      quickStart: software && isSmall(stepWork(this.#options)),
    };
  }
}
