/** Recipes and events for tests of runs. */
import type { EvaluationEvent, StepEvent } from '../training/events.ts';
import { newManifest } from './new-manifest.ts';
import type { RunManifest, RunRecipe } from './manifest.ts';
import type { SeriesNames } from './metrics-lines.ts';

export const NAMES: SeriesNames = { tasks: ['a', 'b'], groups: ['backbone', 'a', 'b'] };

/** @param config YAML text; none by default, which is enough where nobody reads it. */
export function recipe(config = '', changes: Partial<RunRecipe> = {}): RunRecipe {
  return {
    config,
    steps: 10,
    data: { kind: 'uniform', labels: 'binary', examples: null },
    schema: { name: 's.json', features: [{ name: 'f', kind: 'float_list', length: 3 }] },
    masks: [{ name: 'm.npy', columns: [0, 2] }],
    seeds: { weights: 1, data: 2 },
    engine: { choice: 'auto', precision: 'float32', noisyShifts: false },
    warmStart: null,
    ...changes,
  };
}

export function manifest(changes: Partial<RunManifest> = {}): RunManifest {
  return { ...newManifest({ recipe: recipe(), app: '1.0.0', now: new Date(1_795_000_000_000) }), ...changes };
}

/** Step `step` of a run, with numbers of its own. */
export function stepEvent(step: number): StepEvent {
  return {
    step,
    loss: 1 / (step + 3),
    taskLosses: [step / 7, 1 - step / 9],
    learningRates: [0.001 * step, 0.5, 0.25],
    examples: 4 * (step + 1),
    elapsedMs: 2.5 * step,
  };
}

export function evaluationEvent(step: number, partition = 'validation'): EvaluationEvent {
  return {
    step,
    partition,
    stratum: null,
    examples: 8,
    loss: { kind: 'value', value: 1 / (step + 1) },
    tasks: [],
  };
}
