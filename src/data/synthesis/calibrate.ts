/** Finds the biases that give each label its base rate, on a fixed sample of examples. */
import { stableExp, stableLog } from '../stable-math.ts';

export function sigmoid(x: number): number {
  return 1 / (1 + stableExp(-x));
}

/**
 * The bias b with mean over the sample of share·σ(logit + b) = rate, by Newton steps kept inside a bracket.
 * @param logits one per example.
 * @param shares factor of each example: the probability of what this label implies, 1 where it implies nothing.
 * @throws RangeError when no bias gives the rate: the shares are too small.
 */
export function solveBias(logits: Float64Array, shares: Float64Array, rate: number): number {
  const count = logits.length;
  let total = 0;
  for (const share of shares) total += share;
  if (!(rate < total / count)) {
    throw new RangeError(
      `A base rate of ${rate} can't be reached: what the label implies happens in ${(total / count).toPrecision(3)} of the examples.`,
    );
  }
  let low = -60;
  let high = 60;
  let bias = stableLog(rate / (total / count - rate));
  for (let iteration = 0; iteration < 60; iteration++) {
    let value = 0;
    let slope = 0;
    for (let i = 0; i < count; i++) {
      const p = sigmoid(logits[i]! + bias);
      value += shares[i]! * p;
      slope += shares[i]! * p * (1 - p);
    }
    const error = value / count - rate;
    if (error > 0) high = bias;
    else low = bias;
    if (Math.abs(error) < 1e-9 * rate) break;
    const step = bias - (error * count) / slope;
    bias = step > low && step < high ? step : (low + high) / 2;
  }
  // Rounded, so that a last bit of the iteration can't change the data.
  return Math.round(bias * 1e6) / 1e6;
}
