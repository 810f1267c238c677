/** The data panel as a person uses it: TFRecords out and in, damaged files, the teacher's settings, a look at the data. */
import { writeFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { count, percent } from '../app/format.ts';
import { headStyle } from '../app/heads.ts';
import { catalogue } from '../src/data/catalogue/catalogue.ts';
import { printed as numberOf } from './lab-page.ts';
import {
  DataPage,
  numberIn,
  recordsOf,
  sharesOf,
  shortened,
  synthesized,
  tasks,
  uncompressed,
  valueOf,
} from './data-page.ts';

const LIKE = 'recap.engagement.is_favorited';
const REPLY = 'recap.engagement.is_replied';
const RETWEET = 'recap.engagement.is_retweeted';
const LIKES = 'recap.earlybird.fav_count_v2';

/** Bytes of a file with one bit changed at each place. */
function damaged(bytes: Uint8Array, ...places: number[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const place of places) copy[place] ^= 0x10;
  return copy;
}

test('writes TFRecords, and trains on them when they come back', async ({ page }, info) => {
  const panel = new DataPage(page);
  await panel.openOnWasm(shortened(10));
  await panel.select('Examples').selectOption('1K');
  await panel.counted('1K');
  const printed = await panel.shares();
  let dialog = await panel.openDialog('Explore', 'The data from close by');
  const rows = page.getByRole('table', { name: 'Rows of the data' });
  const drawn = await rows.getByRole('row').nth(1).innerText();
  await panel.closeDialog(dialog);
  const bytes = await panel.download('Export TFRecord');

  expect([...bytes.subarray(0, 2)]).toEqual([0x1f, 0x8b]);
  const records = await recordsOf(bytes);
  expect(records).toHaveLength(1000);
  expect(printed).toEqual(sharesOf(records));
  // The same seed gives the same bytes here as in the page's worker.
  expect((await uncompressed(bytes)).equals(await synthesized(1000))).toBe(true);

  // By drop: the first 600 records, not compressed.
  const whole = await uncompressed(bytes);
  const start = records.slice(0, 600);
  await panel.drop('first-600.tfrecord', whole.subarray(0, records[600].offset));
  await panel.counted('600');
  await expect(panel.select('Source')).toHaveValue('files');
  await expect(panel.data).toContainText('first-600.tfrecord');
  expect(await panel.shares()).toEqual(sharesOf(start));

  // By chooser: the file as it was written.
  const file = info.outputPath('recap.tfrecord.gz');
  writeFileSync(file, bytes);
  await panel.chooseFile('Choose files', file);
  await panel.counted('1K');
  await expect(panel.data).toContainText('recap.tfrecord.gz');
  expect(await panel.shares()).toEqual(printed);

  dialog = await panel.openDialog('Explore', 'The data from close by');
  await expect(dialog.getByRole('status', { name: 'Rows shown' })).toContainText('Rows 1 to 32');
  expect(await rows.getByRole('row').nth(1).innerText()).toBe(drawn);
  const likes = (await panel.titles(rows)).findIndex((title) => title.startsWith('Likes'));
  for (const at of [0, 7, 31]) {
    const row = rows.getByRole('row').nth(at + 1);
    const marks = await row
      .getByRole('img')
      .evaluateAll((found) => found.map((mark) => mark.getAttribute('aria-label')));
    expect(marks).toEqual(tasks.map((task) => String(valueOf(records[at], task))));
    const cells = await row.getByRole('cell').or(row.getByRole('rowheader')).allInnerTexts();
    expect(cells[0]).toBe(String(at + 1));
    expect(cells[likes]).toBe(count(valueOf(records[at], 'home_recap_2022_cont__segdense_vals')));
  }
  await panel.closeDialog(dialog);

  await panel.ready();
  await panel.train();
  await expect(panel.run).toContainText('10 / 10 steps');
  const steps = await panel.metrics();
  expect(steps).toHaveLength(10);
  const early = (steps[0].loss + steps[1].loss) / 2;
  const late = (steps[8].loss + steps[9].loss) / 2;
  expect(late).toBeLessThan(early - 0.05);
  expect(panel.errors).toEqual([]);
});

test('names what is damaged in a file, and skips it only when told to', async ({ page }, info) => {
  const panel = new DataPage(page);
  const good = await synthesized(400);
  const records = await recordsOf(good);
  const { offset, size } = records[200];
  await panel.openOnWasm(shortened(4));
  await panel.button('Step').click();
  await expect(panel.run).toContainText('1 / 4 steps');
  const alert = panel.data.getByRole('alert');

  // One bit in the middle of a record.
  await panel.drop('one-bit.tfrecord', damaged(good, offset + Math.floor(size / 2)));
  await expect(alert).toContainText(
    `one-bit.tfrecord: Record 200 at byte ${offset} of the uncompressed data`,
  );
  await expect(alert).toContainText(/checksum/);
  await expect(alert).toContainText('ignore_data_errors');

  // Cut off.
  const last = records[399];
  await panel.drop('cut.tfrecord', good.subarray(0, good.length - 100));
  await expect(alert).toContainText(`cut.tfrecord: Record 399 at byte ${last.offset}`);
  await expect(alert).toContainText(`the data ends ${last.size - 100} bytes into it`);

  // Damaged where it is compressed: how far one could read is known.
  const packed = Buffer.from(
    await new Response(
      new Blob([Buffer.from(good)]).stream().pipeThrough(new CompressionStream('gzip')),
    ).arrayBuffer(),
  );
  const file = info.outputPath('squeezed.tfrecord.gz');
  writeFileSync(file, packed.subarray(0, packed.length >> 1));
  await panel.chooseFile('Choose files', file);
  await expect(alert).toContainText(
    /squeezed\.tfrecord\.gz: from record \d+ at byte \d+ .*after \d+ decompressed bytes/,
  );
  const text = (await alert.textContent()) ?? '';
  const readable = Number(/from record (\d+)/.exec(text)?.[1]);
  const at = Number(/after (\d+) decompressed/.exec(text)?.[1]);
  expect(readable).toBeGreaterThan(50);
  expect(readable).toBeLessThan(350);
  expect(Number(/at byte (\d+)/.exec(text)?.[1])).toBe(records[readable].offset);
  expect(at).toBeGreaterThanOrEqual(records[readable].offset);
  expect(at).toBeLessThan(records[readable].offset + records[readable].size);

  // Damaged from the first record on: no rows of other data are shown as this file's.
  await panel.drop('no-start.tfrecord', damaged(good, 30));
  await expect(alert).toContainText('no-start.tfrecord: Record 0 at byte 0');
  const dialog = await panel.openDialog('Explore', 'The data from close by');
  await expect(dialog).toContainText('No rows yet.');
  await panel.closeDialog(dialog);

  // Nothing is lost: the run goes on from where it was, with the data that it was begun with.
  await expect(panel.run).toContainText('1 / 4 steps');
  await panel.train();
  const steps = await panel.metrics();
  expect(steps.map(({ step }) => step)).toEqual([...Array(4).keys()]);

  // A new run on the damaged file says the same, and stops.
  await panel.button('Train again').click();
  await expect(panel.status).toContainText('Failed');
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText(
    'no-start.tfrecord: Record 0 at byte 0',
  );

  // Told to leave bad records out: two damaged, the last one cut.
  const skipping = shortened(4).replaceAll(/\n( +)inputs: /g, '\n$1ignore_data_errors: true\n$1inputs: ');
  await panel.editYaml(skipping);
  const holes = damaged(good.subarray(0, good.length - 100), records[50].offset + 300, offset + 300);
  await panel.drop('holes.tfrecord', holes);
  await panel.counted('397');
  await expect(alert).toContainText('3 bad records left out, because of ignore_data_errors.');
  await alert.getByText('Which ones').click();
  const named = await alert.getByRole('list', { name: 'Bad records' }).getByRole('listitem').allInnerTexts();
  expect(named).toHaveLength(3);
  for (const [i, record] of [50, 200, 399].entries()) {
    expect(named[i]).toContain(`holes.tfrecord, record ${record} at byte ${count(records[record].offset)}: `);
  }
  const kept = records.filter((_, i) => ![50, 200, 399].includes(i));
  expect(await panel.shares()).toEqual(sharesOf(kept));
  await panel.train();
  await expect(panel.run).toContainText('4 / 4 steps');
  await expect(alert).toContainText('3 bad records left out');
  expect(panel.errors).toEqual([]);
});

test.describe('the easy teacher', () => {
  // One page: what the first changes of the configuration changes no label of the second.
  test.describe.configure({ mode: 'serial' });
  let page: Page;
  let panel: DataPage;

  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage();
    panel = new DataPage(page);
    await panel.openOnWasm();
  });
  test.afterAll(() => page.close());

  test('shows rows, histograms, labels together and what is read of the data', async () => {
    await panel.counted('8.2K');
    const printed = await panel.shares();
    const dialog = await panel.openDialog('Explore', 'The data from close by');

    const rows = dialog.getByRole('table', { name: 'Rows of the data' });
    await expect(dialog.getByRole('status', { name: 'Rows shown' })).toContainText('Rows 1 to 32');
    const titles = await panel.titles(rows);
    const named = catalogue.filter(({ tensor, column }) => column < (tensor === 'continuous' ? 96 : 32));
    expect(titles).toHaveLength(1 + tasks.length + named.length);
    for (const [at, { label }] of named.entries()) expect(titles[1 + tasks.length + at]).toContain(label);
    await expect(rows.getByRole('row')).toHaveCount(33);
    const first = await rows.getByRole('row').nth(1).innerText();
    await dialog.getByRole('button', { name: 'Next', exact: true }).click();
    await expect(dialog.getByRole('status', { name: 'Rows shown' })).toContainText('Rows 33 to 64');
    expect(await rows.getByRole('row').nth(1).innerText()).not.toBe(first);
    await dialog.getByRole('button', { name: 'First', exact: true }).click();
    await expect(dialog.getByRole('status', { name: 'Rows shown' })).toContainText('Rows 1 to 32');
    expect(await rows.getByRole('row').nth(1).innerText()).toBe(first);

    // Labels together, then histograms whose positives must be the same.
    await dialog.getByRole('tab', { name: 'Labels together' }).click();
    const matrix = await panel.entries(dialog.getByRole('table', { name: 'Label counts and co-occurrence' }));
    const csv = await panel.csv('Label counts as CSV');
    expect(csv.map(({ Label }) => Label)).toEqual(tasks);
    for (const [a, line] of csv.entries()) {
      const { label } = headStyle(line['Label']);
      expect(line['Examples']).toBe('8192');
      expect(line[tasks[a]]).toBe(line['Positives']);
      expect(matrix[a]['Positives']).toBe(count(Number(line['Positives'])));
      expect(printed[label]).toBe(percent(Number(line['Positives']) / 8192));
      for (const [b, other] of tasks.entries()) {
        expect(csv[b][tasks[a]]).toBe(line[other]);
        const share = percent(Number(line[other]) / Number(line['Positives']));
        if (a !== b) {
          expect(matrix[a][headStyle(other).label].replaceAll(/\s/g, '')).toBe(
            `${count(Number(line[other]))}${share}`.replaceAll(/\s/g, ''),
          );
        }
      }
    }
    const author = csv.find(({ Label }) => Label === `${REPLY}_reply_engaged_by_author`);
    expect(author?.[REPLY]).toBe(author?.['Positives']);

    await dialog.getByRole('tab', { name: 'Histogram' }).click();
    for (const [feature, task] of [
      [LIKES, LIKE],
      ['recap.tweetfeature.has_video', 'recap.engagement.is_video_playback_50'],
    ]) {
      await panel.select('Feature').selectOption(feature);
      await panel.select('Split by label').selectOption(task);
      const positives = Number(csv.find(({ Label }) => Label === task)?.['Positives']);
      const name = `${catalogue.find((entry) => entry.name === feature)?.label} by ${headStyle(task).label}`;
      await expect(dialog.getByRole('figure')).toHaveAttribute(
        'aria-label',
        `${name}: ${count(positives)} positives among 8,192 examples`,
      );
      const bins = await panel.twin(name);
      const sum = (key: string): number => bins.reduce((total, bin) => total + numberOf(bin[key]!), 0);
      expect(sum('Positives')).toBe(positives);
      expect(sum('Positives') + sum('Negatives')).toBe(8192);
      expect(sum('Share of positives')).toBeCloseTo(1, 4);
      expect(sum('Share of negatives')).toBeCloseTo(1, 4);
      for (const [at, bin] of bins.entries()) {
        expect(numberOf(bin['From']!)).toBeLessThan(numberOf(bin['To']!));
        if (at > 0) expect(bin['From']).toBe(bins[at - 1]['To']);
        expect(numberOf(bin['Share of positives']!)).toBeCloseTo(numberOf(bin['Positives']!) / positives, 5);
      }
      if (feature !== LIKES) {
        // Nobody watches half of a video that is not there.
        expect(bins).toHaveLength(2);
        expect(bins[0]['Positives']).toBe('0');
      }
    }

    const columns = async (): Promise<Record<string, Record<string, string>>> => {
      await page.getByRole('tab', { name: 'Columns used' }).click();
      const lines = await panel.entries(page.getByRole('table', { name: 'Use of the tensors' }));
      return Object.fromEntries(lines.map((line) => [line['Tensor'], line]));
    };
    const used = await columns();
    const flags = named.filter(({ tensor }) => tensor === 'binary').length;
    const numbers = named.length - flags;
    expect(used['continuous']).toMatchObject({
      'In a record': '128',
      Kept: '96',
      Named: String(numbers),
      Noise: String(96 - numbers),
      'The model': 'reads it',
    });
    expect(used['binary']).toMatchObject({ 'In a record': '48', Kept: '32', Named: String(flags) });
    expect(used['discrete']).toMatchObject({ 'In a record': '16', 'The model': 'does not read it' });
    await expect(dialog).toContainText('10 labels with a head: Like');
    await expect(dialog).toContainText(
      '3 without one: is_bookmarked, is_shared, is_tweet_detail_dwelled_15_sec',
    );
    await panel.closeDialog(dialog);

    // Fewer columns kept, and the named ones that are cut off go.
    await panel.configure(
      shortened(20).replace('continuous_feature_truncation: 96', 'continuous_feature_truncation: 10'),
    );
    await panel.openDialog('Explore', 'The data from close by');
    expect((await columns())['continuous']).toMatchObject({ Kept: '10', Named: '10', Noise: '0' });
    await page.getByRole('tab', { name: 'Rows' }).click();
    await expect(rows.getByRole('columnheader')).toHaveCount(1 + tasks.length + 10 + flags);
    await panel.closeDialog(dialog);
    expect(panel.errors).toEqual([]);
  });

  test('takes the teacher’s settings from a form, a preset and a text', async () => {
    await panel.counted('8.2K');
    const easy = await panel.shares();
    expect(Math.abs(numberIn(easy['Like']) - 30)).toBeLessThan(2);

    const dialog = await panel.openDialog('Teacher settings', 'Teacher settings');
    const share = (label: string) => dialog.getByRole('status', { name: `${label}, share counted` });
    const near = (label: string, wanted: number, within: number) =>
      expect
        .poll(async () => Math.abs(numberIn(await share(label).innerText()) - wanted))
        .toBeLessThan(within);
    const field = dialog.getByRole('textbox', { name: 'Like in percent' });
    const text = dialog.getByRole('textbox', { name: 'Teacher settings in YAML' });
    const status = dialog.getByRole('status', { name: 'Teacher settings status' });
    await field.fill('60');
    await field.press('Enter');
    await near('Like', 60, 2);
    await near('Reply', 15, 2);
    await expect(text).toContainText('recap.engagement.is_favorited: 0.6');

    // Too often for what it implies: the place, the reason and the mend; the data stays as it was.
    const typed = async (yaml: string): Promise<void> => {
      await text.click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.insertText(yaml);
    };
    const ANSWER = `${REPLY}_reply_engaged_by_author`;
    await typed(`effect_size: 1.6\nbase_rates:\n  ${REPLY}: 0.2\n  ${ANSWER}: 0.3\n`);
    await expect(status).toContainText('1 problem');
    await expect(status).toContainText(`4:${`  ${ANSWER}: `.length + 1}`);
    await expect(status).toContainText('0.3 is too high: a reply engaged by the author is a reply');
    await expect(status).toContainText('at most 0.18');
    await near('Like', 60, 2);
    await typed(`effect_size: 1.6\nbase_rates:\n  ${REPLY}: 0.2\n  ${ANSWER}: 0.17\n`);
    await expect(status).toContainText('Valid');
    await near('Reply', 20, 2);
    await near('Author answers', 17, 2);
    // What the text leaves out has its default, that of rare events.
    await near('Like', 4, 1);
    await typed('effect_size: [1.6\n');
    await expect(status).toContainText(/\b\d:\d+/);
    await expect(field).toBeDisabled();

    await dialog.getByRole('radio', { name: 'Realistic' }).check();
    await expect(status).toContainText('Valid');
    await near('Like', 4, 1);
    await near('Video to half', 6, 1);
    await panel.closeDialog(dialog);
    await expect(panel.select('Source')).toHaveValue('teacher:realistic');
    await expect(panel.data).toContainText('as in the preset');

    // How often a retweet comes with a like, over what chance gives.
    const take = async (source: string, likes: number): Promise<void> => {
      await panel.select('Source').selectOption({ label: source });
      await expect
        .poll(async () => Math.abs(numberIn((await panel.shares())['Like']) - likes))
        .toBeLessThan(2);
    };
    const lift = async (): Promise<number> => {
      const explore = await panel.openDialog('Explore', 'The data from close by');
      await explore.getByRole('tab', { name: 'Labels together' }).click();
      const lines = await panel.csv('Label counts as CSV');
      await panel.closeDialog(explore);
      const like = lines.find(({ Label }) => Label === LIKE);
      const retweet = lines.find(({ Label }) => Label === RETWEET);
      const chance =
        (Number(like?.['Positives']) * Number(retweet?.['Positives'])) / Number(like?.['Examples']);
      return Number(like?.[RETWEET]) / chance;
    };
    await take('Synthetic · Easy', 30);
    expect(await lift()).toBeGreaterThan(1.2);
    await take('Synthetic · Realistic', 4);
    await take('Synthetic · Pure noise', 30);
    expect(Math.abs((await lift()) - 1)).toBeLessThan(0.15);
    expect(panel.errors).toEqual([]);
  });
});
