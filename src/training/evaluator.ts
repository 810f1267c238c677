/** When and how a training loop's weights are evaluated: by the configuration's intervals, and when asked. */
import { evaluatePartition } from './evaluation.ts';
import type { SessionOptions } from './session-options.ts';

export class Evaluator {
  readonly #options: SessionOptions;
  #evaluatedAt = -1;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Says that the loop now stands at a step. @param evaluated whether the evaluations due there are done. */
  restored(step: number, evaluated: boolean): void {
    this.#evaluatedAt = evaluated ? step : -1;
  }

  due(step: number): boolean {
    const { evaluations = [], config } = this.#options;
    if (evaluations.length === 0) return false;
    return step > 0 && step !== this.#evaluatedAt && step % config.training.eval_log_every_n === 0;
  }

  /** Whether the weights of the last step are to be evaluated still. */
  dueAtEnd(step: number): boolean {
    return (this.#options.evaluations ?? []).length > 0 && step !== this.#evaluatedAt;
  }

  /** Evaluates the weights of now, those of `step`, on every partition; given up without an error when the signal aborts. */
  async evaluate(step: number, signal: AbortSignal): Promise<void> {
    const { evaluations = [], engine, graph, config, seed, callbacks } = this.#options;
    const { num_eval_steps: batches } = config.training;
    try {
      for (const partition of evaluations) {
        const tell = (done: number): void =>
          callbacks.onActivity?.({
            kind: 'evaluating',
            what: partition.partition,
            done,
            total: batches < 0 ? null : batches,
          });
        tell(0);
        const events = await evaluatePartition(partition, {
          engine,
          graph,
          step,
          batches,
          onProgress: tell,
          stratifiers: config.model.stratifiers ?? [],
          seed,
          signal,
        });
        for (const event of events) callbacks.onEvaluation?.(event);
      }
      this.#evaluatedAt = step;
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      callbacks.onActivity?.(null);
    }
  }
}
