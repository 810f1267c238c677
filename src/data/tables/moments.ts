/** Count, range, mean, deviation and skewness of numbers, in one pass. */

/** Sums of powers around the first value, so that large values far from zero lose no digits. */
export class Moments {
  count = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  #origin = 0;
  #s1 = 0;
  #s2 = 0;
  #s3 = 0;

  add(value: number, count = 1): void {
    if (this.count === 0) this.#origin = value;
    this.count += count;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    const d = value - this.#origin;
    this.#s1 += count * d;
    this.#s2 += count * d * d;
    this.#s3 += count * d * d * d;
  }

  get mean(): number {
    return this.count === 0 ? 0 : this.#origin + this.#s1 / this.count;
  }

  /** Population standard deviation, 0 where all values are the same. */
  get deviation(): number {
    if (this.count === 0 || this.min === this.max) return 0;
    const m = this.#s1 / this.count;
    return Math.sqrt(Math.max(0, this.#s2 / this.count - m * m));
  }

  /** Third standardised moment: above 0 with a long tail to the right. 0 where all values are the same. */
  get skewness(): number {
    const deviation = this.deviation;
    if (deviation === 0) return 0;
    const [n, m] = [this.count, this.#s1 / this.count];
    return (this.#s3 / n - (3 * m * this.#s2) / n + 2 * m * m * m) / deviation ** 3;
  }
}
