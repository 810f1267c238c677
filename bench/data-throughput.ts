/**
 * How fast examples are made, read and written: `npx tsx bench/data-throughput.ts`. Each figure is the best of several
 * rounds, as the machine's other work only ever makes a round slower; `per_core_s` counts the processor time of all of
 * the process's threads, so it holds on a busy machine too.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseRecapConfig } from '../src/config/parse-config.ts';
import { parseDataSchema } from '../src/data/data-schema.ts';
import type { RawBlock } from '../src/data/example.ts';
import { planData, type DataPlan } from '../src/data/layout.ts';
import { tfRecordSource } from '../src/data/tfrecord-source.ts';
import { encodeTfRecords, writeTfRecords } from '../src/data/tfrecord-write.ts';
import { uniformBlocks, uniformSource } from '../src/data/uniform.ts';
import { chunksOf, streamOf } from '../src/formats/gzip.ts';

const ROUNDS = 5;
const MEGABYTE = 1e6;

function planOf(configFile: string): DataPlan {
  const folder = new URL('../configs/', import.meta.url);
  const { config, problems } = parseRecapConfig(readFileSync(new URL(configFile, folder), 'utf8'));
  if (!config) throw new Error(`${configFile}: ${problems[0]?.message ?? 'no configuration'}`);
  const { train_data: data, model } = config;
  const file = data.seg_dense_schema.schema_path.split('/').at(-1)!;
  const schema = parseDataSchema(readFileSync(new URL(file, folder), 'utf8'), file);
  return planData(data, schema, Object.keys(model.tasks));
}

interface Rate {
  readonly wall: number;
  readonly core: number;
}

/** Best rates of several rounds: what `work` returns, per second of the clock and per second of processor time. */
async function best(work: () => Promise<number>): Promise<Rate> {
  let wall = 0;
  let core = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const before = process.cpuUsage();
    const amount = await work();
    const used = process.cpuUsage(before);
    wall = Math.max(wall, amount / ((performance.now() - start) / 1000));
    core = Math.max(core, amount / ((used.user + used.system) / 1e6));
  }
  return { wall, core };
}

async function drain(source: { next(): Promise<{ readonly size: number } | null> }): Promise<number> {
  let examples = 0;
  for (let batch = await source.next(); batch; batch = await source.next()) examples += batch.size;
  return examples;
}

async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return parts;
}

const bytesIn = (parts: readonly Uint8Array[]) => parts.reduce((sum, part) => sum + part.length, 0);

async function measure(name: string, plan: DataPlan, examples: number): Promise<Record<string, number>> {
  const uniform = await best(() => drain(uniformSource(plan, { seed: 1, examples })));
  // Writing is measured from rows in memory, parsing from bytes in memory to finished batches, both without gzip.
  const [block] = uniformBlocks(plan, { seed: 1, examples: 256, rowsPerBlock: 256 });
  const blocks: RawBlock[] = Array.from({ length: Math.ceil(examples / 256) }, () => block!);
  const write = await best(async () => bytesIn(await gather(encodeTfRecords(blocks))) / MEGABYTE);
  const plain = await gather(encodeTfRecords(blocks));
  const zipped = await gather(chunksOf(writeTfRecords(blocks)));
  const read = (
    parts: readonly Uint8Array[],
    shuffle: { seed: number; bufferSize: number } | null = null,
  ) => {
    const file = { name, size: 0, stream: () => streamOf(parts) };
    return drain(tfRecordSource(plan, { files: [file], shuffle, repeat: false }));
  };
  const megabytes = bytesIn(plain) / MEGABYTE;
  const parse = await best(async () => (await read(plain), megabytes));
  const parseShuffled = await best(async () => (await read(plain, { seed: 1, bufferSize: 1024 }), megabytes));
  const gunzip = await best(async () => (await read(zipped), megabytes));
  const report = (key: string, { wall, core }: Rate) => ({
    [`${name}_${key}_per_s`]: Math.round(wall),
    [`${name}_${key}_per_core_s`]: Math.round(core),
  });
  return {
    ...report('uniform_examples', uniform),
    ...report('tfrecord_write_mb', write),
    ...report('tfrecord_parse_mb', parse),
    ...report('tfrecord_parse_shuffled_mb', parseShuffled),
    ...report('tfrecord_gunzip_and_parse_mb', gunzip),
    [`${name}_tfrecord_bytes_per_example`]: Math.round((megabytes * MEGABYTE) / (256 * blocks.length)),
  };
}

/**
 * Examples per second of the uniform source (batches ready for the model) and TFRecord megabytes (uncompressed) per
 * second, for playground.yaml's and production's sizes.
 */
export async function dataThroughput(): Promise<Record<string, number>> {
  return {
    ...(await measure('playground', planOf('playground.yaml'), 40_000)),
    ...(await measure('production', planOf('local_prod.yaml'), 2_000)),
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(JSON.stringify(await dataThroughput(), null, 2));
}
