/** Which records of one's own files are trained on, and which are kept for evaluation. */

/** Every tenth record is held out: enough to measure on, little to miss in training. */
export const HELD_OUT_EVERY = 10;

/** `train` and `heldOut` have no record in common, and together are `all`. */
export type Share = 'all' | 'train' | 'heldOut';

/**
 * Whether a record belongs to a share. Its number in its file and the file's number decide, so neither shuffling nor a
 * damaged record elsewhere moves it; the file counts too, or files of one record each would never be held out.
 */
export function isInShare(share: Share, file: number, record: number): boolean {
  if (share === 'all') return true;
  const heldOut = (file + record) % HELD_OUT_EVERY === HELD_OUT_EVERY - 1;
  return heldOut === (share === 'heldOut');
}
