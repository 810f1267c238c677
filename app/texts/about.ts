/** What the playground rebuilds, and what it does otherwise because the published code gets it wrong. */
import { texts } from './language.ts';

export const aboutTexts = texts('about', {
  what: 'In March 2023 Twitter published the code of the model that scored each candidate for the home timeline: a parallel MaskNet with 48,115,108 parameters and ten heads, one for each act it predicts. The playground rebuilds that model from its configuration file, under the same parameter names, and checks its numbers against the published PyTorch code.',
  wrongTitle: 'What the published code gets wrong, and what happens here',
  /** Each begins with what it is about, printed strongly. */
  wrong: [
    {
      what: 'Labels of the wrong head.',
      text: "{what} The data has thirteen labels and the model ten heads, and the code pairs them by position. Every head learns another head's label. Here labels are matched by name.",
    },
    {
      what: 'One record of data.',
      text: '{what} The script for random data writes a single record whatever number is asked for, so all rows of a batch are alike and BatchNorm removes the whole signal. Here as many examples are made as you ask for.',
    },
    {
      what: 'Labels from 0 to 9.',
      text: '{what} Its labels are digits, and a cross-entropy with such labels has no lower bound. Here labels are 0 or 1; the digits are still there as a choice, for files meant for the published code.',
    },
    {
      what: 'Ten steps under ramps of thousands.',
      text: '{what} The published settings stop while learning rates are at a thousandth of their value or less: nothing is learned. The default here has short ramps.',
    },
    {
      what: 'No metric is ever computed',
      text: '{what}, and {validation_data} is never read. Here each head is evaluated on held-out examples.',
    },
    {
      what: 'Settings that crash',
      text: '{what} there: a serial MaskNet with an mlp, one-layer MLPs without activation, a featurization other than the default, a single-task learning rate. They train here. DCN, DLRM, small embeddings and position debiasing crash there and are named as not supported yet here.',
    },
    {
      what: 'Checkpoints.',
      text: '{what} {checkpoint_max_to_keep} does nothing there, and each run deletes the one before. Here it is kept to.',
    },
  ],
  ownTitle: "What is not the reference's",
  own: "The production data and weights were never published, and neither was the order of the feature columns. The data here is synthetic, the tweets are invented, and the mapping of feature names to columns is the playground's own. The head weights are the published ones, with their dates.",
});
