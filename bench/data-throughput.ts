/**
 * How fast examples are made, read and written: `npx tsx bench/data-throughput.ts`. Each figure is the best of several
 * rounds, as the machine's other work only ever makes a round slower; `per_core_s` counts the processor time of all of
 * the process's threads, so it holds on a busy machine too.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseRecapConfig } from '../src/config/parse-config.ts';
import type { DataConfig } from '../src/config/recap-config.ts';
import { parseDataSchema, type DataSchema } from '../src/data/data-schema.ts';
import type { RawBlock } from '../src/data/example.ts';
import { planData } from '../src/data/layout.ts';
import { openSource, TeacherCache } from '../src/data/open-source.ts';
import { defaultTeacherConfig } from '../src/data/synthesis/teacher-config.ts';
import { importTable } from '../src/data/tables/import-table.ts';
import { openTable } from '../src/data/tables/open-table.ts';
import { profileTable } from '../src/data/tables/profile.ts';
import { EncodedTable } from '../src/data/tables/table-rows.ts';
import { sharedRates } from './data-workers.ts';
import { memoryFile } from '../src/data/tables/testing/memory-file.ts';
import { tfRecordSource } from '../src/data/tfrecord-source.ts';
import { encodeTfRecords, writeTfRecords } from '../src/data/tfrecord-write.ts';
import { uniformBlocks, uniformSource } from '../src/data/uniform.ts';
import { chunksOf, streamOf } from '../src/formats/gzip.ts';

const ROUNDS = 5;
const MEGABYTE = 1e6;

/**
 * Examples per second that training playground.yaml takes on the fastest engine of a software adapter: 19 steps of 128,
 * measured by the training benchmark. What the generator gives above that, it never makes the trainer wait for.
 */
const TRAINER_EXAMPLES = 19 * 128;

export interface Section {
  readonly data: DataConfig;
  readonly schema: DataSchema;
  readonly tasks: readonly string[];
}

/** The training data section of a preset. */
export function readSection(configFile: string): Section {
  const folder = new URL('../configs/', import.meta.url);
  const { config, problems } = parseRecapConfig(readFileSync(new URL(configFile, folder), 'utf8'));
  if (!config) throw new Error(`${configFile}: ${problems[0]?.message ?? 'no configuration'}`);
  const { train_data: data, model } = config;
  const file = data.seg_dense_schema.schema_path.split('/').at(-1)!;
  const schema = parseDataSchema(readFileSync(new URL(file, folder), 'utf8'), file);
  return { data, schema, tasks: Object.keys(model.tasks) };
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

interface Batches {
  next(): Promise<{ readonly size: number } | null>;
}

/** Pulls batches to the end, or until there are as many examples as asked for. */
async function drain(source: Batches, most = Infinity): Promise<number> {
  let examples = 0;
  for (let batch = await source.next(); batch; batch = await source.next()) {
    examples += batch.size;
    if (examples >= most) break;
  }
  return examples;
}

/** The rate of synthetic examples with a planted signal, the page's default source, as batches for the model. */
async function teacherRate(section: Section, examples: number): Promise<Rate> {
  const source = { kind: 'teacher', seed: 1, teacher: defaultTeacherConfig } as const;
  const open = { source, ...section, split: 'train', examples: null } as const;
  // The cache calibrates the teacher once, before the clock starts.
  const teachers = new TeacherCache();
  await openSource(open, teachers).next();
  return best(() => drain(openSource(open, teachers), examples));
}

const report = (key: string, { wall, core }: Rate) => ({
  [`${key}_per_s`]: Math.round(wall),
  [`${key}_per_core_s`]: Math.round(core),
});

async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return parts;
}

const bytesIn = (parts: readonly Uint8Array[]) => parts.reduce((sum, part) => sum + part.length, 0);

async function measure(name: string, section: Section, examples: number): Promise<Record<string, number>> {
  const plan = planData(section.data, section.schema, section.tasks);
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
  return {
    ...report(`${name}_uniform_examples`, uniform),
    ...report(`${name}_tfrecord_write_mb`, write),
    ...report(`${name}_tfrecord_parse_mb`, parse),
    ...report(`${name}_tfrecord_parse_shuffled_mb`, parseShuffled),
    ...report(`${name}_tfrecord_gunzip_and_parse_mb`, gunzip),
    [`${name}_tfrecord_bytes_per_example`]: Math.round((megabytes * MEGABYTE) / (256 * blocks.length)),
  };
}

/** A CSV text of numbers, categories, gaps and a label, about 60 bytes a row, every third row with quotes. */
function csvText(rows: number): string {
  let text = 'age,job,weight,education,years,gain,hours,country,note,income\n';
  for (let i = 0; i < rows; i++) {
    const word = ['Private', 'Local-gov', 'Self-emp', '?'][i % 4]!;
    const note = i % 3 === 0 ? '"said ""hi"", left"' : 'none';
    text += `${17 + (i % 70)},${word},${(i * 7919) % 400000},HS-grad,${i % 16},${i % 11 ? 0 : i % 20000},${i % 99},US,${note},${i % 5 ? '<=50K' : '>50K'}\n`;
  }
  return text;
}

/**
 * Megabytes of CSV per second: `csv_read` to cells, `csv_profile` to column profiles as well, `csv_encode` from the text
 * to rows of the model's tensors.
 */
export async function csvRates(): Promise<Record<string, number>> {
  const bytes = new TextEncoder().encode(csvText(200_000));
  const megabytes = bytes.length / MEGABYTE;
  const table = await openTable(memoryFile(bytes, 'bench.csv', 262_144));
  const { columns } = await importTable(table, {
    labels: [{ column: 'income', value: null }],
    heldOut: null,
    missing: null,
  });
  const passes = {
    csv_read: async () => {
      for await (const { size } of table.chunks()) if (size === 0) throw new Error('A chunk without rows.');
    },
    csv_profile: () => profileTable(table),
    csv_encode: async () => {
      const encoded = new EncodedTable(table, columns);
      for await (const { size } of encoded.rows()) if (size === 0) throw new Error('A chunk without rows.');
    },
  };
  const rates: Record<string, number> = {};
  for (const [name, pass] of Object.entries(passes)) {
    Object.assign(rates, report(`${name}_mb`, await best(async () => (await pass(), megabytes))));
  }
  return rates;
}

/**
 * Examples per second of the teacher and of the uniform source (batches ready for the model) and TFRecord megabytes
 * (uncompressed) per second, for playground.yaml's and production's sizes; the teacher's of production at raw size, all
 * 6,000 + 512 + 320 + 600 values. `generator_headroom` is how many times faster the teacher is than training needs:
 * from 1 on, the trainer never waits.
 */
export async function dataThroughput(): Promise<Record<string, number>> {
  const playground = readSection('playground.yaml');
  const production = readSection('local_prod.yaml');
  const raw = { ...production, data: { ...production.data, preprocess: null } };
  const teacher = await teacherRate(playground, 40_000);
  return {
    ...report('playground_teacher_examples', teacher),
    generator_headroom: Math.round((10 * teacher.core) / TRAINER_EXAMPLES) / 10,
    ...report('production_teacher_examples', await teacherRate(production, 6_000)),
    ...(await sharedRates(production, 4)),
    ...report('production_raw_teacher_examples', await teacherRate(raw, 2_000)),
    ...(await measure('playground', playground, 40_000)),
    ...(await measure('production', production, 2_000)),
    ...(await csvRates()),
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(JSON.stringify(await dataThroughput(), null, 2));
}
