/** Single changes that a person could try: what it is, what it does, and what to watch. */
import { texts } from './language.ts';

export const suggestionTexts = texts('suggestion', {
  serial: {
    words: 'MaskBlocks one after another',
    about:
      'Each MaskBlock reads what the one before made of the input, instead of all reading the input beside each other.',
    watch: 'Which loss falls faster in the first 200 steps, and whether they meet at the end.',
  },
  rate: {
    words: '10 × the learning rate',
    about: "The backbone's rate is ten times as high at its peak.",
    watch: 'The total loss: it falls faster at first, then swings, and may end higher.',
  },
  batch: {
    words: 'batches of 32',
    about: 'Each step sees 32 examples.',
    watch: 'The raw loss behind the smooth line: it jumps more, and the heads with rare events learn later.',
  },
  seed: {
    words: 'another seed',
    about: 'Other initial weights, everything else the same.',
    watch: 'How far two runs lie apart by luck alone: less than that is no difference.',
  },
  noise: {
    words: 'pure noise',
    about: 'Labels know nothing of the features; only how often each occurs can be learned.',
    watch: 'AUROC stays at 0.5 on held-out examples, however far the loss on the training data falls.',
  },
});
