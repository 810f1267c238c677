/** The `optimizer` section: Adam and the learning-rate schedules. */
import { z } from '../zod.ts';
import { count, defaulted, exactlyOneOf, index, optional, positiveFloat, required, rule } from './fields.ts';

const rate = () => z.number().nonnegative().max(1e6);

export const piecewiseConstantSchema = rule(
  z.strictObject({
    learning_rate_boundaries: required(
      z.array(index()),
      'Steps from which the next value applies, ascending.',
    ),
    learning_rate_values: required(z.array(rate()).min(1), 'One value more than there are boundaries.'),
  }),
  (value, report) => {
    const { learning_rate_boundaries: boundaries, learning_rate_values: values } = value;
    if (!Array.isArray(boundaries)) return;
    if (Array.isArray(values) && values.length > 0 && values.length !== boundaries.length + 1) {
      report(
        ['learning_rate_values'],
        `${boundaries.length} boundaries need ${boundaries.length + 1} values, but there are ${values.length}.`,
      );
    }
    for (let i = 1; i < boundaries.length; i++) {
      const before: unknown = boundaries[i - 1];
      const here: unknown = boundaries[i];
      if (typeof before === 'number' && typeof here === 'number' && here <= before) {
        report(
          ['learning_rate_boundaries', i],
          `Boundary ${here} does not come after ${before}: sort them ascending, each once.`,
          'value',
        );
      }
    }
  },
);
export type PiecewiseConstantConfig = z.output<typeof piecewiseConstantSchema>;

export const linearRampToConstantSchema = z.strictObject({
  learning_rate: required(rate(), 'Rate after the ramp.'),
  num_ramp_steps: required(count(), 'Steps of the ramp from 0; the first step has rate 0.'),
});
export type LinearRampToConstantConfig = z.output<typeof linearRampToConstantSchema>;

export const linearRampToCosineSchema = rule(
  z.strictObject({
    learning_rate: required(rate(), 'Rate at the top of the ramp.'),
    final_learning_rate: required(rate(), 'Rate at the end of the cosine.'),
    num_ramp_steps: required(count(), 'Steps of the ramp from 0.'),
    final_num_steps: required(count(), 'Step at which the cosine ends, counted from the start of training.'),
  }),
  (value, report) => {
    const { num_ramp_steps: ramp, final_num_steps: final } = value;
    if (typeof ramp === 'number' && typeof final === 'number' && final <= ramp) {
      report(
        ['final_num_steps'],
        `The cosine ends at step ${final}, before the ramp of ${ramp} steps does: make final_num_steps larger.`,
        'value',
      );
    }
  },
);
export type LinearRampToCosineConfig = z.output<typeof linearRampToCosineSchema>;

/** The four shapes of a learning rate; exactly one is set. */
export const SCHEDULES = [
  'constant',
  'linear_ramp_to_constant',
  'linear_ramp_to_cosine',
  'piecewise_constant',
] as const;

export const learningRateSchema = exactlyOneOf(
  z.strictObject({
    constant: optional(rate(), 'The same rate at every step.'),
    linear_ramp_to_cosine: optional(linearRampToCosineSchema, 'Ramp up from 0, then a cosine down.'),
    linear_ramp_to_constant: optional(linearRampToConstantSchema, 'Ramp up from 0, then constant.'),
    piecewise_constant: optional(piecewiseConstantSchema, 'Values that change at given steps.'),
  }),
  SCHEDULES,
  'The learning rate',
);
export type LearningRateConfig = z.output<typeof learningRateSchema>;

export const adamSchema = z.strictObject({
  beta_1: defaulted(z.number().min(0).lt(1), 0.9, 'Decay of the mean of the gradients.'),
  beta_2: defaulted(z.number().min(0).lt(1), 0.999, 'Decay of the mean of the squared gradients.'),
  epsilon: defaulted(positiveFloat(), 1e-7, 'Added to the root of the second moment.'),
});
export type AdamConfig = z.output<typeof adamSchema>;

export const multiTaskLearningRatesSchema = z.strictObject({
  tower_learning_rates: required(
    z.record(z.string(), learningRateSchema),
    "A learning rate for each of the model's tasks.",
  ),
  backbone_learning_rate: optional(learningRateSchema, 'Learning rate of everything that is no tower.'),
});
export type MultiTaskLearningRatesConfig = z.output<typeof multiTaskLearningRatesSchema>;

export const optimizerSchema = exactlyOneOf(
  z.strictObject({
    multi_task_learning_rates: optional(
      multiTaskLearningRatesSchema,
      'A learning rate for each tower and one for the backbone.',
    ),
    single_task_learning_rate: optional(learningRateSchema, 'One learning rate, for a model with one task.'),
    adam: required(adamSchema, 'Adam, the only optimizer.'),
  }),
  ['multi_task_learning_rates', 'single_task_learning_rate'],
  'The learning rate',
);
export type OptimizerConfig = z.output<typeof optimizerSchema>;
