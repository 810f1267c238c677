/** The first minute: a ranking before anything is built, and the way from there to one's own. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { PlaygroundPage } from './page.ts';

const playground = readFileSync(new URL('../configs/playground.yaml', import.meta.url), 'utf8');

test('ranks with pretrained weights while no engine and no data is there yet', async ({ page }) => {
  const playgroundPage = new PlaygroundPage(page);
  // Neither worker ever loads: what is seen cannot come from them.
  await page.route(/(training|data)-worker/, () => new Promise<void>(() => {}));
  await page.goto('/');
  const ranking = page.getByRole('region', { name: 'Ranking' });
  const tweets = page.getByRole('list', { name: 'Ranked tweets' }).getByRole('listitem');
  await expect.poll(() => tweets.count()).toBeGreaterThanOrEqual(20);
  await expect(playgroundPage.button('Pretrained')).toHaveAttribute('aria-pressed', 'true');
  await expect(ranking).toContainText('This is a trained model.');
  await expect(playgroundPage.button('Train')).toBeDisabled();
  await expect(playgroundPage.button('Yours')).toHaveAttribute('aria-disabled', 'true');
  expect(playgroundPage.errors).toEqual([]);
});

test('untrained, pretrained and yours are three orders; the way to yours is one button', async ({ page }) => {
  const playgroundPage = new PlaygroundPage(page);
  await playgroundPage.openOnWasm();
  const ranking = page.getByRole('region', { name: 'Ranking' });
  const tweets = page.getByRole('list', { name: 'Ranked tweets' }).getByRole('listitem');
  const places = async () => {
    const seen = await playgroundPage.seen(tweets);
    return seen.map((text) => text.match(/@\w+/)?.[0]).join(' ');
  };
  await expect(ranking).toContainText('This is a trained model.');
  const pretrained = await places();
  await playgroundPage.button('Untrained').click();
  await expect.poll(places).not.toBe(pretrained);
  const untrained = await places();
  await playgroundPage.button('Pretrained').click();
  await expect.poll(places).toBe(pretrained);

  // Another model: the weights say nothing of it, and the chip says why, by keyboard too.
  await playgroundPage.editYaml(playground.replace('clip_magnitude: 5.0', 'clip_magnitude: 4.0'));
  await expect(playgroundPage.button('Pretrained')).toHaveAttribute('aria-disabled', 'true');
  await playgroundPage.button('Untrained').focus();
  await page.keyboard.press('Tab');
  await expect(playgroundPage.button('Pretrained')).toBeFocused();
  await expect(page.getByRole('tooltip')).toContainText('clip_magnitude differs here');
  await playgroundPage.editYaml(
    playground
      .replace('num_train_steps: 1500', 'num_train_steps: 20')
      .replace('num_eval_steps: 8', 'num_eval_steps: 1'),
  );
  await expect(playgroundPage.button('Pretrained')).toHaveAttribute('aria-disabled', 'false');
  await expect(page.getByRole('region', { name: 'Run' })).toContainText('0 / 20 steps');

  await playgroundPage.ready();
  await playgroundPage.button('Train your own from nothing').click();
  await expect(playgroundPage.status).toContainText('Finished');
  await expect(playgroundPage.button('Yours')).toHaveAttribute('aria-pressed', 'true');
  await expect(ranking).toContainText('after 20 steps');
  const own = await places();
  expect(new Set([untrained, pretrained, own]).size).toBe(3);
  expect(playgroundPage.errors).toEqual([]);
});
