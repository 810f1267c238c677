/** The borders between the columns of a view: by keys, by drag, in each width, after a reload. */
import { expect, test } from '@playwright/test';
import { PlaygroundPage } from './page.ts';

test('columns get wider by keys and by drag, as far as there is room, and stay so', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.chooseWasm();
  await page.goto('/');
  const border = page.getByRole('separator', { name: 'Width of configuration and data' });
  const value = async (): Promise<number> => Number(await border.getAttribute('aria-valuenow'));
  const at = async (): Promise<number> => (await border.boundingBox())?.x ?? 0;
  const drag = async (by: number): Promise<void> => {
    await border.hover();
    const { x = 0, y = 0, height = 0 } = (await border.boundingBox()) ?? {};
    await page.mouse.down();
    await page.mouse.move(x + 4 + by, y + height / 2, { steps: 4 });
  };
  await expect(border).toBeVisible();
  const came = await at();
  for (const [width, borders] of [
    [1440, 2],
    [1024, 1],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await expect(page.getByRole('separator')).toHaveCount(borders);
    const [first, share] = [await at(), await value()];
    await border.press('ArrowRight');
    expect(await at()).toBeCloseTo(first + 16, 0);
    await expect.poll(value).toBeGreaterThan(share);
    await border.press('Home');
    await expect(border).toHaveAttribute('aria-valuenow', (await border.getAttribute('aria-valuemin')) ?? '');
    await border.press('End');
    await expect(border).toHaveAttribute('aria-valuenow', (await border.getAttribute('aria-valuemax')) ?? '');
    await border.press('Enter');
    expect(await at()).toBeCloseTo(first, 0);

    // Escape gives a drag up, double click what was dragged before.
    await drag(40);
    expect(await at()).toBeCloseTo(first + 40, 0);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    expect(await at()).toBeCloseTo(first, 0);
    await drag(40);
    await page.mouse.up();
    await border.dblclick();
    expect(await at()).toBeCloseTo(first, 0);
    await drag(30);
    await page.mouse.up();
  }

  await page.setViewportSize({ width: 1440, height: 900 });
  await page.reload();
  await expect(border).toBeVisible();
  expect(await at()).toBeCloseTo(came + 30, 0);
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Rank' }).click();
  const timeline = page.getByRole('separator', { name: 'Width of the timeline' });
  await timeline.press('End');
  await expect(timeline).toHaveAttribute(
    'aria-valuenow',
    (await timeline.getAttribute('aria-valuemax')) ?? '',
  );
  await page.getByRole('tab', { name: 'After the score' }).click();
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole('separator')).toHaveCount(0);

  // What a phone shows of Train, and the tool on Rank, come back too.
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Train' }).click();
  const data = page.getByRole('tablist', { name: 'Parts of the view' }).getByRole('tab', { name: 'Data' });
  await data.click();
  await page.reload();
  await expect(data).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('region', { name: 'Data', exact: true })).toBeVisible();
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Rank' }).click();
  await expect(page.getByRole('tab', { name: 'After the score' })).toHaveAttribute('aria-selected', 'true');
  expect(playground.errors).toEqual([]);
});
