/** Answers of the experiments, read from what the runs reported: pure, so that the words follow from the numbers. */
import type { ExperimentId } from '../texts/story.ts';
import { significant } from '../format.ts';

/** What one run of an experiment came to. */
export interface Outcome {
  /** Mean over its last steps; not finite where it diverged. */
  readonly loss: number;
  /** Mean AUROC of the heads on held-out examples; null where there was none. */
  readonly auroc: number | null;
  /** Of the head Like: mean label, mean guess before calibration, AUROC. */
  readonly like: { readonly ctr: number; readonly pctr: number; readonly auroc: number } | null;
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

const three = (value: number): string => (Number.isFinite(value) ? significant(value, 3) : 'no number');
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
        text: `${without} of ${tweets} tweets stand elsewhere. ${share > 0.5 ? 'Rarely as it is guessed, a report weighs so much that hardly a tweet stays untouched' : 'A report weighs much but is rarely guessed'}: what counts is weight times guess.`,
      };
    }
    case 'rate': {
      const change = other.loss / base.loss - 1;
      const worse = !(change < SAME_LOSS);
      return {
        holds: worse ? 2 : change > -SAME_LOSS ? 1 : 0,
        text: `The loss of the last steps is ${three(other.loss)} at ten times the rate, and ${three(base.loss)} at the usual one. ${worse ? 'Steps that are too large jump over the valley they look for.' : 'In so few steps a large rate pays; it costs later, when fine steps are needed.'}`,
      };
    }
    case 'mask':
    case 'serial': {
      if (base.auroc === null || other.auroc === null) return null;
      const difference = other.auroc - base.auroc;
      const same = Math.abs(difference) < SAME_AUROC;
      const numbers = `AUROC ${three(other.auroc)} against ${three(base.auroc)} of the default, where 0.5 is chance`;
      if (id === 'mask') {
        return {
          holds: same ? 1 : difference < 0 ? 0 : 2,
          text: `${numbers}. ${same ? 'In so few steps a plain network keeps up; the paper’s gain is one in the third digit.' : difference < 0 ? 'Gates that depend on everything see what a plain network of this size does not.' : 'The plain network is easier to train in so few steps.'}`,
        };
      }
      return {
        holds: same ? 1 : difference > 0 ? 0 : 2,
        text: `${numbers}. The paper finds both within a thousandth of each other.`,
      };
    }
    case 'downsampling': {
      if (!base.like || !other.like) return null;
      const { ctr, pctr, auroc } = other.like;
      const mended = (NEGATIVES_KEPT * pctr) / (1 - pctr + NEGATIVES_KEPT * pctr);
      const ratio = pctr / ctr;
      return {
        holds: ratio > 1.2 ? 0 : ratio < 0.8 ? 2 : 1,
        text: `Likes are ${percent(ctr)}, the mean guess is ${percent(pctr)} (before: ${percent(base.like.pctr)}). The order hardly suffers, AUROC ${three(auroc)} against ${three(base.like.auroc)}, but the guess is no probability any more, and so no weight fits. Calibration, r·p / (1 − p + r·p) with r = 0.1, brings it back to about ${percent(mended)}.`,
      };
    }
    case 'noise': {
      if (other.auroc === null || base.auroc === null) return null;
      const nothing = Math.abs(other.auroc - 0.5) < 0.03;
      return {
        holds: nothing ? 1 : other.auroc > 0.6 ? 2 : 0,
        text: `AUROC ${three(other.auroc)} on examples it never saw, and ${three(base.auroc)} where there is something to learn. Its loss falls all the same, to ${three(other.loss)}: it learns how frequent each label is, and nothing about whose it is.`,
      };
    }
  }
}
