/** The `training` section: steps and the intervals of logging, evaluation and checkpoints. */
import { z } from '../zod.ts';
import { count, defaulted, optional, positiveFloat, text } from './fields.ts';

export const trainingSchema = z.strictObject({
  save_dir: defaulted(text(), '/tmp/model', 'Folder for checkpoints and logs.'),
  num_train_steps: defaulted(count(), 1_000_000, 'Training steps, counted in optimizer updates.'),
  initial_checkpoint_dir: optional(
    text(),
    'Checkpoint to start from (warm start): its weights are loaded and the step counter stays at 0.',
  ),
  checkpoint_every_n: defaulted(count(), 1000, 'Steps between checkpoints.'),
  checkpoint_max_to_keep: optional(count(), 'Newest checkpoints to keep; all of them when absent.'),
  train_log_every_n: defaulted(count(), 1000, 'Steps between log lines while training.'),
  num_eval_steps: defaulted(
    z.int(),
    16_384,
    'Batches of an evaluation; a negative number means the whole partition.',
  ),
  eval_log_every_n: defaulted(count(), 5000, 'Steps between evaluations.'),
  eval_timeout_in_s: defaulted(
    positiveFloat(),
    3600,
    'Seconds that a separate evaluator waits for the next checkpoint.',
  ),
  gradient_accumulation: optional(count(), 'Batches whose mean gradient makes one update.'),
});

export type TrainingConfig = z.output<typeof trainingSchema>;
