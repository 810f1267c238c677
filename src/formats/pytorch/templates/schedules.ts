/** schedules.py: learning rates by step. */
export const schedulesPy = String.raw`"""The four shapes of a learning rate, by step from 0. A ramp's first step has rate 0."""
import bisect
import math


def schedule(config):
    """The rate as a function of the step."""
    if config.get("constant") is not None:
        return lambda step: config["constant"]
    if config.get("piecewise_constant"):
        shape = config["piecewise_constant"]
        boundaries, values = shape["learning_rate_boundaries"], shape["learning_rate_values"]
        return lambda step: values[bisect.bisect_right(boundaries, step)]
    if config.get("linear_ramp_to_constant"):
        shape = config["linear_ramp_to_constant"]
        rate, ramp = shape["learning_rate"], shape["num_ramp_steps"]
        return lambda step: min(rate, rate * step / ramp)
    shape = config["linear_ramp_to_cosine"]
    rate, final = shape["learning_rate"], shape["final_learning_rate"]
    ramp, end = shape["num_ramp_steps"], shape["final_num_steps"]

    def cosine(step):
        if step < ramp:
            return rate * step / ramp
        if step > end:
            return final
        return final + (rate - final) * 0.5 * (1 + math.cos(math.pi * (step - ramp) / (end - ramp)))

    return cosine
`;
