/**
 * Counter-based random numbers: a hash of (key, counter) instead of a generator with state, so that any element can be
 * computed alone, in any order, on any device. Only u32 arithmetic that reads the same in WGSL.
 */

/** The PCG hash (Jarzynski and Olano 2020, "Hash functions for GPU rendering"), u32 → u32. */
export function pcg(value: number): number {
  const state = (Math.imul(value, 747796405) + 2891336453) | 0;
  const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737);
  return ((word >>> 22) ^ word) >>> 0;
}

/** One u32 from several: order matters. */
export function hashKey(...parts: readonly number[]): number {
  return parts.reduce((key, part) => pcg((key + part) | 0), 0);
}

/**
 * The u32 random number of one element under a key. The element is hashed before the key is added: adding it plainly
 * would make the streams of two keys shifted copies of one another.
 */
export function hashAt(key: number, element: number): number {
  return pcg((pcg(element) + key) | 0);
}

/** A u32 from a text: FNV-1a over its UTF-16 code units. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
