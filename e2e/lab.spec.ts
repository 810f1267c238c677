/** The ranking lab as a person uses it: takes scores apart, changes things, and reads order, deltas and sums off the page. */
import { expect, test, type Page } from '@playwright/test';
import { generateCandidates } from '../src/ranking/candidates/candidates.ts';
import { heuristicPreset } from '../src/ranking/heuristics/presets.ts';
import { heuristicById } from '../src/ranking/heuristics/registry.ts';
import { rank } from '../src/ranking/rank.ts';
import { publishedWeights } from '../src/ranking/score-weights.ts';
import { candidateOf } from '../src/ranking/tweets.ts';
import { parseTweets } from '../src/ranking/tweets-file.ts';
import {
  april,
  checkChanges,
  checkOrder,
  checkSums,
  close,
  HALF_PROBABILITY,
  ids,
  scoreOf,
  smallerClick,
  sum,
} from './lab-checks.ts';
import { digitsOf, LabPage, printed } from './lab-page.ts';
import { taskOf } from './heads.ts';
import { PlaygroundPage } from './page.ts';

test.describe('weights that nobody trained', () => {
  // One page, and what a test changes in it is no other's.
  test.describe.configure({ mode: 'serial' });
  let page: Page;
  let playground: PlaygroundPage;
  let lab: LabPage;

  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage();
    playground = new PlaygroundPage(page);
    await playground.openOnWasm();
    lab = new LabPage(page);
    await lab.open('all');
    await lab.untrained();
  });
  test.afterAll(() => page.close());

  test('takes a score apart into numbers that add up, through the heuristics to the last', async () => {
    await lab.choose('reply-fight');
    const cards = await lab.cards();
    expect(cards).toHaveLength(11);
    const tables = await lab.breakdowns(ids(cards));
    for (const card of cards) {
      const table = tables.get(card.key)!;
      checkSums(table, card);
      expect(Object.fromEntries(table.heads.map(({ label, weight }) => [label, weight]))).toEqual(april);
      expect(table.factors).toEqual([]);
    }
    checkOrder(cards, new Map([...tables].map(([key, table]) => [key, scoreOf(table, april)])));

    await lab.show('Tweet');
    const file = parseTweets((await playground.download('Download JSON')).toString());
    const tweets = file.value!;
    const tasks = Object.keys(april);
    const expected = rank(
      tweets.map(candidateOf),
      {
        tasks: tasks.map((label) => `recap.engagement.${taskOf[label]}`),
        values: tweets.flatMap(({ id }) =>
          tasks.map((label) => tables.get(id)!.heads.find((head) => head.label === label)!.probability),
        ),
      },
      publishedWeights('2023-04-05'),
      heuristicPreset('2023-07').steps,
    );
    await lab.show('After the score');
    await lab.tool.getByRole('combobox', { name: 'Heuristics' }).selectOption('2023-07');
    const after = await lab.cards();
    const out = await lab.cards(lab.dropped);
    expect(ids(after)).toEqual(expected.ranked.map(({ id }) => id));
    expect(ids(out)).toEqual(expected.dropped.map(({ id }) => id));
    expect(out.length).toBeGreaterThan(0);
    expect(after.map(({ moved }) => moved)).toEqual(
      after.map(({ key, rank: place }) => cards.find((card) => card.key === key)!.rank! - place!),
    );
    for (const { key, text } of out) {
      expect(text).toMatch(/^–out/);
      expect(text).toContain(expected.dropped.find(({ id }) => id === key)!.reason);
    }
    const [, ...rows] = await lab.cells(
      lab.tool.getByRole('table', { name: 'Order before and after the heuristics' }),
    );
    expect(rows.map(([, before]) => before)).toEqual(
      cards.map(({ author, scoreText }) => author + scoreText),
    );
    rows.forEach(([, , cell = ''], i) => {
      const card = after[i];
      expect(cell.startsWith(card?.author ?? '')).toBe(true);
      expect(cell).toContain(card?.scoreText ?? '');
    });

    const scaled = await lab.breakdowns(ids(after));
    for (const card of after) {
      const table = scaled.get(card.key)!;
      const { factors, baseScore } = expected.ranked.find(({ id }) => id === card.key)!;
      checkSums(table, card);
      expect(table.factors.map(({ label, factor }) => [label, factor])).toEqual(
        Object.entries(factors)
          .filter(([, factor]) => factor !== 1)
          .map(([id, factor]) => [heuristicById(id).label, Number(factor.toPrecision(6))]),
      );
      close(table.beforeHeuristics ?? table.final, baseScore, 5e-4, `score before heuristics of ${card.key}`);
    }
    expect([...scaled.values()].some(({ factors }) => factors.length >= 2)).toBe(true);
    await lab.show('After the score');
    await lab.tool.getByRole('combobox', { name: 'Heuristics' }).selectOption('none');
    expect(playground.errors).toEqual([]);
  });

  test('a changed feature changes one score, and the moves listed are those of the timeline', async () => {
    await lab.choose('all');
    const before = await lab.cards();
    expect(before.length).toBeGreaterThanOrEqual(60);
    const { key, author } = before[40]!;
    await lab.select(key);
    await lab.show('Tweet');
    const spam = lab.tool.getByRole('checkbox', { name: 'Spam label', exact: true });
    const score = async () => (await lab.cards()).find((card) => card.key === key)!.score;
    await spam.setChecked(!(await spam.isChecked()));
    // Each change is predicted by itself: what is read below is of both.
    await expect.poll(score).not.toBe(before[40]!.score);
    const spammed = await score();
    const likes = lab.tool.getByRole('textbox', { name: 'Likes, number', exact: true });
    await likes.fill('900000');
    await likes.press('Enter');
    await expect.poll(score).not.toBe(spammed);
    const edited = lab.timeline.filter({ hasText: 'Edited' });
    await expect(edited).toHaveCount(1);
    await expect(edited).toHaveAttribute('data-id', key);
    await expect(likes).toHaveValue('900000');

    await lab.show('What if');
    await expect(lab.tool.getByText(/^last change predicted in \d+ ms, 1 tweet$/)).toBeVisible();
    const after = await lab.cards();
    checkChanges(before, after);
    const own = after.find((card) => card.key === key)!;
    const others = after.filter((card) => card.key !== key);
    expect(own.moved).not.toBe(0);
    expect(own.change).not.toBe('');
    for (const { key: other, change } of others) expect(change, other).toBe('');
    expect(ids(others)).toEqual(ids(before).filter((other) => other !== key));

    await expect(lab.tool).toContainText(new RegExp(`${author}: \\w+ and 1 more`));
    const moved = after.filter((card) => card.moved !== 0);
    await expect(lab.tool).toContainText(`${moved.length} tweets of ${after.length} moved.`);
    const movers = await lab.tool
      .getByRole('list', { name: 'Tweets that moved most' })
      .getByRole('listitem')
      .allInnerTexts();
    expect(movers).toHaveLength(Math.min(8, moved.length));
    const largest = moved.map((card) => Math.abs(card.moved)).toSorted((a, b) => b - a);
    movers.forEach((text, i) => {
      const [, way, places, place] = /^(▲|▼)\s*(\d+)\s+#(\d+)/.exec(text) ?? [];
      const card = after[Number(place) - 1]!;
      expect(text).toContain(card.author);
      expect(card.moved).toBe(Number(places) * (way === '▲' ? 1 : -1));
      expect(Math.abs(card.moved)).toBe(largest[i]);
      expect(printed(text.trim().split(/\s+/).at(-1)!)).toBe(card.change === '' ? 0 : printed(card.change));
    });

    await lab.show('Tweet');
    await playground.button('Reset this tweet').click();
    await expect(edited).toHaveCount(0);
    await expect.poll(async () => ids(await lab.cards())).toEqual(ids(before));
    checkChanges(before, await lab.cards());

    await lab.show('What if');
    await playground.button('Search').click();
    const lift = lab.tool.getByTestId('lifts').getByRole('listitem').first();
    await expect(lift).toContainText(/to #\d+/);
    const promised = Number(/to #(\d+)/.exec(await lift.innerText())?.[1]);
    await lift.getByRole('button', { name: 'Apply' }).click();
    await expect.poll(async () => ids(await lab.cards()).indexOf(key) + 1).toBe(promised);
    expect(playground.errors).toEqual([]);
  });

  test('1,500 candidates are ranked, scrolled, searched and filtered', async () => {
    await lab.choose('calm-day');
    await lab.show('Candidates');
    const found = lab.tool.getByRole('status', { name: 'Candidates found' });
    await expect(found).toHaveText('1,500');
    const box = lab.tool.getByRole('region', { name: 'Ranked candidates' });
    const read = () =>
      box.getByRole('listitem').evaluateAll((items) =>
        items.map((item) => ({
          at: Number(item.getAttribute('aria-posinset')),
          place: item.querySelector('span')?.textContent ?? '',
          score: item.querySelector(':scope > span:last-child strong')?.textContent ?? '',
        })),
      );
    await box.hover();
    await page.mouse.wheel(0, 3000);
    await expect.poll(async () => Math.min(...(await read()).map(({ at }) => at))).toBeGreaterThan(10);

    // All rows: the list is taken to the first one that was not read yet until there is none.
    const seen = new Map<number, { score: number; place: string }>();
    const missing = () => {
      const found = Array.from({ length: 1500 }, (_, i) => i + 1).find((at) => !seen.has(at));
      return found ?? 1501;
    };
    const readOn = async (): Promise<number> => {
      for (const { at, place, score } of await read()) seen.set(at, { place, score: printed(score) });
      const share = (missing() - 1) / 1500;
      await box.evaluate((element, to) => element.scrollTo(0, to * element.scrollHeight), share);
      return seen.size;
    };
    await expect.poll(readOn, { intervals: [0] }).toBe(1500);
    const rows = [...seen].toSorted(([a], [b]) => a - b).map(([, row]) => row);
    rows.forEach(({ place, score }, i) => {
      expect(place).toBe(String(i + 1));
      expect(score).toBeLessThanOrEqual(rows[i - 1]?.score ?? Infinity);
    });
    expect(rows[0]!.score).toBeGreaterThan(rows[1499]!.score);

    const candidates = generateCandidates(1, 1500);
    const search = lab.tool.getByRole('searchbox', { name: 'Search the candidates' });
    const show = lab.tool.getByRole('combobox', { name: 'Show' });
    const author = candidates[0]!.author;
    const by = candidates.filter(({ text, author: { name, handle } }) =>
      `${text} ${name} @${handle}`.toLowerCase().includes(`@${author.handle}`),
    );
    await search.fill(`@${author.handle}`);
    await expect(found).toHaveText(String(by.length));
    expect(by.length).toBeLessThan(100);
    await expect(box.getByRole('listitem').first()).toContainText(author.name);
    await search.fill('');
    await expect(found).toHaveText('1,500');
    const counts = {
      out: candidates.filter(({ inNetwork }) => !inNetwork).length,
      in: candidates.filter(({ inNetwork }) => inNetwork).length,
      video: candidates.filter(({ media }) => media.kind === 'video').length,
      dropped: 0,
    };
    for (const [filter, count] of Object.entries(counts)) {
      await show.selectOption(filter);
      await expect(found).toHaveText(String(count));
    }
    await show.selectOption('out');
    await expect(box.getByRole('listitem').first()).toContainText('out of network');
    expect(playground.errors).toEqual([]);
  });

  test('a changed weight makes the order that its numbers give, and 2023-03-31 counts one good click', async () => {
    await lab.choose('calm-day');
    const before = await lab.cards();
    const tables = await lab.breakdowns(ids(before));
    const scores = (weights: Readonly<Record<string, number>>, onlyLargerClick = false) =>
      new Map([...tables].map(([key, table]) => [key, scoreOf(table, weights, onlyLargerClick)]));
    checkOrder(before, scores(april));
    expect(before.every(({ moved, change }) => moved === 0 && change === '')).toBe(true);

    await lab.show('Weights');
    const box = lab.tool.getByRole('textbox', { name: 'Weight of Retweet, number' });
    await expect(box).toHaveValue('1');
    // A decimal comma is one; what is no number stays as typed, with the range beside it, until Escape.
    await box.fill('13,5');
    await box.press('Enter');
    await expect(box).toHaveValue('13.5');
    await box.fill('1,2,3');
    await box.press('Enter');
    await expect(box).toHaveValue('1,2,3');
    await expect(box).toHaveAttribute('aria-invalid', 'true');
    await expect(lab.tool.getByRole('alert')).toHaveText(
      'This is no number. A number from −1,000,000 to 1,000,000.',
    );
    await box.press('Escape');
    await expect(box).toHaveValue('13.5');
    await box.fill('-250');
    await box.press('Enter');
    const changed = await lab.cards();
    expect(ids(changed)).not.toEqual(ids(before));
    checkOrder(changed, scores({ ...april, Retweet: -250 }));
    checkChanges(before, changed);
    // The elements follow what is seen, for whoever reads the page by them.
    const elements = () =>
      lab.timeline.evaluateAll((items) => items.map((item) => item.getAttribute('data-id')));
    await expect.poll(elements).toEqual(ids(changed));
    const shares = await lab.cells(lab.tool.getByRole('table', { name: 'Head weights' }));
    const share = shares.filter((row) => row.length === 6);
    expect(share).toHaveLength(10);
    close(sum(share.map((row) => printed(row[5]!))), 1, 10 * 0.0005, 'shares of all heads');
    for (const [label = '', , , , mean = ''] of share) {
      const known = [...tables.values()].map(({ heads }) => heads.find((head) => head.label === label)!);
      const tolerance = HALF_PROBABILITY + 0.005 * 10 ** -digitsOf(mean);
      if (!mean.startsWith('<')) {
        close(
          sum(known.map(({ probability }) => probability)) / known.length,
          printed(mean),
          tolerance,
          label,
        );
      }
    }

    await lab.show('What if');
    await expect(lab.tool).toContainText('Retweet 1 → −250');
    await playground.button('Pin this order').click();
    await expect(lab.tool).toContainText('Nothing is changed.');
    expect((await lab.cards()).every(({ moved, change }) => moved === 0 && change === '')).toBe(true);
    await lab.show('Weights');
    await playground.button('Reset').click();
    const reset = await lab.cards();
    expect(ids(reset)).toEqual(ids(before));
    checkChanges(changed, reset);

    await lab.tool.getByRole('combobox', { name: 'Head weights' }).selectOption('2023-03-31');
    await expect(lab.tool).toContainText(
      /of the two good-click heads, only the larger probability counts, × 11/,
    );
    const march = { ...april, Reply: 27, 'Good click v2': 11 };
    const larger = await lab.cards();
    checkOrder(larger, scores(march, true));
    checkChanges(changed, larger);
    await lab.show('What if');
    await expect(lab.tool).toContainText('Published 2023-04-05, changed → Published 2023-03-31');
    const marchTables = await lab.breakdowns(ids(larger).slice(0, 4));
    for (const [key, table] of marchTables) {
      checkSums(
        table,
        larger.find((card) => card.key === key)!,
      );
      const passed = table.heads.filter(({ weight }) => weight === null);
      expect(passed.map(({ label }) => label)).toEqual([smallerClick(tables.get(key)!.heads)]);
      expect(passed[0]!.adds).toBe(0);
    }
    expect(playground.errors).toEqual([]);
  });
});
