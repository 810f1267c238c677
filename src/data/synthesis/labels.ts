/**
 * Consistency between labels. Some labels imply others, so the teacher draws them in order:
 *
 * - a reply engaged by the author is a reply: P(engaged) = P(replied)·c;
 * - a good click (favorited or replied) is a like or a reply: P = (1 − (1 − P(favorited))(1 − P(replied)))·c;
 * - a good click v2 (two minutes in the conversation) is a detail view of 15 seconds: P = P(detail)·c;
 * - half a video is played only where there is a video: P = has_video·c;
 *
 * where c is the conditional probability that the head's own signal gives. Given the features, labels are otherwise
 * independent. With noise λ an example takes, with probability λ, all its labels from the base rates (by the same
 * rules but the video's, since noise knows no features), so the true marginal is (1 − λ)·P + λ·base rate.
 */
import type { Random } from '../random.ts';
import { LABEL_INDEX } from './tasks.ts';

const L = LABEL_INDEX;
const LABELS = Object.keys(L).length;

/** Marginal probabilities from conditional ones, both [13]. `has_video` is 0 or 1. */
export function marginals(conditional: Float64Array, hasVideo: number, out: Float64Array): void {
  for (let i = 0; i < LABELS; i++) out[i] = conditional[i]!;
  const favorited = conditional[L.favorited]!;
  const replied = conditional[L.replied]!;
  out[L.replyEngaged] = replied * conditional[L.replyEngaged]!;
  out[L.goodClick] = (favorited + replied - favorited * replied) * conditional[L.goodClick]!;
  out[L.goodClickV2] = conditional[L.detailDwelled]! * conditional[L.goodClickV2]!;
  out[L.video] = hasVideo * conditional[L.video]!;
}

/**
 * Conditional probabilities of noise, [13]: with them, and has_video 1, `marginals` gives back the base rates.
 * @throws RangeError when a label is more frequent than one that it implies.
 */
export function noiseConditionals(baseRates: Float64Array): Float64Array {
  const out = Float64Array.from(baseRates);
  const favorited = baseRates[L.favorited]!;
  const replied = baseRates[L.replied]!;
  out[L.replyEngaged] = baseRates[L.replyEngaged]! / replied;
  out[L.goodClick] = baseRates[L.goodClick]! / (favorited + replied - favorited * replied);
  out[L.goodClickV2] = baseRates[L.goodClickV2]! / baseRates[L.detailDwelled]!;
  if (out.some((p) => !(p <= 1))) {
    throw new RangeError('A label is more frequent than the label that it implies; lower its base rate.');
  }
  return out;
}

/** Draws the labels of one example by the rules above into `out` [13]: 13 draws, whatever they give. */
export function drawLabels(
  random: Random,
  conditional: Float64Array,
  hasVideo: number,
  out: Uint8Array,
): void {
  for (let i = 0; i < LABELS; i++) out[i] = random.double() < conditional[i]! ? 1 : 0;
  out[L.replyEngaged]! &= out[L.replied]!;
  out[L.goodClick]! &= out[L.favorited]! | out[L.replied]!;
  out[L.goodClickV2]! &= out[L.detailDwelled]!;
  out[L.video]! &= hasVideo;
}
