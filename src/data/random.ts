/**
 * Random: the one source of random numbers for data, a thin layer over pure-rand's xoroshiro128+. Every stream is a
 * plain object with a seed, a state to save and restore, and arithmetic that is the same in a page, a worker and Node.
 */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { normalQuantile } from './stable-math.ts';

/** What `Random.getState()` gives: four 32-bit words, safe to store as JSON. */
export type RandomState = readonly number[];

// Neighbouring seeds must give unrelated streams, and the generator's own seeding leaves them alike for some draws:
// so the state's words come from a mixing function (MurmurHash3's 32-bit finalizer over a Weyl sequence).
function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) | 0;
}

function seededState(seed: number, stream: number): number[] {
  const low = seed | 0;
  const high = Math.floor(seed / 4294967296) | 0;
  let word = mix(mix(mix(low) ^ (high + 0x9e3779b9)) ^ (stream + 0x7f4a7c15));
  const state = [0, 0, 0, 0].map(() => {
    word = (word + 0x9e3779b9) | 0;
    return mix(word);
  });
  // An all-zero state is the one that the generator never leaves.
  return state.every((w) => w === 0) ? [1, 2, 3, 4] : state;
}

export class Random {
  #generator: ReturnType<typeof xoroshiro128plusFromState>;

  /**
   * @param seed a safe integer; each gives its own sequence.
   * @param stream an integer that picks one of many independent sequences of the same seed.
   * @throws RangeError when either is no safe integer.
   */
  constructor(seed: number, stream = 0) {
    if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(stream)) {
      throw new RangeError(
        `A seed must be a whole number below 2^53 in magnitude, it is ${seed} (stream ${stream}).`,
      );
    }
    this.#generator = xoroshiro128plusFromState(seededState(seed, stream));
  }

  /** A generator that continues where the one whose `getState()` this is stood. @throws RangeError on a malformed state. */
  static restore(state: RandomState): Random {
    const random = new Random(0);
    random.setState(state);
    return random;
  }

  /** The state, to continue later exactly from here. */
  getState(): RandomState {
    return [...this.#generator.getState()];
  }

  /** Puts the generator where the one whose `getState()` this is stood. @throws RangeError on a malformed state. */
  setState(state: RandomState): void {
    if (state.length !== 4 || !state.every((w) => Number.isInteger(w)) || state.every((w) => w === 0)) {
      throw new RangeError('A random state is four 32-bit integers, not all zero.');
    }
    this.#generator = xoroshiro128plusFromState([...state]);
  }

  /** Uniform whole number 0…2^32 − 1. */
  uint32(): number {
    return this.#generator.next() >>> 0;
  }

  /** Uniform in [0, 1), a multiple of 2^-24, so exact as a float32. */
  float(): number {
    return (this.#generator.next() >>> 8) * 5.9604644775390625e-8;
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  double(): number {
    const high = this.#generator.next() >>> 5;
    const low = this.#generator.next() >>> 6;
    return (high * 67108864 + low) * 1.1102230246251565e-16;
  }

  /**
   * Uniform whole number 0…bound − 1 without bias. Up to 2^21 Lemire's multiply and reject, in doubles, which are exact
   * so far; beyond, remainders below the last whole multiple of the bound.
   * @throws RangeError unless bound is 1…2^32.
   */
  int(bound: number): number {
    if (!(bound >= 1 && bound <= 4294967296)) {
      throw new RangeError(`int(bound) needs 1 ≤ bound ≤ 2^32, it got ${bound}.`);
    }
    if (bound > 2097152) {
      for (const limit = 4294967296 - (4294967296 % bound); ;) {
        const x = this.#generator.next() >>> 0;
        if (x < limit) return x % bound;
      }
    }
    for (;;) {
      const product = (this.#generator.next() >>> 0) * bound;
      const whole = Math.floor(product * 2.3283064365386963e-10);
      const rest = product - whole * 4294967296;
      if (rest >= bound || rest >= 4294967296 % bound) return whole;
    }
  }

  /** Standard normal, by inversion of a uniform that is never 0 or 1. */
  normal(): number {
    return normalQuantile(((this.#generator.next() >>> 0) + 0.5) * 2.3283064365386963e-10);
  }

  /** 1 with the given probability, else 0. Resolution 2^-53, for events as rare as a report. */
  bernoulli(probability: number): 0 | 1 {
    return this.double() < probability ? 1 : 0;
  }

  /** Fills `out[start…end)` with uniform floats in [0, 1). The same numbers as as many calls of `float()`. */
  fillFloats(out: Float32Array, start = 0, end = out.length): void {
    const generator = this.#generator;
    for (let i = start; i < end; i++) out[i] = (generator.next() >>> 8) * 5.9604644775390625e-8;
  }

  /** Fills `out[start…end)` with whole numbers 0…bound − 1. The same numbers as as many calls of `int(bound)`. */
  fillInts(out: Float32Array | Float64Array, bound: number, start = 0, end = out.length): void {
    for (let i = start; i < end; i++) out[i] = this.int(bound);
  }

  /** Passes over n floats, as if `float()` had been called. */
  skipFloats(n: number): void {
    for (let i = 0; i < n; i++) this.#generator.next();
  }

  /** Passes over n whole numbers below the bound, as if `int(bound)` had been called. */
  skipInts(n: number, bound: number): void {
    for (let i = 0; i < n; i++) this.int(bound);
  }
}
