/** Raw blocks to a gzip-compressed TFRecord file, as a stream that is produced as fast as it is read. */
import { ExampleEncoder } from '../formats/example-encoder.ts';
import { gzip, streamOf } from '../formats/gzip.ts';
import { programName } from '../formats/signature.ts';
import { frameInPlace, framedSize, PAYLOAD_OFFSET } from '../formats/tfrecord.ts';
import type { RawBlock } from './example.ts';

/** Bytes gathered before they are handed on: large enough that the stream's own cost does not count. */
const CHUNK = 256 * 1024;

export interface WriteProgress {
  readonly examples: number;
  /** Bytes before compression. */
  readonly bytes: number;
}

export interface WriteOptions {
  readonly onProgress?: (progress: WriteProgress) => void;
  readonly signal?: AbortSignal;
}

export interface WriteFileOptions extends WriteOptions {
  /** Version of the program, for the gzip header's comment, which no reader minds; none by default. */
  readonly app?: string;
}

/**
 * The seen rows of the blocks as TFRecord bytes, not compressed, in chunks of about 256 kB.
 * @throws TfExampleError when an integer feature holds something else; the signal's reason when it is aborted.
 */
export async function* encodeTfRecords(
  blocks: AsyncIterable<RawBlock> | Iterable<RawBlock>,
  { onProgress, signal }: WriteOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let chunk = new Uint8Array(CHUNK);
  let view = new DataView(chunk.buffer);
  let used = 0;
  let examples = 0;
  let bytes = 0;
  let encoder: ExampleEncoder | null = null;
  let encoded: RawBlock | null = null;
  for await (const block of blocks) {
    if (!encoder || encoded !== block) encoder = new ExampleEncoder(block.recordColumns);
    encoded = block;
    for (let i = 0; i < block.size; i++) {
      const row = block.rowAt(i);
      const size = encoder.size(row);
      const need = framedSize(size);
      if (used > 0 && used + need > chunk.length) {
        signal?.throwIfAborted();
        yield chunk.subarray(0, used);
        onProgress?.({ examples, bytes });
        chunk = new Uint8Array(Math.max(CHUNK, need));
        view = new DataView(chunk.buffer);
        used = 0;
      } else if (need > chunk.length) {
        chunk = new Uint8Array(need);
        view = new DataView(chunk.buffer);
      }
      encoder.write(row, chunk, used + PAYLOAD_OFFSET);
      frameInPlace(view, used, size);
      used += need;
      bytes += need;
      examples++;
    }
  }
  if (used > 0) yield chunk.subarray(0, used);
  onProgress?.({ examples, bytes });
}

/**
 * A gzip-compressed TFRecord file of the blocks' seen rows. Blocks must store all raw values (`stored: 'all'`); they
 * are pulled as the stream is read. Errors of `encodeTfRecords` and of the blocks fail the stream.
 */
export function writeTfRecords(
  blocks: AsyncIterable<RawBlock> | Iterable<RawBlock>,
  { app, ...options }: WriteFileOptions = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return gzip(streamOf(encodeTfRecords(blocks, options)), app === undefined ? null : programName(app));
}
