/** The data benchmark: how fast examples are made, written and read, on one core of this machine. */
import type { Benchmark } from './benchmark.ts';
import { textTable } from './benchmark.ts';
import { dataThroughput } from './data-throughput.ts';

export const dataBenchmark: Benchmark = {
  name: 'data',
  title: 'Data: examples and megabytes (before gzip) per second, one core',
  async run(options) {
    options.log('data …');
    const figures = await dataThroughput();
    const rows = Object.entries(figures).map(([name, value]) => [
      name.replaceAll('_', ' '),
      value.toLocaleString('en'),
    ]);
    return { json: figures, table: textTable(['what', 'value'], rows) };
  },
};
