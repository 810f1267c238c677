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

/** Compresses a stream of bytes. Errors of the source pass through. */
export function gzip(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return streamOf(mapPlain(chunksOf(stream))).pipeThrough(new CompressionStream('gzip'));
}
