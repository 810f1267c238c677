/** The words of one step: everything that changes from step to step without a batch's data (kernels/kernel.ts, HYPER). */
import type { AdamOptions, LearningRates } from '../engine.ts';
import { hashKey } from '../hash.ts';
import { HYPER, hyperLength } from './kernels/kernel.ts';

export interface StepWords {
  /** Learning-rate groups in the graph's order. */
  readonly groups: readonly string[];
  /** Null when nothing is updated. */
  readonly rates: LearningRates | null;
  readonly adam: AdamOptions;
  readonly seed: number;
  /** Updates done before. */
  readonly step: number;
  /** Batches accumulated before. */
  readonly microStep: number;
  /** Whether running statistics follow this batch. */
  readonly track: boolean;
  /** Whether gradients add to what is stored. */
  readonly accumulate: boolean;
  /** Batches whose mean gradient the update takes. */
  readonly batches: number;
}

/** @throws RangeError naming the group whose rate is missing or not finite. */
export function hyperWords(words: StepWords): Float32Array<ArrayBuffer> {
  const { groups, rates, adam, seed, step, microStep } = words;
  const data = new Float32Array(hyperLength(groups.length));
  data[HYPER.secondCorrection] = Math.sqrt(1 - adam.beta2 ** (step + 1));
  data[HYPER.gradientScale] = 1 / words.batches;
  data[HYPER.accumulate] = words.accumulate ? 1 : 0;
  data[HYPER.track] = words.track ? 1 : 0;
  const prefix = hashKey(seed, step, microStep);
  data[HYPER.dropoutHigh] = prefix >>> 16;
  data[HYPER.dropoutLow] = prefix & 0xffff;
  if (rates) {
    const correction = 1 - adam.beta1 ** (step + 1);
    groups.forEach((group, index) => {
      const rate = rates[group];
      if (rate === undefined || !Number.isFinite(rate))
        throw new RangeError(`the learning rate of ${group} is ${rate}; every group needs a finite one`);
      data[HYPER.rates + index] = rate / correction;
    });
  }
  return data;
}
