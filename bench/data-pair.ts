/**
 * Reading and writing TFRecord, this checkout against another one, in pairs: `npx tsx bench/data-pair.ts OTHER_FOLDER`.
 * Both run in one process, in turns, so that what else the machine does meets both; a ratio above 1 means that this
 * checkout takes less processor time.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as Config from '../src/config/parse-config.ts';
import type * as Schema from '../src/data/data-schema.ts';
import type * as Layout from '../src/data/layout.ts';
import type * as Source from '../src/data/tfrecord-source.ts';
import type * as Uniform from '../src/data/uniform.ts';
import type * as Streams from '../src/formats/gzip.ts';
import { textTable } from './benchmark.ts';

const ROUNDS = 25;

type Modules = Awaited<ReturnType<typeof load>>;

/** The modules of a checkout, under the names that both have. */
async function load(root: string) {
  const at = (path: string) => pathToFileURL(join(root, path)).href;
  const [config, schema, layout, source, uniform, streams] = await Promise.all([
    import(at('src/config/parse-config.ts')) as Promise<typeof Config>,
    import(at('src/data/data-schema.ts')) as Promise<typeof Schema>,
    import(at('src/data/layout.ts')) as Promise<typeof Layout>,
    import(at('src/data/tfrecord-source.ts')) as Promise<typeof Source>,
    import(at('src/data/uniform.ts')) as Promise<typeof Uniform>,
    import(at('src/formats/gzip.ts')) as Promise<typeof Streams>,
  ]);
  return { ...config, ...schema, ...layout, ...source, ...uniform, ...streams };
}

async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return parts;
}

/** What is measured of one configuration, by name. */
async function tasksOf(modules: Modules, preset: string, examples: number) {
  const folder = new URL('../configs/', import.meta.url);
  const text = (file: string) => readFileSync(new URL(file, folder), 'utf8');
  const { config } = modules.parseRecapConfig(text(preset));
  if (!config) throw new Error(`${preset} does not parse.`);
  const { train_data: data, model } = config;
  const file = data.seg_dense_schema.schema_path.split('/').at(-1)!;
  const plan = modules.planData(data, modules.parseDataSchema(text(file), file), Object.keys(model.tasks));
  const blocks = () => modules.uniformBlocks(plan, { seed: 1, examples, rowsPerBlock: 256 });
  const plain = await gather(modules.encodeTfRecords(blocks()));
  const zipped = await gather(modules.chunksOf(modules.writeTfRecords(blocks())));
  const [block] = modules.uniformBlocks(plan, { seed: 1, examples: 256, rowsPerBlock: 256 });
  const same = Array.from({ length: Math.ceil(examples / 256) }, () => block!);
  const read = async (parts: readonly Uint8Array[]) => {
    const stream = () => modules.streamOf(parts);
    const options = { files: [{ name: preset, size: 0, stream }], shuffle: null, repeat: false };
    const source = modules.tfRecordSource(plan, options);
    while (await source.next());
  };
  return new Map<string, () => Promise<unknown>>([
    ['write', () => gather(modules.encodeTfRecords(same))],
    ['parse', () => read(plain)],
    ['gunzip and parse', () => read(zipped)],
  ]);
}

async function cost(task: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await task();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

async function main(): Promise<void> {
  const other = process.argv[2];
  if (other === undefined) throw new Error('npx tsx bench/data-pair.ts OTHER_FOLDER');
  const here = await load(fileURLToPath(new URL('..', import.meta.url)));
  const there = await load(resolve(other));
  const rows: string[][] = [];
  for (const [preset, examples] of [
    ['playground.yaml', 20_000],
    ['local_prod.yaml', 1_500],
  ] as const) {
    const [mine, theirs] = [await tasksOf(here, preset, examples), await tasksOf(there, preset, examples)];
    for (const [name, task] of mine) {
      const costs: [number[], number[]] = [[], []];
      const turns = [task, theirs.get(name)!];
      for (let round = 0; round < ROUNDS; round++) {
        // Who comes first changes with the round: garbage of the one is collected in the other's time.
        for (const who of round % 2 === 0 ? [0, 1] : [1, 0]) {
          const took = await cost(turns[who]!);
          // The first rounds compile.
          if (round > 2) costs[who]!.push(took);
        }
      }
      const ratios = costs[0].map((mine_, i) => costs[1][i]! / mine_);
      const best = Math.min(...costs[1]) / Math.min(...costs[0]);
      rows.push([preset, name, best.toFixed(3), median(ratios).toFixed(3)]);
    }
  }
  console.log(textTable(['preset', 'what', 'best here ÷ best there', 'median of pairs'], rows));
}

await main();
