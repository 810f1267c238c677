/** Binary cross entropy, of a probability (clipped as in the reference's metrics) and of a logit (the training loss). */

const EPSILON = 1e-7;

/** −y·log(q + e) − (1 − y)·log(1 − q + e), q = clamp(p, e, 1 − e), e = 1e-7: the reference's metric form. */
export function clippedBce(probability: number, label: number): number {
  const q = Math.min(Math.max(probability, EPSILON), 1 - EPSILON);
  return -label * Math.log(q + EPSILON) - (1 - label) * Math.log(1 - q + EPSILON);
}

/**
 * BCE of a logit with a weight on positives, in the form that does not overflow (PyTorch's
 * binary_cross_entropy_with_logits): (1 − y)·x + (1 + (posWeight − 1)·y)·log(1 + e^−x). Labels other than 0 and 1 are allowed.
 */
export function bceWithLogits(logit: number, label: number, posWeight = 1): number {
  const softplus = Math.max(-logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)));
  return (1 - label) * logit + (1 + (posWeight - 1) * label) * softplus;
}
