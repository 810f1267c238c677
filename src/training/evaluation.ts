/** Evaluation of a model on one partition: predicts held-out batches, never trains, gives way between batches. */
import type { StratifierConfig } from '../config/recap-config.ts';
import type { BatchSource, RecapBatch } from '../data/recap-batch.ts';
import type { Engine, Predictions } from '../engines/engine.ts';
import type { ModelGraph } from '../graph/graph.ts';
import { absent, NO_EXAMPLES, present } from '../metrics/metric-value.ts';
import type { MetricValue } from '../metrics/metric-value.ts';
import { Breather } from './event-loop.ts';
import type { EvaluationEvent, TaskEvaluation } from './events.ts';
import { HeadEvaluator } from './task-evaluation.ts';

/** Data to evaluate on: a key of validation_data. */
export interface EvaluationPartition {
  readonly partition: string;
  /** Tasks to give metrics of (evaluation_tasks); all of the model's when empty. */
  readonly tasks: readonly string[];
  /** Called at each evaluation; the source is disposed after it. Give the same examples each time. */
  open(): BatchSource | Promise<BatchSource>;
}

export interface EvaluationOptions {
  readonly engine: Engine;
  readonly graph: ModelGraph;
  /** Steps done, for the event. */
  readonly step: number;
  /** Batches to take at most (num_eval_steps); a negative number takes the whole partition. */
  readonly batches: number;
  readonly stratifiers: readonly StratifierConfig[];
  /** Seed of the bootstrap intervals. */
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Batches done so far. */
  readonly onProgress?: (done: number) => void;
}

/** Rows of a batch that belong to a stratum. */
interface Stratum {
  readonly name: string | null;
  rows(batch: RecapBatch): Uint32Array;
  readonly heads: readonly HeadEvaluator[];
}

/**
 * Metrics of one partition: one event for all examples, then one for each stratifier.
 * @throws DOMException (AbortError) when `signal` aborts; RangeError when a stratifier's column does not exist or a
 * task is not the model's; whatever the engine or the source throws.
 */
export async function evaluatePartition(
  partition: EvaluationPartition,
  options: EvaluationOptions,
): Promise<EvaluationEvent[]> {
  const { engine, graph, signal } = options;
  const tasks = graph.outputs.map(({ task }) => task);
  const evaluated = partition.tasks.length > 0 ? partition.tasks : tasks;
  const columns = evaluated.map((task) => {
    const column = tasks.indexOf(task);
    if (column < 0) {
      throw new RangeError(
        `${partition.partition} evaluates ${task}, which is no task of the model: remove it.`,
      );
    }
    return column;
  });
  signal?.throwIfAborted();
  const source = await partition.open();
  try {
    const strata = makeStrata(options, source, evaluated);
    const breather = new Breather();
    let examples = 0;
    const sizes = strata.map(() => 0);
    /** Predictions on the way: the device works on the next while these are counted. */
    const flying: { readonly batch: RecapBatch; readonly predictions: Promise<Predictions> }[] = [];
    const take = async () => {
      const first = flying.shift();
      if (!first) return;
      const { batch } = first;
      const predictions = await first.predictions;
      examples += batch.size;
      strata.forEach((stratum, i) => {
        const rows = stratum.rows(batch);
        sizes[i] = (sizes[i] ?? 0) + rows.length;
        stratum.heads.forEach((head, at) =>
          head.update(headColumns(batch, predictions, columns[at] ?? 0, tasks.length, rows)),
        );
      });
    };
    for (let done = 0; options.batches < 0 || done < options.batches;) {
      const batch = await source.next();
      signal?.throwIfAborted();
      if (!batch) break;
      flying.push({ batch, predictions: engine.predict(batch) });
      // Told when it is awaited, and not before.
      flying.at(-1)?.predictions.catch(() => {});
      if (flying.length >= (engine.info.inFlight?.() ?? 1)) await take();
      done++;
      options.onProgress?.(done);
      await breather.breathe();
      signal?.throwIfAborted();
    }
    while (flying.length > 0) await take();
    const events: EvaluationEvent[] = [];
    for (const [i, stratum] of strata.entries()) {
      const results: TaskEvaluation[] = [];
      for (const [at, head] of stratum.heads.entries()) {
        results.push(head.summary(options.seed + (columns[at] ?? 0)));
        // Hundreds of resamplings of thousands of examples: give way between heads too.
        await breather.breathe();
        signal?.throwIfAborted();
      }
      events.push({
        step: options.step,
        partition: partition.partition,
        stratum: stratum.name,
        examples: sizes[i] ?? examples,
        loss: meanLoss(results),
        tasks: results,
      });
    }
    return events;
  } finally {
    source.dispose();
  }
}

function makeStrata(
  options: EvaluationOptions,
  source: BatchSource,
  evaluated: readonly string[],
): Stratum[] {
  const posWeights = new Map<string, number>();
  for (const node of options.graph.nodes) if (node.kind === 'loss') posWeights.set(node.task, node.posWeight);
  const heads = () => evaluated.map((task) => new HeadEvaluator(task, posWeights.get(task) ?? 1));
  const all: Stratum = {
    name: null,
    rows: (batch) => Uint32Array.from({ length: batch.size }, (_, row) => row),
    heads: heads(),
  };
  const strata = options.stratifiers.map(({ name, index, value }): Stratum => {
    const width = source.layout.discrete;
    if (index >= width) {
      throw new RangeError(
        `Stratifier ${name} reads discrete column ${index}, but the data has ${width}: lower its index.`,
      );
    }
    return {
      name: `${name}=${value}`,
      rows: (batch) => {
        const rows: number[] = [];
        for (let row = 0; row < batch.size; row++) {
          if (batch.discrete[row * width + index] === value) rows.push(row);
        }
        return Uint32Array.from(rows);
      },
      heads: heads(),
    };
  });
  return [all, ...strata];
}

function headColumns(
  batch: RecapBatch,
  predictions: Predictions,
  column: number,
  width: number,
  rows: Uint32Array,
) {
  const pick = (matrix: Float32Array) =>
    Float32Array.from(rows, (row) => matrix[row * width + column] ?? Number.NaN);
  return {
    logits: pick(predictions.logits),
    probabilities: pick(predictions.probabilities),
    calibrated: pick(predictions.calibrated),
    labels: pick(batch.labels),
    weights: batch.weights && pick(batch.weights),
    teacher: batch.teacher ? pick(batch.teacher) : null,
  };
}

/** The total loss: the mean over the tasks, as in training. */
function meanLoss(tasks: readonly TaskEvaluation[]): MetricValue {
  let sum = 0;
  for (const { loss } of tasks) {
    if (loss.kind === 'undefined') return loss;
    sum += loss.value;
  }
  return tasks.length > 0 ? present(sum / tasks.length) : absent(NO_EXAMPLES);
}
