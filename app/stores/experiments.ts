/** Answers of the experiments, read from what the runs reported: pure, so that the words follow from the numbers. */
import type { ExperimentId } from '../texts/story.ts';
import { fixed, significant } from '../format.ts';
import { answerTexts } from '../texts/experiments.ts';

/** What one run of an experiment came to. */
export interface Outcome {
  /** Mean over its last steps; not finite where it diverged. */
  readonly loss: number;
  /** Mean AUROC of the heads on held-out examples; null where there was none. */
  readonly auroc: number | null;
  /** Of the head Like: mean label, mean guess before calibration, AUROC; and the guesses, by how many examples have them. */
  readonly like: {
    readonly ctr: number;
    readonly pctr: number;
    readonly auroc: number;
    readonly guesses: readonly { readonly guess: number; readonly examples: number }[];
  } | null;
  /** Tweets, and how many of them stand elsewhere once reports weigh nothing. */
  readonly moved: { readonly tweets: number; readonly without: number } | null;
}

export interface Answer {
  /** Which of the three predictions holds. */
  readonly holds: 0 | 1 | 2;
  readonly text: string;
}

/** Differences of AUROC below this are chance between two runs of this length. */
const SAME_AUROC = 0.01;
const SAME_LOSS = 0.01;
const NEGATIVES_KEPT = 0.1;

const calibrated = (guess: number): number => (NEGATIVES_KEPT * guess) / (1 - guess + NEGATIVES_KEPT * guess);

const three = (value: number): string =>
  Number.isFinite(value) ? significant(value, 3) : answerTexts.noNumber;
const auc = (value: number): string => fixed(value, 3);
const percent = (value: number): string => `${three(100 * value)} %`;

/** @param base of the default model. @param other of the one the experiment asks about. @returns null where a run gave too little. */
export function answerOf(id: ExperimentId, base: Outcome, other: Outcome): Answer | null {
  switch (id) {
    case 'report': {
      if (!base.moved) return null;
      const { tweets, without } = base.moved;
      const share = without / tweets;
      return {
        holds: share < 0.1 ? 0 : share <= 0.5 ? 1 : 2,
        text: (share > 0.5 ? answerTexts.reportMuch : answerTexts.reportLittle)(without, tweets),
      };
    }
    case 'rate': {
      const change = other.loss / base.loss - 1;
      const worse = !(change < SAME_LOSS);
      return {
        holds: worse ? 2 : change > -SAME_LOSS ? 1 : 0,
        text: (worse ? answerTexts.rateWorse : answerTexts.rateBetter)(three(other.loss), three(base.loss)),
      };
    }
    case 'mask':
    case 'serial': {
      if (base.auroc === null || other.auroc === null) return null;
      const difference = other.auroc - base.auroc;
      const same = Math.abs(difference) < SAME_AUROC;
      const numbers = [auc(other.auroc), auc(base.auroc)] as const;
      if (id === 'mask') {
        return {
          holds: same ? 1 : difference < 0 ? 0 : 2,
          text: same
            ? answerTexts.maskSame(...numbers)
            : (difference < 0 ? answerTexts.maskWorse : answerTexts.maskBetter)(...numbers),
        };
      }
      return {
        holds: same ? 1 : difference > 0 ? 0 : 2,
        text: (same || difference > 0 ? answerTexts.serial : answerTexts.serialBehind)(...numbers),
      };
    }
    case 'downsampling': {
      if (!base.like || !other.like) return null;
      const { ctr, pctr, auroc, guesses } = other.like;
      // Of each guess: the mean's own would be another.
      const examples = guesses.reduce((sum, each) => sum + each.examples, 0);
      const mended =
        guesses.reduce((sum, each) => sum + calibrated(each.guess) * each.examples, 0) / examples;
      const ratio = pctr / ctr;
      return {
        holds: ratio > 1.2 ? 0 : ratio < 0.8 ? 2 : 1,
        text: answerTexts.downsampling({
          ctr: percent(ctr),
          pctr: percent(pctr),
          before: percent(base.like.pctr),
          auroc: auc(auroc),
          baseAuroc: auc(base.like.auroc),
          mended: percent(mended),
        }),
      };
    }
    case 'noise': {
      if (other.auroc === null || base.auroc === null) return null;
      const nothing = Math.abs(other.auroc - 0.5) < 0.03;
      return {
        holds: nothing ? 1 : other.auroc > 0.6 ? 2 : 0,
        text: answerTexts.noise(auc(other.auroc), auc(base.auroc), three(other.loss)),
      };
    }
  }
}
