/** A run's steps and evaluations as JSON Lines, one a line, the same in page and terminal (metrics.jsonl, evaluations.jsonl). */
import { z } from '../config/zod.ts';
import type { StepEvent } from '../training/events.ts';

/** The order of a step's numbers. */
export interface SeriesNames {
  /** Of task losses: the model's tasks. */
  readonly tasks: readonly string[];
  /** Of learning rates: the backbone, then the tasks. */
  readonly groups: readonly string[];
}

const lineSchema = z.object({
  step: z.int().min(0),
  loss: z.number(),
  task_losses: z.record(z.string(), z.number()),
  learning_rates: z.record(z.string(), z.number()),
  examples: z.number().default(0),
  elapsed_ms: z.number().default(0),
});

/** A line that can't be read, by its number from 1. */
export class MetricsLineError extends Error {
  override readonly name = 'MetricsLineError';
}

/** One line of metrics.jsonl, with its end. `elapsed_ms` counts training only, so a resumed run's goes on. */
export function stepLine(event: StepEvent, { tasks, groups }: SeriesNames): string {
  const line: z.output<typeof lineSchema> = {
    step: event.step,
    loss: event.loss,
    task_losses: Object.fromEntries(tasks.map((task, i) => [task, event.taskLosses[i] ?? 0])),
    learning_rates: Object.fromEntries(groups.map((group, i) => [group, event.learningRates[i] ?? 0])),
    examples: event.examples,
    elapsed_ms: Math.round(event.elapsedMs * 10) / 10,
  };
  return `${JSON.stringify(line)}\n`;
}

/**
 * A line back as an event.
 * @param number of the line, for the error.
 * @throws MetricsLineError when it is no such line, or lacks a task or group.
 */
export function parseStepLine(text: string, number: number, { tasks, groups }: SeriesNames): StepEvent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MetricsLineError(`metrics.jsonl, line ${number}: this is no JSON. Remove the line.`);
  }
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new MetricsLineError(
      `metrics.jsonl, line ${number}: ${issue?.path.join('.') ?? ''} is missing or no number.`,
    );
  }
  const line = parsed.data;
  const pick = (from: Readonly<Record<string, number>>, names: readonly string[]) =>
    names.map((name) => {
      const found = from[name];
      if (found === undefined) {
        throw new MetricsLineError(
          `metrics.jsonl, line ${number}: it has no "${name}". It is another model's.`,
        );
      }
      return found;
    });
  return {
    step: line.step,
    loss: line.loss,
    taskLosses: pick(line.task_losses, tasks),
    learningRates: pick(line.learning_rates, groups),
    examples: line.examples,
    elapsedMs: line.elapsed_ms,
  };
}
