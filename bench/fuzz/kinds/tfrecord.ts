/** TFRecord files, plain and compressed, through the reader that training uses: frames, claimed lengths, damage. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { DataReadError } from '../../../src/data/data-read-error.ts';
import { RecordReader } from '../../../src/data/tfrecord-reader.ts';
import { encodeTfRecord, frameInPlace, framedSize, TfRecordParser } from '../../../src/formats/tfrecord.ts';
import { fuzzKind } from '../kind.ts';
import { chunkSize, edits, join, openable } from '../mutate.ts';

/** A record's head with a right checksum that claims what is not there. */
function claim(length: number): Uint8Array {
  const frame = new Uint8Array(framedSize(0));
  frameInPlace(new DataView(frame.buffer), 0, 0);
  const view = new DataView(frame.buffer);
  // The checksum must be that of the claimed length: taken from a frame that has it.
  const head = new Uint8Array(12);
  const headView = new DataView(head.buffer);
  const real = encodeTfRecord(new Uint8Array(length % 5000));
  head.set(real.subarray(0, 12));
  view.setUint32(0, headView.getUint32(0, true), true);
  return join(head, frame.subarray(12));
}

const payloads = fc.array(fc.uint8Array({ maxLength: 120 }), { maxLength: 8 });
const frames = fc.record({
  payloads,
  claimed: fc.option(fc.nat(1e6), { freq: 4 }),
  zipped: fc.boolean(),
  edit: edits,
  size: chunkSize,
  ignoreErrors: fc.boolean(),
});

const good = encodeTfRecord(Uint8Array.of(1, 2, 3));

export const tfRecordKind = fuzzKind({
  name: 'tfrecord',
  input: frames.map(({ payloads: all, claimed, zipped, edit, size, ignoreErrors }) => {
    const head = claimed === null ? [] : [claim(claimed)];
    const plain = join(...all.map(encodeTfRecord), ...head);
    return {
      payloads: all,
      size,
      ignoreErrors,
      bytes: edit(zipped ? new Uint8Array(gzipSync(plain)) : plain),
    };
  }),
  errors: [DataReadError],
  bytes: ({ bytes }) => bytes,
  async read({ payloads: written, bytes, size, ignoreErrors }) {
    const file = { name: 'fuzz.tfrecord', size: bytes.length, stream: openable(bytes, size) };
    const reader = new RecordReader([file], { share: 'all', shuffle: null, repeat: false, ignoreErrors });
    const known = new Set(written.map((payload) => Buffer.from(payload).toString('hex')));
    try {
      let last = -1;
      for (let record = await reader.next(); record; record = await reader.next()) {
        if (!known.has(Buffer.from(record.payload).toString('hex')) && record.payload.length > 0) {
          throw new Error('A record that nobody wrote.');
        }
        if (record.index <= last) throw new Error('Records out of order.');
        last = record.index;
      }
      if (reader.badCount > 0 && !ignoreErrors) throw new Error('A bad record was passed over.');
    } finally {
      reader.dispose();
    }
  },
  probe() {
    const parser = new TfRecordParser();
    parser.push(good);
    return [...parser.next()!.payload];
  },
});
