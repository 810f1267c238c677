/** The evaluation panel while a run is evaluated: every metric of every head, its limit, its interval, its chart. */
import { expect, test } from '@playwright/test';
import { DataPage, numberIn, shortened, tasks } from './data-page.ts';
import { taskOf } from './heads.ts';
import { digitsOf, LabPage } from './lab-page.ts';

const entropy = (p: number): number => -(p * Math.log(p) + (1 - p) * Math.log(1 - p));

/** A text is that number, rounded to the decimals it has, at least so many. */
function expectPrinted(text: string | undefined, value: number, decimals: number, what: string): void {
  const found = digitsOf(text ?? '');
  expect(found, `decimals of ${what}: ${text}`).toBeGreaterThanOrEqual(decimals);
  const off = Math.abs(numberIn(text) - value);
  expect(off, `${what}: ${text} for ${value}`).toBeLessThanOrEqual(0.5 * 10 ** -found + 1e-9);
}

test('evaluates while it trains, beside the best that the data allows, and moves the timeline of the lab', async ({
  page,
}) => {
  const panel = new DataPage(page);
  await panel.openOnWasm(shortened(60, 30, 4));
  await expect(panel.evaluation).toContainText('first at step 30');
  await panel.train();
  await expect(panel.evaluation).toContainText('step 60, 512 examples');

  const table = panel.evaluation.getByRole('table', { name: 'Heads on held-out examples', exact: true });
  const limits = ['AUROC limit', 'RCE limit', 'Loss limit'];
  const validation = await panel.entries(table);
  const exact = await panel.csv('Evaluation of all heads as CSV');
  expect(exact.map(({ Head }) => Head)).toEqual(tasks);
  for (const [at, head] of exact.entries()) {
    const value = (name: string): number => (head[name] === '' ? NaN : Number(head[name]));
    const shown = validation[at]!;
    expect(tasks[at]).toBe(`recap.engagement.${taskOf[shown['Head']!]}`);
    // The page prints what the file says.
    for (const name of ['AUROC', 'AUROC limit']) expectPrinted(shown[name], value(name), 3, name);
    for (const name of ['RCE', 'RCE limit', 'NRCE']) expectPrinted(shown[name], value(name), 1, name);
    for (const name of ['Loss', 'Loss limit']) expectPrinted(shown[name], value(name), 3, name);
    for (const name of ['CTR', 'pCTR']) expectPrinted(shown[name], 100 * value(name), 1, name);
    expectPrinted(shown['Calibrated'], 100 * value('Mean calibrated'), 1, 'Calibrated');
    for (const name of ['RCE', 'RCE limit', 'NRCE', 'CTR', 'pCTR', 'Calibrated'])
      expect(shown[name]).toMatch(/ %$/);
    expect(numberIn(shown['Positives'])).toBe(value('Positives'));
    expect(shown['Examples']).toBe('512');
    for (const name of limits) expect(value(name)).not.toBeNaN();

    // What must hold whatever the model is.
    expect(value('Positives') / 512).toBeCloseTo(value('CTR'), 6);
    expect(value('RCE')).toBeCloseTo(100 * (1 - value('Loss') / entropy(value('CTR'))), 1);
    expect(value('RCE limit')).toBeCloseTo(100 * (1 - value('Loss limit') / entropy(value('CTR'))), 1);
    expect(value('Mean calibrated')).toBeCloseTo(value('pCTR'), 6);
    for (const name of ['AUROC', 'RCE']) {
      expect(value(`${name} 95 % from`)).toBeLessThanOrEqual(value(name));
      expect(value(name)).toBeLessThanOrEqual(value(`${name} 95 % to`));
    }
    expect(value('AUROC')).toBeGreaterThanOrEqual(0);
    expect(value('AUROC')).toBeLessThanOrEqual(1);
    // No model knows more than the teacher, but for the luck of 512 examples.
    const luck = value('AUROC 95 % to') - value('AUROC 95 % from');
    expect(value('AUROC')).toBeLessThan(value('AUROC limit') + luck / 2);
    expect(value('Loss')).toBeGreaterThan(value('Loss limit') - 0.02);
    expect(value('AUROC limit')).toBeGreaterThan(0.7);
    if (Math.abs(value('pCTR') / value('CTR') - 1) < 0.05) {
      expect(Math.abs(value('NRCE') - value('RCE'))).toBeLessThan(3);
    }
  }
  const like = exact[0];
  expect(Number(like['AUROC'])).toBeGreaterThan(0.55);

  // The interval behind the number.
  const cell = table
    .getByRole('row', { name: /^Like/ })
    .getByRole('button', { name: validation[0]['AUROC'] });
  await cell.click();
  const interval = [like['AUROC 95 % from'], like['AUROC 95 % to']].map((text) => Number(text).toFixed(3));
  await expect(page.getByRole('tooltip').first()).toContainText(
    `95 % bootstrap interval ${interval.join(' to ')}`,
  );
  await page.keyboard.press('Escape');

  // Charts as tables: one line an evaluation, validation beside train, the limit along.
  // They take over a new evaluation one after another.
  await expect.poll(async () => (await panel.twin('AUROC')).map(({ Step }) => Step)).toEqual(['30', '60']);
  const auroc = await panel.twin('AUROC');
  expect(numberIn(auroc[1]['AUROC, validation'])).toBeCloseTo(Number(like['AUROC']), 5);
  expect(numberIn(auroc[1]["Teacher's limit"])).toBeCloseTo(Number(like['AUROC limit']), 5);
  for (const row of auroc) expect(Number(row["Teacher's limit"])).toBe(Number(auroc[0]["Teacher's limit"]));
  const loss = await panel.twin('Loss');
  expect(Number(loss[1]['Loss, validation'])).toBeLessThan(Number(loss[0]['Loss, validation']));
  const bins = await panel.twin('Calibration');
  expect(bins.reduce((sum, bin) => sum + Number(bin['Examples']), 0)).toBe(512);
  const found = bins.reduce(
    (sum, bin) => sum + Number(bin['Examples']) * Number(bin['Share of positives']),
    0,
  );
  expect(found).toBeCloseTo(Number(like['Positives']), 2);
  const curve = await panel.csv('ROC as CSV');
  const [x, y] = ['False positive rate', 'True positive rate'].map((key) => curve.map((p) => Number(p[key])));
  expect([x[0], y[0], x.at(-1), y.at(-1)]).toEqual([0, 0, 1, 1]);
  const area = x.slice(1).reduce((sum, at, i) => sum + ((at - x[i]) * (y[i] + y[i + 1])) / 2, 0);
  expect(area).toBeCloseTo(Number(like['AUROC']), 2);

  // Another moment, other examples, another head.
  await page.getByRole('slider', { name: 'Evaluation looked at' }).fill('0');
  await expect(panel.evaluation).toContainText('step 30, 512 examples');
  const first = async (column: string): Promise<number> =>
    numberIn((await panel.entries(table))[0]?.[column]);
  const then = (column: string, text: string): Promise<void> =>
    expect.poll(async () => Math.abs((await first(column)) - Number(text))).toBeLessThan(0.00051);
  await then('AUROC', auroc[0]['AUROC, validation']);
  await page.getByRole('slider', { name: 'Evaluation looked at' }).fill('1');
  await panel.select('Partition').selectOption('train');
  await then('AUROC', auroc[1]['AUROC, train']);
  await then('Loss', loss[1]['Loss, train']);

  // A head's own partition, its negatives thinned to a hundredth: nearly all that is left are likes, and the weights
  // of the few others bring the rate back to about 30 %.
  await panel.select('Partition').selectOption({ label: 'Like (sampled)' });
  await expect(table.getByRole('row')).toHaveCount(2);
  expect((await first('Positives')) / (await first('Examples'))).toBeGreaterThan(0.9);
  expect(Math.abs((await first('CTR')) - 30)).toBeLessThan(12);

  // A run that goes on for longer moves the timeline of the lab while it trains and is evaluated.
  await panel.editYaml(shortened(5000, 20));
  await panel.button(/^Restart with \d+ change/).click();
  await expect(panel.evaluation).toContainText(/step \d+, 128 examples/);
  const lab = new LabPage(page);
  await lab.open('all');
  await expect.poll(() => lab.timeline.count()).toBeGreaterThanOrEqual(60);
  const before = await panel.seen(lab.timeline);
  await expect.poll(() => panel.seen(lab.timeline)).not.toEqual(before);
  await expect(lab.timeline.filter({ hasText: /(up|down) \d+ since/ }).first()).toBeVisible();
  expect(panel.errors).toEqual([]);
});
