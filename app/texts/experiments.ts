/** The experiments' answers, from their numbers. */
import { texts } from './language.ts';

export const answerTexts = texts('answer', {
  running: (run: number, runs: number, step: number, steps: number) =>
    `Run ${run} of ${runs}, step ${step} of ${steps}`,
  tooLittle: 'The runs gave too little to answer from: try again with another seed.',
  stopped: 'The run was stopped before it was done: start the experiment again.',
  noNumber: 'no number',
  reportMuch: (without: number, tweets: number) =>
    `${without} of ${tweets} tweets stand elsewhere. Rarely as it is guessed, a report weighs so much that hardly a tweet stays untouched: what counts is weight times guess.`,
  reportLittle: (without: number, tweets: number) =>
    `${without} of ${tweets} tweets stand elsewhere. A report weighs much but is rarely guessed: what counts is weight times guess.`,
  rateWorse: (fast: string, usual: string) =>
    `The loss of the last steps is ${fast} at ten times the rate, and ${usual} at the usual one. Steps that are too large jump over the valley they look for.`,
  rateBetter: (fast: string, usual: string) =>
    `The loss of the last steps is ${fast} at ten times the rate, and ${usual} at the usual one. In so few steps a large rate pays; it costs later, when fine steps are needed.`,
  maskSame: (other: string, base: string) =>
    `AUROC ${other} against ${base} of the default, where 0.5 is chance. In so few steps a plain network keeps up; the paper’s gain is one in the third digit.`,
  maskWorse: (other: string, base: string) =>
    `AUROC ${other} against ${base} of the default, where 0.5 is chance. Gates that depend on everything see what a plain network of this size does not.`,
  maskBetter: (other: string, base: string) =>
    `AUROC ${other} against ${base} of the default, where 0.5 is chance. The plain network is easier to train in so few steps.`,
  serial: (other: string, base: string) =>
    `AUROC ${other} against ${base} of the default, where 0.5 is chance. The paper finds both within a thousandth of each other.`,
  serialBehind: (other: string, base: string) =>
    `AUROC ${other} against ${base} of the default, where 0.5 is chance. In so few steps a chain lags behind, for each block gets only what the one before has let through; trained to the end, the paper finds both within a thousandth of each other.`,
  downsampling: (values: {
    readonly ctr: string;
    readonly pctr: string;
    readonly before: string;
    readonly auroc: string;
    readonly baseAuroc: string;
    readonly mended: string;
  }) =>
    `Likes are ${values.ctr}, the mean guess is ${values.pctr} (before: ${values.before}). The order hardly suffers, AUROC ${values.auroc} against ${values.baseAuroc}, but the guess is no probability any more, and so no weight fits. Calibration, r·p / (1 − p + r·p) with r = 0.1, brings it back to about ${values.mended}.`,
  noise: (other: string, base: string, loss: string) =>
    `AUROC ${other} on examples it never saw, and ${base} where there is something to learn. Its loss falls all the same, to ${loss}: it learns how frequent each label is, and nothing about whose it is.`,
});
