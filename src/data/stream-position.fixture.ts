/** For tests of positions: streams opened anew behind any batch, and files that count what is read of them. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { streamOf } from '../formats/gzip.ts';
import { plan } from './plan.fixture.ts';
import type { BatchSource, RecapBatch } from './recap-batch.ts';
import { streamPositionSchema } from './stream-position.ts';
import { encodeTfRecords, type RecordFile } from './tfrecord-source.ts';
import { uniformBlocks } from './uniform.ts';

export type Open<S extends BatchSource = BatchSource> = (at: RecapBatch['position'] | null) => S;

export async function collect(source: BatchSource, most: number): Promise<RecapBatch[]> {
  const batches: RecapBatch[] = [];
  while (batches.length < most) {
    const batch = await source.next();
    if (!batch) break;
    batches.push(batch);
  }
  source.dispose();
  return batches;
}

const throughJson = (position: RecapBatch['position']) =>
  streamPositionSchema.parse(JSON.parse(JSON.stringify(position)));

/** A batch as one string, bit for bit: quicker to compare than thousands of numbers. */
const bytesOf = (batch: RecapBatch): string =>
  JSON.stringify(batch, (_key, value: unknown) =>
    value instanceof Float32Array
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
      : value,
  );

/** Reads a stream, opens it anew behind batch k, and compares what follows, positions too. */
export async function expectExactResume(open: Open, k: number, more = 4): Promise<void> {
  const whole = await collect(open(null), k + 1 + more);
  if (whole.length === 0) return;
  const from = Math.min(k, whole.length - 1);
  const { position } = whole[from]!;
  const at = throughJson(position);
  expect(at).toEqual(position);
  const resumed = await collect(open(at), k + more - from);
  expect(resumed.map(bytesOf)).toEqual(whole.slice(from + 1).map(bytesOf));
}

/** Draws of data sections whose positions are hard: downsampling, odd batch sizes. */
export const section = fc.record(
  {
    global_batch_size: fc.integer({ min: 1, max: 7 }),
    preprocess: fc.constantFrom(null, {
      downsample_negatives: { batch_multiplier: 3, engagements_list: ['fav'], num_engagements: 2 },
    }),
  },
  { requiredKeys: ['global_batch_size'] },
);

/** A file in memory that counts the bytes read of it. */
export class CountedFile implements RecordFile {
  readonly name: string;
  readonly size: number;
  read = 0;
  readonly #bytes: Uint8Array;

  constructor(name: string, bytes: Uint8Array) {
    this.name = name;
    this.size = bytes.length;
    this.#bytes = bytes;
  }

  stream(): ReadableStream<Uint8Array> {
    const bytes = this.#bytes;
    const count = (n: number) => (this.read += n);
    const chunks = function* () {
      for (let at = 0; at < bytes.length; at += 700) {
        const chunk = bytes.slice(at, at + 700);
        count(chunk.length);
        yield chunk;
      }
    };
    return streamOf(chunks());
  }
}

/** Plain TFRecord bytes of drawn examples. */
export async function recordsOf(seed: number, examples: number): Promise<Uint8Array> {
  const parts: number[] = [];
  for await (const part of encodeTfRecords(uniformBlocks(plan(), { seed, examples }))) parts.push(...part);
  return Uint8Array.from(parts);
}
