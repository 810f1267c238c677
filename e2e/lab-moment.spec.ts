/** The lab's scrubber: every moment of a run is the order that stood then. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { checkChanges, ids } from './lab-checks.ts';
import { LabPage } from './lab-page.ts';
import type { Card } from './lab-page.ts';
import { PlaygroundPage } from './page.ts';

test('a moment on the scrubber shows the order that stood then', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.openOnWasm(
    readFileSync(new URL('../configs/playground.yaml', import.meta.url), 'utf8')
      .replace(/num_train_steps: \d+/, 'num_train_steps: 20')
      .replace(/num_eval_steps: \d+/, 'num_eval_steps: 1')
      .replace(/checkpoint_every_n: \d+/, 'checkpoint_every_n: 5')
      .replaceAll(/num_ramp_steps: \d+/g, 'num_ramp_steps: 1')
      .replaceAll(/final_num_steps: \d+/g, 'final_num_steps: 2000'),
  );
  const run = page.getByRole('region', { name: 'Run' });
  await expect(run).toContainText('0 / 20 steps');
  const lab = new LabPage(page);
  await lab.open('breaking-news');
  await lab.untrained();
  await expect(lab.region).toContainText('The model is untrained.');
  const untrained = await lab.cards();
  for (let step = 1; step <= 5; step++) {
    await playground.button('Step').click();
    await expect(run).toContainText(`${step} / 20 steps`);
  }
  await expect(lab.region).toContainText('The model has done 5 steps.');
  const atFive = await lab.cards();
  checkChanges(untrained, atFive);
  await playground.button('Continue').click();
  await expect(playground.status).toContainText(/finished|done/i);
  await expect(lab.region).toContainText('The model has done 20 steps.');
  const now = await lab.cards();
  checkChanges(untrained, now);
  const orders = [untrained, atFive, now].map((cards) => ids(cards).join(' '));
  expect(new Set(orders).size).toBe(3);

  await lab.show('Training');
  const slider = lab.tool.getByRole('slider', { name: 'Moment of the run' });
  const same = async (expected: readonly Card[]): Promise<void> => {
    await expect.poll(async () => ids(await lab.cards())).toEqual(ids(expected));
    const cards = await lab.cards();
    checkChanges(untrained, cards);
    cards.forEach(({ score }, i) => expect(score).toBeCloseTo(expected[i]!.score, 6));
  };
  await expect(slider).toHaveAttribute('aria-valuetext', 'Now (step 20)');
  await slider.press('Home');
  await expect(slider).toHaveAttribute('aria-valuetext', 'Untrained');
  await expect(lab.region).toContainText('This is the untrained order.');
  await same(untrained);
  await slider.press('ArrowRight');
  await expect(lab.region).toContainText('This is the order at the checkpoint of step 5.');
  await same(atFive);
  for (const step of [10, 15, 20]) {
    await slider.press('ArrowRight');
    await expect(slider).toHaveAttribute('aria-valuetext', `Checkpoint of step ${step}`);
  }
  await same(now);
  await slider.press('Home');
  await same(untrained);
  await playground.button('Back to now').click();
  await same(now);

  // Each line by the keyboard: it is the tweet that the tools are about.
  const line = lab.tool.getByRole('button', { name: /: place \S+ at first, 1 now$/ });
  await line.press('Enter');
  await expect(line).toHaveAttribute('aria-pressed', 'true');
  await lab.tool.getByRole('button', { name: /^Places over .* as a table$/ }).click();
  const [, ...places] = await lab.cells(lab.tool.getByRole('table').filter({ hasText: 'Best' }));
  expect(places).toHaveLength(10);
  places.forEach(([name = '', first, best, last], i) => {
    const card = now[i]!;
    const old = untrained.find(({ key }) => key === card.key)!;
    expect(name.startsWith(`${card.author}: `)).toBe(true);
    expect([first, last]).toEqual([String(old.rank), String(card.rank)]);
    const five = atFive.find(({ key }) => key === card.key)!;
    expect(Number(best)).toBeLessThanOrEqual(Math.min(old.rank!, five.rank!, card.rank!));
  });
  expect(playground.errors).toEqual([]);
});
