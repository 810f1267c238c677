/** Texts of the gallery of examples. */
import { texts } from './language.ts';

export const galleryTexts = texts('gallery', {
  title: 'Examples',
  configs: 'Configurations',
  configsAbout: 'What is trained. Undo brings yours back.',
  data: 'Data',
  dataAbout: 'What it is trained on.',
  uniform: 'Uniform',
  uniformAbout: 'Features and labels drawn evenly, as the published code does: there is nothing to learn.',
  timelines: 'Timelines',
  timelinesAbout:
    'What is ranked, each line a tweet: as long as it is liked, coloured where it is from outside the network.',
});
