/** Length of a probability's bar: logarithmic from 0.01 % (0) to 100 % (1), because heads differ by orders of magnitude. */
export function logShare(probability: number): number {
  if (!(probability > 0)) return 0;
  return Math.min(1, Math.max(0, 1 + Math.log10(probability) / 4));
}
