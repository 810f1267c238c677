/** What was edited, as Undo and Redo name it. */
import { texts } from './language.ts';

export const editTexts = texts('edit', {
  config: (name: string) => `configuration ${name}`,
  configText: 'edit of the configuration',
  source: 'source of the data',
  teacher: "teacher's settings",
  data: 'choice of the data',
  dataSeed: 'data seed',
  engine: 'choice of the engine',
  seed: 'seed',
  steps: 'steps after the score',
  weights: 'head weights',
  ownSet: 'own set of tweets',
  ownTweet: 'tweet of your own',
  tweets: 'choice of tweets',
  tweet: 'edit of a tweet',
  link: 'opening of a link',
  ranking: "taking over a bundle's ranking",
  manifest: 'opening of a manifest',
  note: (run: string) => `note of ${run}`,
  name: (run: string) => `name of ${run}`,
  deletion: (run: string) => `deletion of ${run}`,
  takenBack: (what: string) => `${what}, taken back`,
});
