/** gzip as a stream, in and out, on the platform's own CompressionStream: the same code in a page, a worker and Node. */

/** Compressed data that cannot be read. `offset` counts the uncompressed bytes that came out before. */
export class GzipError extends Error {
  override readonly name = 'GzipError';
  readonly offset: number;

  constructor(offset: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `The gzip data is damaged or cut off, after ${offset} uncompressed bytes (${reason}). Copy or download the file again.`,
      { cause },
    );
    this.offset = offset;
  }
}

/** Whether the bytes begin as a gzip file does (1f 8b). */
export function isGzip(start: Uint8Array): boolean {
  return start.length >= 2 && start[0] === 0x1f && start[1] === 0x8b;
}

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

// The platform's streams take only views of plain ArrayBuffers; a view of shared memory is copied.
function plain(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  return chunk.buffer instanceof ArrayBuffer ? (chunk as Uint8Array<ArrayBuffer>) : new Uint8Array(chunk);
}

async function* mapPlain(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const chunk of chunks) yield plain(chunk);
}

/** Compresses a stream of bytes. Errors of the source pass through. */
export function gzip(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return streamOf(mapPlain(chunksOf(stream))).pipeThrough(new CompressionStream('gzip'));
}

async function* gunzip(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  // A failing source must not be reported as damaged gzip, so it is remembered on its way through the pipe.
  const source: { failure: unknown; failed: boolean } = { failure: null, failed: false };
  async function* watched(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    try {
      for await (const chunk of chunks) yield plain(chunk);
    } catch (error) {
      source.failure = error;
      source.failed = true;
      throw error;
    }
  }
  let offset = 0;
  try {
    for await (const chunk of chunksOf(streamOf(watched()).pipeThrough(new DecompressionStream('gzip')))) {
      yield chunk;
      offset += chunk.length;
    }
  } catch (error) {
    throw source.failed ? source.failure : new GzipError(offset, error);
  }
}

/**
 * The bytes of a stream, decompressed if they begin as gzip does and as they are if not.
 * @throws GzipError when compressed data is damaged or cut off; errors of the stream itself pass through.
 */
export async function* readMaybeGzip(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = chunksOf(stream);
  const first: Uint8Array[] = [];
  let length = 0;
  try {
    while (length < 2) {
      const { done, value } = await chunks.next();
      if (done) break;
      first.push(value);
      length += value.length;
    }
    const start = Uint8Array.from(first.slice(0, 3).flatMap((chunk) => [...chunk.subarray(0, 2)]));
    const all = (async function* () {
      yield* first;
      yield* chunks;
    })();
    yield* isGzip(start) ? gunzip(all) : all;
  } finally {
    await chunks.return();
  }
}
