/** The main job as a person does it: configure, synthesize, train, rank, export, come back, import, rank in the terminal. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, type Locator } from '@playwright/test';
import { readSafetensors } from '../src/formats/safetensors.ts';
import { checkExports } from './export-checks.ts';
import { LabPage } from './lab-page.ts';
import { PlaygroundPage } from './page.ts';

const tiny = readFileSync(new URL('./files/tiny.yaml', import.meta.url), 'utf8');
const playground = readFileSync(new URL('../configs/playground.yaml', import.meta.url), 'utf8');
/** Enough for the default model to have learned something. */
const STEPS = 60;
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** The default configuration with a constant rate, so that a few steps show learning, and small evaluations. */
const eager = (steps: number): string =>
  playground
    .replace(/num_train_steps: \d+/, `num_train_steps: ${steps}`)
    .replace(/num_eval_steps: \d+/, 'num_eval_steps: 1')
    .replaceAll(/num_ramp_steps: \d+/g, 'num_ramp_steps: 1')
    .replaceAll(/final_num_steps: \d+/g, `final_num_steps: ${steps * 100}`);

/** What `rank` makes of weights, without heuristics, by the score weights that the page shows first. */
function rankInTerminal(weights: string, out: string): { readonly id: string; readonly score: number }[] {
  const config = ['--config', 'configs/playground.yaml', '--weights', weights];
  const how = ['--score-weights', '2023-04-05', '--heuristics', 'none', '--out', out];
  execFileSync(process.execPath, ['scripts/run-ts.mjs', 'cli/main.ts', 'rank', ...config, ...how], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  const { tweets } = JSON.parse(readFileSync(out, 'utf8')) as {
    readonly tweets: { readonly id: string; readonly score: number }[];
  };
  return tweets;
}

/** Scores on the cards of a list, from top to bottom as they are seen. */
const scoresOf = (cards: Locator): Promise<string[]> =>
  cards.evaluateAll((all) => {
    const top = (card: Element): number => (card as HTMLElement).offsetTop;
    return all
      .toSorted((a, b) => top(a) - top(b))
      .map((card) => {
        const titled = [...card.querySelectorAll<HTMLElement>('[title]')];
        return (
          titled.find(({ title }) => /^[-−]?\d+(\.\d+)?(e-?\d+)?$/.test(title))?.textContent ?? 'no score'
        );
      });
  });

// As most people see it: everything glides.
test.use({ contextOptions: { reducedMotion: 'no-preference' } });

test('trains the default model on our engine and takes the weights away', async ({ page }, info) => {
  const playgroundPage = new PlaygroundPage(page);
  await playgroundPage.openOnWebgpu(eager(STEPS));
  const tweets = page.getByRole('list', { name: 'Ranked tweets' }).getByRole('listitem');
  const ranking = page.getByRole('region', { name: 'Ranking' });
  await playgroundPage.button('Untrained').click();
  await expect(ranking).toContainText('untrained');
  await expect.poll(() => tweets.count()).toBeGreaterThanOrEqual(20);
  const untrained = await playgroundPage.seen(tweets);

  await expect(page.getByRole('region', { name: 'Run' })).toContainText(`0 / ${STEPS} steps`);
  await playgroundPage.button('Train').click();
  await expect(playgroundPage.status).toContainText(/finished|done/i);

  const steps = await playgroundPage.metrics();
  expect(steps.map(({ step }) => step)).toEqual([...Array(STEPS).keys()]);
  const losses = steps.map(({ loss }) => loss);
  expect(mean(losses.slice(-10))).toBeLessThan(mean(losses.slice(0, 5)) - 0.05);
  for (const { loss, task_losses } of steps) {
    expect(loss).toBeCloseTo(mean(Object.values(task_losses)), 5);
  }

  await playgroundPage.button('Total loss as a table').click();
  const shown = await playgroundPage.rows(
    page.getByRole('region', { name: 'Total loss, table' }).getByRole('table'),
  );
  const printed = shown.filter((cells) => /^\d/.test(cells[0] ?? ''));
  expect(printed.length).toBeGreaterThan(10);
  for (const [step, loss] of printed) {
    expect(Number(loss)).toBeCloseTo(losses[Number(step)] ?? NaN, 3);
  }

  await expect(ranking).toContainText(`after ${STEPS} steps`);
  const trained = await playgroundPage.seen(tweets);
  expect(trained).not.toEqual(untrained);
  const scores = await scoresOf(tweets);
  expect(scores).toHaveLength(20);
  expect(scores.every((score) => /^\d+\.\d+$/.test(score))).toBe(true);

  const bytes = await playgroundPage.download('Export weights');
  const { tensors, metadata } = readSafetensors(new Uint8Array(bytes));
  expect(metadata['step']).toBe(String(STEPS));
  expect(metadata['config']).toContain(`num_train_steps: ${STEPS}`);
  expect(tensors.get('_backbone._mask_blocks.0._mask_layer.0.weight')?.shape).toEqual([32, 176]);
  const file = info.outputPath('model.safetensors');
  writeFileSync(file, bytes);

  // A reload brings the finished run back; a new one begins untrained, and the weights from the file rank as before.
  await page.reload();
  await expect(playgroundPage.status).toContainText('Finished');
  await expect(ranking).toContainText(`after ${STEPS} steps`);
  await expect.poll(() => scoresOf(tweets)).toEqual(scores);
  expect((await playgroundPage.metrics()).map(({ loss }) => loss)).toEqual(losses);
  // Long enough for a pause to come before its end.
  await playgroundPage.editYaml(eager(3000));
  await playgroundPage.button(/^Restart with \d+ change/).click();
  await playgroundPage.button('Pause').click();
  await expect.poll(() => scoresOf(tweets)).not.toEqual(scores);
  await playgroundPage.chooseFile('Import', file);
  await expect(playgroundPage.status).toContainText('Ready, imported weights');
  await expect.poll(() => scoresOf(tweets)).toEqual(scores);

  const cut = info.outputPath('cut.safetensors');
  writeFileSync(cut, bytes.subarray(0, bytes.length - 100));
  await playgroundPage.chooseFile('Import', cut);
  await expect(page.getByRole('alert')).toContainText(/byte|tensor|cut|length/i);
  expect(await scoresOf(tweets)).toEqual(scores);

  // The page and the terminal rank alike.
  const lab = new LabPage(page);
  await lab.open('all');
  const cards = await lab.cards();
  const ranked = rankInTerminal(file, info.outputPath('ranking.json'));
  expect(cards.map(({ key }) => key)).toEqual(ranked.map(({ id }) => id));
  const scale = Math.max(...ranked.map(({ score }) => Math.abs(score)));
  for (const [place, { id, score }] of ranked.entries()) {
    expect(Math.abs(cards[place]!.score - score), `score of ${id}`).toBeLessThan(1e-6 * scale);
  }
  expect(playgroundPage.errors).toEqual([]);
});

test('keeps the last valid configuration while the text is broken, and names the place', async ({ page }) => {
  const playgroundPage = new PlaygroundPage(page);
  await playgroundPage.openOnWasm();
  const status = page.getByRole('status', { name: 'Configuration status' });
  // Tab leaves the editor as it is.
  const editor = page.getByRole('textbox', { name: 'Configuration in YAML' });
  await editor.focus();
  const before = await editor.innerText();
  await page.keyboard.press('Tab');
  await expect(editor).not.toBeFocused();
  expect(await editor.innerText()).toBe(before);

  await playgroundPage.editYaml(playground.replace('num_train_steps: 1500', 'num_trian_steps: 1500'));
  await expect(status).not.toContainText('Valid');
  const panel = page.getByRole('region', { name: 'Configuration' });
  await expect(panel).toContainText('num_trian_steps');
  await expect(panel).toContainText(/num_train_steps/);
  await expect(panel).toContainText(/3:\d+|line 3/i);

  await expect(playgroundPage.button('Train')).toBeEnabled();
  await playgroundPage.button('Step').click();
  await expect(page.getByRole('region', { name: 'Run' })).toContainText('1 / 1,500 steps');

  await playgroundPage.editYaml(playground.replace('num_train_steps: 1500', 'num_train_steps: 77'));
  await expect(status).toContainText('Valid');
  await playgroundPage.button(/Restart/).click();
  await expect(page.getByRole('region', { name: 'Run' })).toContainText('0 / 77 steps');

  await playgroundPage.editYaml('model: [unclosed');
  await expect(status).not.toContainText('Valid');
  await page.reload();
  await expect(editor).toContainText('model: [unclosed');
  expect(playgroundPage.errors).toEqual([]);
});

test('trains a tiny model on tfjs-webgpu; PyTorch, ONNX and the reference get its weights', async ({
  page,
}, info) => {
  const playgroundPage = new PlaygroundPage(page);
  await playgroundPage.openOnWasm();
  const file = info.outputPath('tiny.yaml');
  const yaml = tiny.replace(/num_train_steps: \d+/, 'num_train_steps: 8');
  writeFileSync(file, yaml);
  // Before the engine: to compile the default model for it takes longer than all of this.
  await playgroundPage.chooseFile('Open', file);
  await expect(page.getByRole('region', { name: 'Run' })).toContainText('0 / 8 steps');
  await playgroundPage.ready();
  await playgroundPage.button(/^Engine:/).click();
  await page.getByRole('radio', { name: /tfjs on WebGPU/ }).check();
  await page.keyboard.press('Escape');
  await expect(playgroundPage.button(/^Engine: tfjs on WebGPU/)).toBeVisible();
  await playgroundPage.ready();
  await playgroundPage.button('Train').click();
  await expect(playgroundPage.status).toContainText(/finished|done/i);
  const steps = await playgroundPage.metrics();
  const losses = steps.map(({ loss }) => loss);
  expect(losses).toHaveLength(8);
  expect(mean(losses.slice(-3))).toBeLessThan(mean(losses.slice(0, 3)) - 0.02);
  await checkExports(playgroundPage, yaml, 8);
  expect(playgroundPage.errors).toEqual([]);
});
