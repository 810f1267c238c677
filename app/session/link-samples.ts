/**
 * What the ranking's parts of a link usually hold, as the dictionary that links with such parts are packed with: the
 * sample tweets, the catalogue's names, weights and steps as they come. Where one of them is changed, older links of that
 * kind are of another edition, as differences from what is no more.
 */
import { catalogue } from '../../src/data/catalogue/catalogue.ts';
import { heuristicPresets, heuristicStepsToJson } from '../../src/ranking/heuristics/presets.ts';
import { sampleTweets } from '../../src/ranking/scenarios/index.ts';
import { publishedScoreWeights } from '../../src/ranking/score-weights.ts';

let made: string | null = null;

/** What is changed most often stands last, where it costs least. */
export function linkSamples(): string {
  made ??= [
    catalogue.map(({ name }) => name),
    heuristicPresets.map(({ id, steps }) => ({
      heuristics: { preset: id, steps: JSON.parse(heuristicStepsToJson(steps)) as unknown },
    })),
    publishedScoreWeights.map(({ id, label, weights }) => ({
      weights: {
        set: {
          of: id,
          heads: weights,
          id: 'own-1',
          label,
          source: `Own numbers, from ${label}.`,
        },
      },
    })),
    {
      tweets: {
        set: 'all',
        changes: Object.fromEntries(
          sampleTweets.map(({ id, text, counts, createdAtHoursAgo, inNetwork }) => [
            id,
            { text, createdAtHoursAgo, inNetwork, counts },
          ]),
        ),
      },
    },
    '"pair":,"date":null,"isReply":true,"isRetweet":true,"features":{"},"counts":{"likes":,"replies":,"reposts":',
  ]
    .map((part) => (typeof part === 'string' ? part : JSON.stringify(part)))
    .join('\n');
  return made;
}
