/** Predictions, labels and weights collected batch by batch, for the metrics that need all of them at once. */

export class ScoredSamples {
  #predictions = new Float32Array(1024);
  #labels = new Float32Array(1024);
  #weights = new Float32Array(1024);
  #length = 0;
  #order: Uint32Array | null = null;

  get length(): number {
    return this.#length;
  }

  get predictions(): Float32Array {
    return this.#predictions.subarray(0, this.#length);
  }

  get labels(): Float32Array {
    return this.#labels.subarray(0, this.#length);
  }

  get weights(): Float32Array {
    return this.#weights.subarray(0, this.#length);
  }

  /** Adds one batch. @param weights one per example, or null for 1 each. */
  update(predictions: ArrayLike<number>, labels: ArrayLike<number>, weights: ArrayLike<number> | null): void {
    const length = this.#length + predictions.length;
    if (length > this.#predictions.length) this.#grow(Math.max(length, 2 * this.#predictions.length));
    this.#predictions.set(predictions, this.#length);
    this.#labels.set(labels, this.#length);
    if (weights) this.#weights.set(weights, this.#length);
    else this.#weights.fill(1, this.#length, length);
    this.#length = length;
    this.#order = null;
  }

  /** Indices by falling prediction; sorted once and kept until the next update. */
  order(): Uint32Array {
    if (this.#order) return this.#order;
    const predictions = this.predictions;
    const order = Uint32Array.from(predictions, (_, i) => i);
    order.sort((a, b) => (predictions[b] ?? 0) - (predictions[a] ?? 0));
    this.#order = order;
    return order;
  }

  #grow(capacity: number): void {
    const grown = (from: Float32Array) => {
      const to = new Float32Array(capacity);
      to.set(from);
      return to;
    };
    this.#predictions = grown(this.#predictions);
    this.#labels = grown(this.#labels);
    this.#weights = grown(this.#weights);
  }
}
