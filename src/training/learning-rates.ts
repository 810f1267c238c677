/** Learning rates by step: the four schedules, and one rate for each group of parameters (heavy-ranker facts, §2). */
import type { LearningRateConfig, RecapConfig } from '../config/recap-config.ts';
import type { LearningRates } from '../engines/engine.ts';
import { BACKBONE_GROUP } from '../graph/graph.ts';

/** Learning rate of the step with this 0-based index. */
export type Schedule = (step: number) => number;

/**
 * `constant`; `piecewise_constant` values[bisect_right(boundaries, k)]; `linear_ramp_to_constant` min(lr, lr·k/ramp);
 * `linear_ramp_to_cosine` lr·k/ramp below ramp, final + (lr − final)·½(1 + cos(π(k − ramp)/(final_num_steps − ramp)))
 * up to final_num_steps, then final. A ramp's first step has rate 0.
 * @param name what the schedule is for, for the error.
 * @throws RangeError when no shape is set (the configuration's schema lets none through).
 */
export function schedule(config: LearningRateConfig, name: string): Schedule {
  const { constant, piecewise_constant, linear_ramp_to_constant, linear_ramp_to_cosine } = config;
  if (constant !== null) return () => constant;
  if (piecewise_constant) {
    const { learning_rate_boundaries: boundaries, learning_rate_values: values } = piecewise_constant;
    return (step) => values[boundaries.filter((boundary) => boundary <= step).length] ?? 0;
  }
  if (linear_ramp_to_constant) {
    const { learning_rate: rate, num_ramp_steps: ramp } = linear_ramp_to_constant;
    return (step) => Math.min(rate, (rate * step) / ramp);
  }
  if (linear_ramp_to_cosine) {
    const {
      learning_rate: rate,
      final_learning_rate: final,
      num_ramp_steps: ramp,
      final_num_steps: end,
    } = linear_ramp_to_cosine;
    return (step) => {
      if (step < ramp) return (rate * step) / ramp;
      if (step > end) return final;
      return final + (rate - final) * 0.5 * (1 + Math.cos((Math.PI * (step - ramp)) / (end - ramp)));
    };
  }
  throw new RangeError(`The learning rate of ${name} has none of its four shapes: set one of them.`);
}

/**
 * Rates of all groups by step: BACKBONE_GROUP first, then the model's tasks.
 * @throws RangeError naming the group that has no learning rate.
 */
export function learningRates(config: {
  readonly optimizer: RecapConfig['optimizer'];
  readonly model: { readonly tasks: Readonly<Record<string, unknown>> };
}): (step: number) => LearningRates {
  const { multi_task_learning_rates: multi, single_task_learning_rate: single } = config.optimizer;
  const of = (group: string): Schedule => {
    const chosen =
      single ??
      (group === BACKBONE_GROUP ? multi?.backbone_learning_rate : multi?.tower_learning_rates[group]);
    if (!chosen) throw new RangeError(`There is no learning rate for ${group}: add one under optimizer.`);
    return schedule(chosen, group);
  };
  const schedules = [BACKBONE_GROUP, ...Object.keys(config.model.tasks)].map(
    (group) => [group, of(group)] as const,
  );
  return (step) => Object.fromEntries(schedules.map(([group, rate]) => [group, rate(step)]));
}
