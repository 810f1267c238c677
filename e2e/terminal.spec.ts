/** The page and the terminal rank alike: weights trained in the page, taken to the terminal, give the same scores. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { LabPage } from './lab-page.ts';
import { PlaygroundPage } from './page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Ranking {
  tweets: { id: string; rank: number; score: number; weighted_sum: number }[];
}

test('scores of the page and of the terminal agree to 1e-6', async ({ page }, info) => {
  const playgroundPage = new PlaygroundPage(page);
  await playgroundPage.open();
  for (let step = 0; step < 5; step++) await playgroundPage.button('Step').click();
  await expect(page.getByRole('region', { name: 'Ranking' })).toContainText('after 5 steps');
  const weights = info.outputPath('model.safetensors');
  writeFileSync(weights, await playgroundPage.download('Export weights'));

  const out = info.outputPath('ranking.json');
  execFileSync(
    process.execPath,
    [
      'scripts/run-ts.mjs',
      'cli/main.ts',
      'rank',
      '--config',
      'configs/playground.yaml',
      '--weights',
      weights,
      '--score-weights',
      '2023-04-05',
      '--heuristics',
      'none',
      '--out',
      out,
    ],
    { cwd: root },
  );
  const { tweets } = JSON.parse(readFileSync(out, 'utf8')) as Ranking;

  const lab = new LabPage(page);
  await lab.open('All samples');
  const cards = await lab.cards();
  expect(cards.map(({ key }) => key)).toEqual(tweets.map(({ id }) => id));
  const scale = Math.max(...tweets.map(({ score }) => Math.abs(score)));
  for (const [place, { id, score }] of tweets.entries()) {
    expect(Math.abs(cards[place]!.score - score), `score of ${id}`).toBeLessThan(1e-6 * scale);
  }
  expect(playgroundPage.errors).toEqual([]);
});
