/** The ranking lab as a person sees it, and the numbers that it prints. */
import { expect, type Locator, type Page } from '@playwright/test';
import { sampleTweets, scenarios } from '../src/ranking/scenarios/index.ts';

/** A number as the page prints it: '+1.25', '−369', '× 0.75', '2.1342 %' (of one hundred). */
export function printed(text: string): number {
  const bare = text.replace('−', '-').replace(/[+×,%\s]/g, '');
  const value = bare === '' ? NaN : Number(bare);
  return text.includes('%') ? value / 100 : value;
}

/** Digits after the point of a number as printed. */
export function digitsOf(text: string): number {
  return /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
}

/** A tweet on the lab's timeline, as its card shows it. */
export interface Card {
  readonly key: string;
  /** Null where a heuristic dropped it. */
  readonly rank: number | null;
  /** As the card's title gives it, all digits. */
  readonly score: number;
  /** As printed. */
  readonly scoreText: string;
  /** Places up (positive) or down since the pinned order. */
  readonly moved: number;
  /** As printed; empty where the score is the pinned one. */
  readonly change: string;
  readonly author: string;
  /** Everything on the card. */
  readonly text: string;
}

export interface Breakdown {
  readonly heads: readonly {
    readonly label: string;
    readonly probability: number;
    /** Null where the set's rule does not count the head. */
    readonly weight: number | null;
    readonly adds: number;
  }[];
  readonly sum: number;
  readonly offset: number;
  /** Only where heuristics follow. */
  readonly beforeHeuristics: number | null;
  readonly factors: readonly { readonly label: string; readonly factor: number; readonly adds: number }[];
  readonly final: number;
  /** Digits after the point that the summands are printed with. */
  readonly digits: number;
}

/** The ranking lab. */
export class LabPage {
  readonly region: Locator;

  constructor(readonly page: Page) {
    this.region = page.getByRole('region', { name: 'Ranking lab' });
  }

  get timeline(): Locator {
    return this.region.getByRole('list', { name: 'Timeline' }).getByRole('listitem');
  }

  get dropped(): Locator {
    return this.region.getByRole('list', { name: 'Dropped tweets' }).getByRole('listitem');
  }

  /** The tool that is shown. */
  get tool(): Locator {
    return this.region.getByRole('tabpanel');
  }

  async open(set: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Open the lab' }).click();
    await this.region.getByRole('combobox', { name: 'Tweets' }).selectOption(set);
    await expect(this.timeline.first()).toBeVisible();
    await expect(this.region).toContainText('Changes since:');
  }

  /** Another set of tweets, once all of its are ranked. */
  async choose(set: string): Promise<void> {
    await this.region.getByRole('combobox', { name: 'Tweets' }).selectOption(set);
    const tweets = scenarios.find(({ id }) => id === set)?.tweets ?? sampleTweets;
    const wanted = tweets.map(({ id }) => id).toSorted();
    await expect
      .poll(async () => {
        const cards = await this.cards();
        return cards.map(({ key, scoreText }) => (scoreText === '' ? 'no score' : key)).toSorted();
      })
      .toEqual(wanted);
  }

  /** Looks at the run that nobody has trained yet, and counts changes from there. */
  async untrained(): Promise<void> {
    await this.region.getByRole('button', { name: 'Untrained' }).click();
    await this.region.getByRole('button', { name: 'Pin this order' }).click();
    await expect(this.region).toContainText('Changes since: untrained');
  }

  async show(tool: string): Promise<void> {
    await this.region.getByRole('tab', { name: tool, exact: true }).click();
  }

  /** The cards of the timeline as they are seen from top to bottom: their elements may still stand in another order. */
  cards(list: Locator = this.timeline): Promise<Card[]> {
    return list.evaluateAll((items) => {
      const top = (item: Element): number => (item as HTMLElement).offsetTop;
      const seen = items.toSorted((a, b) => top(a) - top(b));
      return seen.map((item): Card => {
        const find = (name: string) => item.querySelector(`[data-testid="${name}"]`);
        const text = item.textContent;
        const [, way, places] = /(up|down) (\d+) since/.exec(text) ?? [];
        const rank = Number(find('rank')?.textContent);
        return {
          key: item.getAttribute('data-id') ?? '',
          rank: Number.isFinite(rank) ? rank : null,
          score: Number(find('score')?.getAttribute('title')),
          scoreText: find('score')?.textContent ?? '',
          moved: Number(places ?? 0) * (way === 'down' ? -1 : 1),
          change: find('score-change')?.textContent ?? '',
          author: item.querySelector('button span')?.textContent ?? '',
          text,
        };
      });
    });
  }

  /** Chooses a tweet by its card. */
  async select(key: string): Promise<void> {
    const card = this.timeline.or(this.dropped).and(this.page.locator(`[data-id="${key}"]`));
    await card.getByRole('button').click();
    await expect(card.getByRole('button', { pressed: true })).toBeVisible();
  }

  /** The texts of a table's rows, one call for the whole table. */
  cells(table: Locator): Promise<string[][]> {
    return table
      .getByRole('row')
      .evaluateAll((rows) =>
        rows.map((row) =>
          [...row.children]
            .filter((cell) => cell.getAttribute('aria-hidden') !== 'true')
            .map((cell) => cell.textContent.trim()),
        ),
      );
  }

  /** The table "Why" of the tweet that is chosen. */
  async breakdown(): Promise<Breakdown> {
    const [, ...rows] = await this.cells(this.tool.getByRole('table', { name: 'Score breakdown' }));
    const one = (start: string): string => rows.find(([label]) => label?.startsWith(start))?.at(-1) ?? '';
    const before = one('Score before the heuristics');
    return {
      heads: rows
        .filter((row) => row.length === 4)
        .map(([label = '', probability = '', weight = '', adds = '']) => ({
          label,
          probability: printed(probability),
          weight: weight === 'not counted' ? null : printed(weight),
          adds: printed(adds),
        })),
      sum: printed(one('Weighted sum')),
      offset: printed(one('Offset')),
      beforeHeuristics: before === '' ? null : printed(before),
      factors: rows
        .filter((row) => row.length === 3)
        .map(([label = '', factor = '', adds = '']) => ({
          label,
          factor: printed(factor),
          adds: printed(adds),
        })),
      final: printed(one('Final score')),
      digits: digitsOf(one('Final score')),
    };
  }

  /** The breakdowns of the tweets, each chosen in turn, by key. */
  async breakdowns(keys: readonly string[]): Promise<Map<string, Breakdown>> {
    const found = new Map<string, Breakdown>();
    await this.show('Why');
    for (const key of keys) {
      await this.select(key);
      found.set(key, await this.breakdown());
    }
    return found;
  }
}
