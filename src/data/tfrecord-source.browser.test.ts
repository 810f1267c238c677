import { expect, it } from 'vitest';
import { chunksOf } from '../formats/gzip.ts';
import { plan } from './plan.fixture.ts';
import { DataReadError, tfRecordSource, writeTfRecords } from './tfrecord-source.ts';
import { uniformBlocks, uniformSource } from './uniform.ts';

// The browser's own compression and streams; what they carry is tested in Node.
const read = (file: File) => tfRecordSource(plan(), { files: [file], shuffle: null, repeat: false });

async function fileOf(examples: number): Promise<Uint8Array<ArrayBuffer>[]> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of chunksOf(writeTfRecords(uniformBlocks(plan(), { seed: 2, examples })))) {
    parts.push(new Uint8Array(part));
  }
  return parts;
}

it('a file written in the browser is read there again', async () => {
  const source = read(new File(await fileOf(6), 'own.tfrecord.gz'));
  const drawn = uniformSource(plan(), { seed: 2, examples: 6 });
  for (let i = 0; i < 3; i++) {
    // Where a stream goes on is each source's own.
    expect({ ...(await source.next()), position: null }).toEqual({ ...(await drawn.next()), position: null });
  }
});

it('a damaged file is named, whatever the browser calls the damage', async () => {
  const whole = new Uint8Array(await new Blob(await fileOf(200)).arrayBuffer());
  const drain = async (bytes: Uint8Array<ArrayBuffer>) => {
    const source = read(new File([bytes], 'bad.gz'));
    while (await source.next());
  };
  for (const bytes of [whole.slice(0, -1), whole.slice(0, 300), whole.slice().fill(0x55, 400, 420)]) {
    const error = await drain(bytes).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DataReadError);
    expect((error as Error).message).toMatch(/^bad.gz: /);
  }
});

it('a file of several members, padded and large, is read whole, though the browser takes only the first', async () => {
  const part = new Uint8Array(await new Blob(await fileOf(1200)).arrayBuffer());
  // Large enough for the browser's own stream to be tried first.
  expect(part.length).toBeGreaterThan(1 << 16);
  for (const padding of [0, 3]) {
    const source = read(new File([part, new Uint8Array(padding), part], 'two.gz'));
    let examples = 0;
    for (let batch = await source.next(); batch; batch = await source.next()) examples += batch.size;
    expect(examples).toBe(2400);
  }
});
