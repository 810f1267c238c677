/** Data files for the reference: every record checked and copied as it is, each file gzip-compressed once. */
import { join } from 'node:path';
import { DataReadError } from '../src/data/data-read-error.ts';
import { RecordReader } from '../src/data/tfrecord-reader.ts';
import type { DataPlan } from '../src/data/layout.ts';
import { RawBlock } from '../src/data/example.ts';
import { ExampleDecoder } from '../src/formats/example-decoder.ts';
import { chunksOf, gzip, streamOf } from '../src/formats/gzip.ts';
import { programName } from '../src/formats/signature.ts';
import { encodeTfRecord } from '../src/formats/tfrecord.ts';
import type { DataFile } from './files.ts';
import type { Outputs } from './output.ts';
import { appVersion } from './version.ts';

/**
 * Writes one file for each of `files` below `folder`. @returns the records in all.
 * @throws DataReadError naming file, record and what is wrong.
 */
export async function writeReferenceData(
  files: readonly DataFile[],
  plan: DataPlan,
  folder: string,
  outputs: Outputs,
): Promise<number> {
  let records = 0;
  for (const [index, file] of files.entries()) {
    const name = `part-${String(index).padStart(5, '0')}.tfrecord.gz`;
    const output = await outputs.open(join(folder, name));
    const counted = async function* () {
      for await (const payload of checkedPayloads(file, plan)) {
        records++;
        yield encodeTfRecord(payload);
      }
    };
    for await (const chunk of chunksOf(gzip(streamOf(counted()), programName(appVersion()))))
      await output.write(chunk);
  }
  return records;
}

async function* checkedPayloads(file: DataFile, plan: DataPlan): AsyncGenerator<Uint8Array> {
  const reader = new RecordReader([file], {
    share: 'all',
    shuffle: null,
    repeat: false,
    ignoreErrors: false,
  });
  const block = new RawBlock(plan, 1, { stored: 'all' });
  const decoder = new ExampleDecoder(block.decodedColumns);
  try {
    for (let record = await reader.next(); record; record = await reader.next()) {
      try {
        decoder.decode(record.payload, 0);
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error);
        throw new DataReadError(file.name, `record ${record.index}: ${what}`, error);
      }
      yield record.payload;
    }
  } finally {
    reader.dispose();
  }
}
