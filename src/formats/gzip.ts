/** Streams of bytes, and gzip on the platform's own CompressionStream: the same code in a page, a worker and Node. */

/** The chunks of a stream; leaving the loop early cancels the stream. Safari has no `for await` over streams. */
export async function* chunksOf(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  let finished = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    finished = true;
  } finally {
    if (!finished) await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}

/** A stream that pulls from an iterator, so that nothing is produced before somebody reads. */
export function streamOf<T>(source: AsyncIterable<T> | Iterable<T>): ReadableStream<T> {
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** A chunk as the platform's streams take it, a view of a plain ArrayBuffer; a view of shared memory is copied. */
export function plain(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  return chunk.buffer instanceof ArrayBuffer ? (chunk as Uint8Array<ArrayBuffer>) : new Uint8Array(chunk);
}

async function* mapPlain(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const chunk of chunks) yield plain(chunk);
}

/** Bytes of a gzip header without its optional parts, and its bit that says that a comment follows (RFC 1952). */
const HEADER = 10;
const HAS_COMMENT = 16;

/** The comment, Latin-1, in the header of what the platform compressed. */
async function* commented(
  chunks: AsyncIterable<Uint8Array>,
  comment: string,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let head: number[] | null = [];
  for await (const chunk of chunks) {
    if (!head) {
      yield plain(chunk);
      continue;
    }
    const taken = HEADER - head.length;
    head.push(...chunk.subarray(0, taken));
    if (head.length < HEADER) continue;
    head[3]! |= HAS_COMMENT;
    const text = Array.from(comment, (letter) => letter.charCodeAt(0));
    yield Uint8Array.from([...head, ...text, 0]);
    if (chunk.length > taken) yield plain(chunk.subarray(taken));
    head = null;
  }
}

/**
 * Compresses a stream of bytes. Errors of the source pass through.
 * @param comment stands in the header, which every reader of gzip passes over; none by default
 */
export function gzip(
  stream: ReadableStream<Uint8Array>,
  comment: string | null = null,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const compressed = streamOf(mapPlain(chunksOf(stream))).pipeThrough(new CompressionStream('gzip'));
  return comment === null ? compressed : streamOf(commented(chunksOf(compressed), comment));
}
