/**
 * Jumps of Random over any number of draws, without drawing them. A step of xoroshiro128+ is linear over GF(2): a 128 × 128
 * matrix of bits, whose squares step 2, 4, 8, … draws at once.
 */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomState } from './random.ts';

const BITS = 128;

/** Four words for each bit of the state: what that bit alone becomes. */
type StepMatrix = Int32Array;

function apply(matrix: StepMatrix, state: ArrayLike<number>, out: Int32Array): void {
  out.fill(0);
  for (let bit = 0; bit < BITS; bit++) {
    if (((state[bit >> 5]! >>> (bit & 31)) & 1) === 0) continue;
    for (let word = 0; word < 4; word++) out[word] = out[word]! ^ matrix[bit * 4 + word]!;
  }
}

function oneStep(): StepMatrix {
  const matrix = new Int32Array(BITS * 4);
  for (let bit = 0; bit < BITS; bit++) {
    const state = [0, 0, 0, 0];
    state[bit >> 5] = 1 << (bit & 31);
    const generator = xoroshiro128plusFromState(state);
    generator.next();
    matrix.set(generator.getState(), bit * 4);
  }
  return matrix;
}

function squared(matrix: StepMatrix): StepMatrix {
  const square = new Int32Array(BITS * 4);
  for (let at = 0; at < BITS * 4; at += 4)
    apply(matrix, matrix.subarray(at, at + 4), square.subarray(at, at + 4));
  return square;
}

export class RandomJump {
  /** Steps of 1, 2, 4, … draws, as far as they were needed. */
  readonly #powers: StepMatrix[] = [oneStep()];

  /**
   * The state after so many more draws.
   * @throws RangeError unless `draws` is a whole number from 0 on.
   */
  from(state: RandomState, draws: number): RandomState {
    if (!Number.isSafeInteger(draws) || draws < 0) {
      throw new RangeError(`A jump is over a whole number of draws, not ${draws}.`);
    }
    let now = Int32Array.from(state);
    let next = new Int32Array(4);
    for (let left = draws, k = 0; left > 0; left = Math.floor(left / 2), k++) {
      const matrix = (this.#powers[k] ??= squared(this.#powers[k - 1]!));
      if (left % 2 === 0) continue;
      apply(matrix, now, next);
      [now, next] = [next, now];
    }
    return [...now];
  }
}
