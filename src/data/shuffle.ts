/** Shuffling a stream within bounded memory: a buffer from which a random item leaves whenever one comes in. */
import type { Random } from './random.ts';

export class ShuffleBuffer<T> {
  readonly #items: T[] = [];
  readonly #size: number;
  readonly #random: Random;

  /** @param size items to hold; at 0 or 1 everything passes in order. */
  constructor(size: number, random: Random) {
    this.#size = size;
    this.#random = random;
  }

  get length(): number {
    return this.#items.length;
  }

  /** What it holds, in the order that the random numbers mean. */
  get items(): readonly T[] {
    return this.#items;
  }

  /** Puts back what `items` gave. */
  restore(items: readonly T[]): void {
    this.clear();
    for (const item of items) this.#items.push(item);
  }

  /** Takes an item in; once the buffer is full, gives a random one of those before it in exchange. */
  push(item: T): T | null {
    if (this.#size <= 1) return item;
    if (this.#items.length < this.#size) {
      this.#items.push(item);
      return null;
    }
    const at = this.#random.int(this.#size);
    const out = this.#items[at]!;
    this.#items[at] = item;
    return out;
  }

  /** A random one of the items that are left, or null. For the end of the stream. */
  drain(): T | null {
    const last = this.#items.pop();
    if (last === undefined) return null;
    const at = this.#random.int(this.#items.length + 1);
    if (at === this.#items.length) return last;
    const out = this.#items[at]!;
    this.#items[at] = last;
    return out;
  }

  clear(): void {
    this.#items.length = 0;
  }
}

/** The items in random order (Fisher–Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.int(i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
