/** The ranking benchmark: model time and ranking time of 60 tweets and of one production request of 1,500 candidates. */
import type { Benchmark } from './benchmark.ts';
import { textTable } from './benchmark.ts';
import { launchBench } from './browser.ts';
import type { RankingFigures } from './ranking-page.ts';

export const rankingBenchmark: Benchmark = {
  name: 'ranking',
  title: 'Ranking: encode, predict and rank; median milliseconds',
  async run(options) {
    const browser = await launchBench(options.root);
    try {
      const page = await browser.open();
      const rows: RankingFigures[] = [];
      for (const count of [60, 1500]) {
        options.log(`ranking ${count} candidates …`);
        rows.push(await page.evaluate((candidates) => globalThis.bench.rankingFigures(candidates), count));
      }
      const table = textTable(
        ['candidates', 'engine', 'encode ms', 'model ms', 'rank ms', 'ranked'],
        rows.map((row) => [
          String(row.candidates),
          row.engine,
          row.encode_ms.toFixed(1),
          row.model_ms.toFixed(1),
          row.rank_ms.toFixed(1),
          String(row.ranked),
        ]),
      );
      return { json: { adapter: browser.adapter, rows }, table };
    } finally {
      await browser.close();
    }
  },
};
