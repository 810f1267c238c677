/** What must hold of the lab's numbers: sums, scores by hand, orders, changes since the pinned order. */
import { expect } from '@playwright/test';
import { digitsOf, printed } from './lab-page.ts';
import type { Breakdown, Card } from './lab-page.ts';

/** The head weights of 2023-04-05 by the page's names, from the published documentation. */
export const april: Readonly<Record<string, number>> = {
  Like: 0.5,
  Retweet: 1,
  Reply: 13.5,
  'Profile click': 12,
  'Video to half': 0.005,
  'Author answers': 75,
  'Good click': 11,
  'Good click v2': 10,
  'Negative fb.': -74,
  Report: -369,
};
const clicks = ['Good click', 'Good click v2'];
/** Half a unit of the last printed digit of a probability: '2.1342 %'. */
export const HALF_PROBABILITY = 0.5e-6;

export const close = (a: number, b: number, tolerance: number, what: string): void =>
  expect(Math.abs(a - b), `${what}: ${a} and ${b}`).toBeLessThanOrEqual(tolerance + 1e-12);
export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
export const ids = (cards: readonly Card[]): string[] => cards.map(({ key }) => key);

/** All that the table says must follow from the rest of it, and agree with the card. */
export function checkSums(table: Breakdown, card: Card, heads = Object.keys(april)): void {
  const { digits } = table;
  const half = 0.5 * 10 ** -digits;
  expect(table.heads.map(({ label }) => label).toSorted()).toEqual(heads.toSorted());
  for (const { label, probability, weight, adds } of table.heads) {
    expect(probability).toBeGreaterThanOrEqual(0);
    expect(probability).toBeLessThanOrEqual(1);
    const most = Math.abs(weight ?? 0) * HALF_PROBABILITY + half;
    close(probability * (weight ?? 0), adds, most, `${label} of ${card.key}`);
  }
  close(sum(table.heads.map(({ adds }) => adds)), table.sum, 11 * half, `sum of ${card.key}`);
  const score = table.beforeHeuristics ?? table.final;
  close(table.sum + table.offset, score, 3 * half, `score of ${card.key}`);
  let running = score;
  for (const { label, factor, adds } of table.factors) {
    close(running * (factor - 1), adds, 4 * half, `${label} of ${card.key}`);
    running += adds;
  }
  close(running, table.final, (3 + table.factors.length) * half, `final score of ${card.key}`);
  close(table.final, card.score, half, `score on the card of ${card.key}`);
  close(card.score, printed(card.scoreText), 0.5 * 10 ** -digitsOf(card.scoreText), 'printed on the card');
}

/** The score by hand from printed probabilities, and how far off their rounding may put it. */
export function scoreOf(
  { heads }: Breakdown,
  weights: Readonly<Record<string, number>>,
  onlyLargerClick = false,
): { score: number; tolerance: number } {
  const counted = heads.filter(({ label }) => !onlyLargerClick || label !== smallerClick(heads));
  const c = sum(counted.map(({ label, probability }) => probability * weights[label]!));
  const all = Object.entries(weights).filter(([label]) => !onlyLargerClick || label !== clicks[1]);
  const P = sum(all.map(([, weight]) => Math.max(0, weight)));
  const N = sum(all.map(([, weight]) => Math.max(0, -weight)));
  const off = (P + N) * HALF_PROBABILITY;
  if (c < 0) return { score: ((c + N) / (P + N)) * 0.001, tolerance: (off * 0.001) / (P + N) };
  return { score: c + 0.001, tolerance: off };
}

export function smallerClick(heads: Breakdown['heads']): string {
  const [first, second] = clicks.map((name) => heads.find(({ label }) => label === name)!);
  return second!.probability > first!.probability ? first!.label : second!.label;
}

/** Scores and order of the cards are those expected; `expected` says so for nearly every pair in spite of rounding. */
export function checkOrder(
  cards: readonly Card[],
  expected: ReadonlyMap<string, { score: number; tolerance: number }>,
): void {
  let decided = 0;
  cards.forEach(({ key, score, rank: place }, i) => {
    const own = expected.get(key)!;
    expect(place).toBe(i + 1);
    close(score, own.score, own.tolerance, `score of ${key}`);
    for (const below of cards.slice(i + 1)) {
      const other = expected.get(below.key)!;
      const tolerance = own.tolerance + other.tolerance;
      expect(own.score, `${key} above ${below.key}`).toBeGreaterThanOrEqual(other.score - tolerance);
      if (Math.abs(own.score - other.score) > tolerance) decided++;
    }
  });
  expect(decided).toBeGreaterThan(0.9 * ((cards.length * (cards.length - 1)) / 2));
}

/** Places and scores changed since the pinned order exactly as the two lists say. */
export function checkChanges(before: readonly Card[], after: readonly Card[]): void {
  const pinned = new Map(before.map((card) => [card.key, card]));
  for (const { key, rank: place, moved, score, change } of after) {
    const old = pinned.get(key)!;
    expect(moved, `places of ${key}`).toBe(old.rank! - place!);
    if (change === '') expect(score, key).toBe(old.score);
    else close(printed(change), score - old.score, 0.5 * 10 ** -digitsOf(change), `change of ${key}`);
  }
}
