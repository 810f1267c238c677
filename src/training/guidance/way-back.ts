/** To which checkpoint a run whose loss flew off goes back, and at which rates it goes on from there. */
import { RATE_KEY, rateFactor, rateKey } from '../live-changes.ts';
import type { LiveChange } from '../live-changes.ts';

/**
 * The newest checkpoint that lower rates were not tried from yet: from that one it flew off again. Where all were tried,
 * the first.
 * @param kept updates done at the checkpoints, ascending. @returns null where there is none.
 */
export function wayBack(kept: readonly number[], changes: readonly LiveChange[]): number | null {
  const tried = (at: number): boolean =>
    changes.some(({ step, key }) => step === at && (key === RATE_KEY || key.startsWith(rateKey(''))));
  return kept.findLast((step) => !tried(step)) ?? kept[0] ?? null;
}

/**
 * What halves every rate from a step on: half of what holds there, or of what held in the end where that was less.
 * @returns changes in the order in which they are to be made, all rates first.
 */
export function halvedRates(
  changes: readonly LiveChange[],
  step: number,
): readonly Omit<LiveChange, 'step'>[] {
  const half = (group: string): number =>
    Math.min(rateFactor(changes, group, step), rateFactor(changes, group, Number.POSITIVE_INFINITY)) / 2;
  const own = new Set(
    changes.flatMap(({ key }) => (key.startsWith(rateKey('')) ? [key.slice(rateKey('').length)] : [])),
  );
  const all = { key: RATE_KEY, value: half('') };
  return [
    all,
    ...[...own]
      .map((group) => ({ key: rateKey(group), value: half(group) }))
      .filter(({ value }) => value !== all.value),
  ];
}
