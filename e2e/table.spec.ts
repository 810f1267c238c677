/** A table of one's own from drop to a trained ranking, its numbers counted again here; and a run on it that goes on after a reload. */
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test, type Locator } from '@playwright/test';
import { Random } from '../src/data/random.ts';
import { DataPage, numberIn } from './data-page.ts';

/** What stands in the editor before the table brings its own. */
const tiny = readFileSync(new URL('./files/tiny.yaml', import.meta.url), 'utf8');
const ROWS = 50_000;
const DAYS = 1000;
/** Of the run that is left in its middle, where its first are taken one by one. */
const STEPS = 40;

interface Row {
  readonly day: number;
  readonly buys: boolean;
  readonly leaves: boolean;
}

/** Customers: numbers, categories, gaps, and two labels that hang on them; dice with a fixed seed. */
function customers(count: number, seed = 7): { readonly csv: string; readonly rows: readonly Row[] } {
  const random = new Random(seed);
  const lines = ['day,age,income,plan,region,newsletter,buys,leaves'];
  const rows: Row[] = [];
  const plans = ['free', 'basic', 'plus', 'team'];
  for (let i = 0; i < count; i++) {
    const day = Math.floor(random.double() * DAYS);
    const age = 18 + Math.floor(random.double() * 60);
    const income = Math.round(1000 * Math.exp(2 * random.double() + 2));
    const plan = Math.floor(random.double() * plans.length);
    const newsletter = random.double() < 0.3;
    const buy = -1.5 + 0.8 * plan - 0.05 * (age - 48) + (newsletter ? 1.5 : 0);
    const leave = 0.5 - 0.9 * plan + 0.04 * (age - 48) - 0.4 * Math.log(income / 20_000);
    const happens = (logit: number): boolean => random.double() < 1 / (1 + Math.exp(-logit));
    const row = { day, buys: happens(buy), leaves: happens(leave) };
    rows.push(row);
    const shownAge = random.double() < 0.1 ? '' : String(age);
    const shownPlan = random.double() < 0.05 ? 'NA' : plans[plan];
    const region = `"${['north', 'south, far', 'west'][i % 3]}"`;
    const cells = [day, shownAge, income, shownPlan, region, newsletter ? 'yes' : 'no'];
    lines.push([...cells, row.buys ? 'yes' : 'no', row.leaves ? 1 : 0].join(','));
  }
  return { csv: `${lines.join('\n')}\n`, rows };
}

/** Share of pairs of a positive and a negative that stand in the right order, ties half; by ranks. */
function auroc(scores: readonly number[], positive: readonly boolean[]): number {
  const order = scores.map((_, i) => i).toSorted((a, b) => scores[a]! - scores[b]!);
  let rankSum = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    const rank = (from + 1 + to) / 2;
    for (; from < to; from++) if (positive[order[from]!]) rankSum += rank;
  }
  const positives = positive.filter(Boolean).length;
  const negatives = positive.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** The table's dialog, labels chosen, the latest fifth held out. */
async function choose(dialog: Locator, labels: readonly string[]): Promise<void> {
  for (const label of labels) {
    await dialog.getByRole('combobox', { name: `${label} is read as` }).selectOption('label');
  }
  await dialog.getByRole('combobox', { name: 'Held out to evaluate on' }).selectOption('time');
  await dialog.getByRole('combobox', { name: 'Time by' }).selectOption('day');
}

/** The configuration made of the table, with a word changed. */
async function change(panel: DataPage, from: RegExp, to: string): Promise<void> {
  const made = (await panel.download('Save')).toString();
  expect(made).toMatch(from);
  await panel.configure(made.replace(from, to));
}

