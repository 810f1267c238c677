/** For tests: a training session with an engine that computes nothing. */
import type { RecapConfig } from '../../config/recap-config.ts';
import type { Checkpoint, MemoryCheckpointStore } from '../checkpoint-store.ts';
import type { CheckpointEvent, DivergenceEvent, EvaluationEvent, RunPhase, StepEvent } from '../events.ts';
import { TrainingSession } from '../session.ts';
import type { SessionOptions } from '../session.ts';
import { countingSource, FakeEngine, graph } from './fake-engine.ts';

type Config = SessionOptions['config'];

const constant = (rate: number) => ({
  constant: rate,
  piecewise_constant: null,
  linear_ramp_to_constant: null,
  linear_ramp_to_cosine: null,
});

function configOf(training: Partial<RecapConfig['training']>): Config {
  const ramp = {
    ...constant(0),
    constant: null,
    linear_ramp_to_constant: { learning_rate: 1, num_ramp_steps: 10 },
  };
  return {
    training: {
      save_dir: '',
      num_train_steps: 6,
      initial_checkpoint_dir: null,
      checkpoint_every_n: 1000,
      checkpoint_max_to_keep: null,
      train_log_every_n: 1,
      num_eval_steps: 2,
      eval_log_every_n: 1000,
      eval_timeout_in_s: 1,
      gradient_accumulation: null,
      ...training,
    },
    train_data: { global_batch_size: 4 },
    model: { tasks: { a: {}, b: {} }, stratifiers: null },
    optimizer: {
      adam: { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 },
      single_task_learning_rate: null,
      multi_task_learning_rates: {
        backbone_learning_rate: ramp,
        tower_learning_rates: { a: constant(0.5), b: constant(0.25) },
      },
    },
  };
}

/** A session over the fake engine, with all that it tells. */
export function harness(
  training: Partial<RecapConfig['training']> = {},
  options: Partial<SessionOptions> = {},
) {
  const engine = options.engine instanceof FakeEngine ? options.engine : new FakeEngine();
  const steps: StepEvent[] = [];
  const logs: number[] = [];
  const evaluations: EvaluationEvent[] = [];
  const checkpoints: CheckpointEvent[] = [];
  const divergences: DivergenceEvent[] = [];
  const phases: [RunPhase, number][] = [];
  const source = countingSource();
  const session = new TrainingSession({
    engine,
    graph,
    config: configOf(training),
    source,
    seed: 1,
    ...options,
    callbacks: {
      onStep: (event) => steps.push(event),
      onLog: (event) => logs.push(event.step),
      onEvaluation: (event) => evaluations.push(event),
      onCheckpoint: (event) => checkpoints.push(event),
      onDivergence: (event) => divergences.push(event),
      onPhase: (phase, step) => phases.push([phase, step]),
      ...options.callbacks,
    },
  });
  return { engine, session, source, steps, logs, evaluations, checkpoints, divergences, phases };
}

export async function stored(store: MemoryCheckpointStore, step: number): Promise<Checkpoint> {
  const checkpoint = await store.load(step);
  if (!checkpoint) throw new Error(`no checkpoint of step ${step}`);
  return checkpoint;
}

export const validation = { partition: 'validation', tasks: [], open: () => countingSource() };
