/** All metrics of one head over one stream of predictions: fed batch by batch, summed up at the end. */
import { auroc } from '../metrics/auroc.ts';
import { bceWithLogits } from '../metrics/bce.ts';
import { bootstrapIntervals } from '../metrics/bootstrap.ts';
import { calibrationCurve } from '../metrics/calibration.ts';
import { Ctr } from '../metrics/ctr.ts';
import { Nrce } from '../metrics/nrce.ts';
import { Pctr } from '../metrics/pctr.ts';
import { Rce } from '../metrics/rce.ts';
import { HEAD_METRICS } from '../metrics/registry.ts';
import { rocCurve } from '../metrics/roc.ts';
import { ScoredSamples } from '../metrics/scored-samples.ts';
import { StableMean } from '../metrics/stable-mean.ts';
import type { TaskEvaluation } from './events.ts';

/** One head's columns of one batch, all of one length. */
export interface HeadColumns {
  readonly logits: Float32Array;
  readonly probabilities: Float32Array;
  readonly calibrated: Float32Array;
  readonly labels: Float32Array;
  readonly weights: Float32Array | null;
  readonly teacher: Float32Array | null;
}

export class HeadEvaluator {
  readonly #task: string;
  readonly #posWeight: number;
  readonly #loss = new StableMean();
  readonly #rce = new Rce();
  readonly #nrce = new Nrce();
  readonly #ctr = new Ctr();
  readonly #pctr = new Pctr();
  readonly #calibrated = new Pctr();
  readonly #uncalibratedSamples = new ScoredSamples();
  readonly #calibratedSamples = new ScoredSamples();
  readonly #lossTerms: number[] = [];
  #teacher: { loss: StableMean; rce: Rce; samples: ScoredSamples } | null = null;
  #positives = 0;

  constructor(task: string, posWeight: number) {
    this.#task = task;
    this.#posWeight = posWeight;
  }

  update(head: HeadColumns): void {
    const { logits, probabilities, calibrated, labels, weights, teacher } = head;
    const terms = this.#losses(logits, labels, weights);
    for (const term of terms) this.#lossTerms.push(term);
    this.#loss.update(terms, null);
    this.#rce.update(probabilities, labels, weights);
    this.#nrce.update(probabilities, labels, weights);
    this.#ctr.update(labels, weights);
    this.#pctr.update(probabilities, weights);
    this.#calibrated.update(calibrated, weights);
    this.#uncalibratedSamples.update(probabilities, labels, weights);
    this.#calibratedSamples.update(calibrated, labels, weights);
    for (const label of labels) if (label > 0) this.#positives++;
    if (!teacher) return;
    this.#teacher ??= { loss: new StableMean(), rce: new Rce(), samples: new ScoredSamples() };
    // A probability of exactly 0 or 1 would be an infinite logit.
    const teacherLogits = teacher.map((p) => {
      const q = Math.min(Math.max(p, 1e-7), 1 - 1e-7);
      return Math.log(q / (1 - q));
    });
    this.#teacher.loss.update(this.#losses(teacherLogits, labels, weights), null);
    this.#teacher.rce.update(teacher, labels, weights);
    this.#teacher.samples.update(teacher, labels, weights);
  }

  /** @param seed of the bootstrap. */
  summary(seed: number): TaskEvaluation {
    const values = { losses: this.#lossTerms, calibrated: this.#calibratedSamples.predictions };
    const intervals = bootstrapIntervals(this.#uncalibratedSamples, values, { seed });
    const rce = this.#rce.compute();
    return {
      task: this.#task,
      examples: this.#uncalibratedSamples.length,
      positives: this.#positives,
      loss: this.#loss.compute(),
      rce,
      nrce: this.#nrce.compute(),
      auroc: auroc(this.#uncalibratedSamples),
      ctr: this.#ctr.compute(),
      pctr: this.#pctr.compute(),
      meanCalibrated: this.#calibrated.compute(),
      more: Object.fromEntries(HEAD_METRICS.map(({ id, of }) => [id, of(this.#uncalibratedSamples)])),
      intervals: { ...intervals, rce: rce.kind === 'value' ? intervals.rce : null },
      calibration: calibrationCurve(this.#calibratedSamples),
      roc: rocCurve(this.#uncalibratedSamples),
      teacher: this.#teacher && {
        loss: this.#teacher.loss.compute(),
        rce: this.#teacher.rce.compute(),
        auroc: auroc(this.#teacher.samples),
      },
    };
  }

  /** weight · BCE-with-logits by example: the training loss's terms. */
  #losses(logits: Float32Array, labels: Float32Array, weights: Float32Array | null): Float64Array {
    return Float64Array.from(
      logits,
      (logit, i) => (weights?.[i] ?? 1) * bceWithLogits(logit, labels[i] ?? 0, this.#posWeight),
    );
  }
}