test('from drop to a trained ranking, with the AUROC that its predictions have', async ({ page }, info) => {
  const panel = new DataPage(page);
  await panel.openOnWasm(tiny);
  const { csv, rows } = customers(ROWS);
  await panel.drop('customers.csv', Buffer.from(csv));
  const dialog = page.getByRole('dialog', { name: 'Own table' });
  await expect(dialog).toContainText('50,000 rows, 8 columns');

  // What was found, before anything is chosen.
  const columns = dialog.getByRole('table', { name: 'Columns of the table' });
  const readAs = (name: string) => dialog.getByRole('combobox', { name: `${name} is read as` });
  await expect(readAs('age')).toHaveValue('number');
  await expect(readAs('plan')).toHaveValue('category');
  await expect(readAs('newsletter')).toHaveValue('binary');
  await expect(columns.getByRole('row').filter({ hasText: 'region' })).toContainText('south, far');
  await expect(dialog.getByRole('button', { name: 'Use this table' })).toBeDisabled();
  await expect(dialog).toContainText('Choose at least one column to predict');
  await choose(dialog, ['buys', 'leaves']);
  await dialog.getByRole('combobox', { name: 'Missing values of age' }).selectOption('mean');

  const saved = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save columns.json' }).click();
  const text = (await readFile(await (await saved).path())).toString();
  const kept = JSON.parse(text) as {
    held_out: { from: number };
    heads: { name: string; title: string }[];
    columns: { name: string; missing?: string }[];
  };
  expect(kept.heads.map(({ name }) => name)).toEqual(['buys', 'leaves']);
  expect(kept.columns.find(({ name }) => name === 'age')?.missing).toBe('mean');
  await dialog.getByRole('button', { name: 'Use this table' }).click();
  await expect(dialog).toBeHidden();

  // The configuration stands in the editor; a short run of it.
  await change(panel, /num_train_steps: \d+/, 'num_train_steps: 80');
  const heldOut = rows.flatMap(({ day }, i) => (day >= kept.held_out.from ? [i] : []));
  await expect(panel.data).toContainText(`${heldOut.length.toLocaleString('en')} held out`);
  expect(Math.abs(heldOut.length / ROWS - 0.2)).toBeLessThan(0.005);
  await panel.counted('50K');
  expect(Object.keys(await panel.shares())).toEqual(['buys', 'leaves']);
  await panel.train();

  // Rows are ranked, not tweets, by both heads.
  const ranking = page.getByRole('region', { name: 'Ranking', exact: true });
  await expect(ranking).toContainText('after 80 steps');
  await expect(ranking.getByRole('list', { name: 'Ranked tweets' })).toHaveCount(0);
  const ranked = await panel.entries(ranking.getByRole('table', { name: 'Ranked rows' }));
  expect(ranked).toHaveLength(50);
  const scores = ranked.map((entry) => numberIn(entry['Score']));
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  // A weight is the person's to change: with one head left, its probability is the order.
  await ranking.getByRole('textbox', { name: 'Weight of leaves' }).fill('0');
  await page.keyboard.press('Enter');
  const byOne = await panel.entries(ranking.getByRole('table', { name: 'Ranked rows' }));
  const buys = byOne.map((entry) => numberIn(entry['buys, predicted']));
  expect(buys).toEqual(buys.toSorted((a, b) => b - a));
  expect(new Set(buys).size).toBeGreaterThan(10);

  // On Rank they are a set like those of the ten: changed, kept as an own one, taken away as a file, taken back.
  const go = (view: string) =>
    page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
  await go('Rank');
  const lab = page.locator('#lab-tools');
  const sets = lab.getByRole('combobox', { name: 'Head weights' });
  await expect(sets.locator('option:checked')).toHaveText('All heads alike, changed');
  await lab.getByRole('button', { name: 'Save as own set' }).click();
  await page.keyboard.press('Enter');
  await expect(sets.locator('option:checked')).toHaveText('My weights');
  const yaml = page.waitForEvent('download');
  await lab.getByRole('button', { name: 'Download' }).click();
  expect((await readFile(await (await yaml).path())).toString()).toMatch(/buys: 1\n +leaves: 0\n/);
  const leaves = lab.getByRole('textbox', { name: 'Weight of leaves, number' });
  await leaves.fill('-20000');
  await page.keyboard.press('Enter');
  await expect(sets.locator('option:checked')).toHaveText('My weights, changed');
  await lab.getByRole('button', { name: 'Reset' }).click();
  await expect(leaves).toHaveValue('0');
  await go('Train');

  // The same table in, one probability for each head out.
  const file = info.outputPath('customers.csv');
  writeFileSync(file, csv);
  const downloaded = page.waitForEvent('download');
  await panel.chooseFile('Predict a table', file);
  const lines = (await readFile(await (await downloaded).path())).toString().trimEnd().split('\n');
  expect(lines[0]).toBe('row,buys,leaves');
  const predicted = lines.slice(1).map((line) => line.split(',').map(Number));
  expect(predicted.map(([row]) => row)).toEqual(rows.map((_, i) => i + 1));
  for (const entry of byOne) {
    const probability = predicted[numberIn(entry['Row']) - 1]?.[1] ?? NaN;
    expect(Math.abs(100 * probability - numberIn(entry['buys, predicted']))).toBeLessThan(0.06);
  }

  // The page's AUROC of the held-out rows is what its predictions have, counted here.
  const table = panel.evaluation.getByRole('table', { name: 'Heads on held-out examples' });
  await expect(panel.evaluation).toContainText('step 80,');
  const heads = await panel.entries(table);
  expect(heads.map((entry) => entry['Head'])).toEqual(['buys', 'leaves']);
  for (const [i, label] of (['buys', 'leaves'] as const).entries()) {
    const counted = auroc(
      heldOut.map((row) => predicted[row]?.[i + 1] ?? NaN),
      heldOut.map((row) => rows[row]![label]),
    );
    expect(numberIn(heads[i]?.['AUROC'])).toBeCloseTo(counted, 2);
    expect(Math.abs(numberIn(heads[i]?.['AUROC']) - counted)).toBeLessThan(0.0006);
    expect(counted).toBeGreaterThan(0.7);
    expect(numberIn(heads[i]?.['Examples'])).toBe(heldOut.length);
  }
  expect(panel.errors).toEqual([]);
});

test('a run on a table goes on exactly after a reload, once the file is chosen again', async ({
  page,
}, info) => {
  const panel = new DataPage(page);
  await panel.openOnWasm(tiny);
  const { csv } = customers(2000, 11);
  const file = info.outputPath('few.csv');
  writeFileSync(file, csv);
  await panel.select('Source').selectOption('table');
  await panel.chooseFile('Choose table', file);
  const dialog = page.getByRole('dialog', { name: 'Own table' });
  await choose(dialog, ['buys', 'leaves']);
  await dialog.getByRole('button', { name: 'Use this table' }).click();
  await change(panel, /num_train_steps: \d+/, `num_train_steps: ${STEPS}`);
  for (let step = 1; step <= 6; step++) {
    await panel.button('Step').click();
    await expect(page.getByTestId('step')).toHaveText(String(step));
  }
  await page.reload();
  await expect(panel.data).toContainText(/few\.csv .* is not at hand/);
  await expect(page.getByTestId('step')).toHaveText('6');
  await panel.chooseFile('Choose table', file);
  await panel.train();
  const inTwo = (await panel.metrics()).map(({ loss }) => loss);
  expect(inTwo).toHaveLength(STEPS);

  await panel.restart(STEPS);
  await expect(panel.status).toContainText(/finished/i);
  expect((await panel.metrics()).map(({ loss }) => loss)).toEqual(inTwo);
  expect(panel.errors).toEqual([]);
});
