/**
 * gzip by the platform's DecompressionStream, whose versions differ in what they make of more members and of padding:
 * Node 20's passes over all behind zeros without a word. So what goes by is watched, and whether all was read is told.
 */
import { plain, streamOf } from './gzip.ts';

/** A gzip member's header without its optional parts. */
const HEADER = 10;

/** Of four bytes, the lowest first. */
export const uint32 = ([a = 0, b = 0, c = 0, d = 0]: Iterable<number>) =>
  (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;

/** What every member begins with. */
const MARK = Uint8Array.of(0x1f, 0x8b, 8);
/** Node, which alone needs the search, has one for several bytes at once: one byte is met 256 times too often. */
const searchMany = globalThis.Buffer?.prototype.indexOf;

/** The next place where a member may begin, or −1. */
function nextMark(bytes: Uint8Array, from: number): number {
  return searchMany ? searchMany.call(bytes, MARK, from) : bytes.indexOf(MARK[0]!, from);
}

/** Whether a member seems to begin at a place: chance makes this of 10^11 bytes once. */
function isMemberStart(bytes: Uint8Array, at: number): boolean {
  // Where one byte was searched the mark's second decides nearly always; nothing may be made before it.
  if (bytes[at + 1] !== 0x8b || bytes[at + 2] !== 8 || bytes[at + 3]! >= 32) return false;
  const hint = bytes[at + 8]!;
  const system = bytes[at + 9]!;
  return (hint === 0 || hint === 2 || hint === 4) && (system <= 13 || system === 255);
}

/** Watches stored bytes go by: keeps the last ones, and notes what seems to be a second member. */
class Watch {
  /** The last bytes of what has gone by. */
  #tail: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #first = true;
  readonly #search: boolean;
  second = false;

  /** @param search whether to look for a second member; else only the last bytes are kept. */
  constructor(search: boolean) {
    this.#search = search;
  }

  see(chunk: Uint8Array): void {
    const bytes = new Uint8Array(this.#tail.length + Math.min(chunk.length, HEADER - 1));
    bytes.set(this.#tail);
    bytes.set(chunk.subarray(0, HEADER - 1), this.#tail.length);
    // What begins in the chunk before, then what begins and ends in this one.
    this.#look(bytes, this.#first ? 1 : 0, this.#tail.length);
    this.#look(chunk, this.#first ? 1 : 0, chunk.length - HEADER + 1);
    this.#first &&= chunk.length === 0;
    const last = chunk.length >= HEADER - 1 ? chunk : bytes;
    this.#tail = last.slice(-(HEADER - 1));
  }

  #look(bytes: Uint8Array, from: number, to: number): void {
    if (!this.#search) return;
    for (let at = nextMark(bytes, from); at >= 0 && at < to; at = nextMark(bytes, at + 1)) {
      if (isMemberStart(bytes, at)) this.second = true;
    }
  }

  /** The last four bytes as a number. */
  get lastNumber(): number {
    return uint32(this.#tail.slice(-4));
  }
}

let forgiving: Promise<boolean> | null = null;

/** Whether this platform passes over zeros behind a gzip member, and all behind them: Node 20 does, Node 24 and browsers do not. */
function platformForgives(): Promise<boolean> {
  // An empty member, and a zero.
  const bytes = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  forgiving ??= new Response(streamOf([bytes]).pipeThrough(new DecompressionStream('gzip')))
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
  return forgiving;
}

/** Chunks given to the stream before it took the first of them: its thread must not wait for this one. */
const AHEAD = 2;

/**
 * Through the platform's DecompressionStream, each write waited for: a pipe would not do, as Node counts 16,384 chunks
 * as what its stream may hold, whatever their size, and so takes in files of gigabytes at once.
 */
async function* decompressed(chunks: AsyncGenerator<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new DecompressionStream('gzip');
  const [reader, writer] = [readable.getReader(), writable.getWriter()];
  const fed = (async () => {
    const writes: Promise<void>[] = [];
    for await (const chunk of chunks) {
      writes.push(writer.write(chunk));
      // Not first when it is awaited: a failure until then is no unhandled one.
      writes.at(-1)!.catch(() => undefined);
      if (writes.length === AHEAD) await writes.shift();
    }
    await writer.close();
  })();
  // What fails the stream fails its reads too, and is told there.
  fed.catch((error: unknown) => writer.abort(error).catch(() => undefined));
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
    await writer.abort().catch(() => undefined);
    await chunks.return(undefined);
  }
}

/** What the platform read: how much of it, and whether it is certain to be all. */
export interface PlatformResult {
  readonly bytes: number;
  readonly whole: boolean;
}

/**
 * The platform's reader. It gives the beginning of what our own gives, whatever the version; how far it came is
 * returned. Errors of the file itself pass through.
 */
export async function* readByPlatform(
  chunks: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array, PlatformResult, undefined> {
  // A failing source must not be taken for damaged data, so it is remembered on its way through the pipe.
  const source: { failure: unknown; failed: boolean } = { failure: null, failed: false };
  const watch = new Watch(await platformForgives());
  async function* watched(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    try {
      for await (const chunk of chunks) {
        watch.see(chunk);
        yield plain(chunk);
      }
    } catch (error) {
      source.failure = error;
      source.failed = true;
      throw error;
    }
  }
  let bytes = 0;
  try {
    for await (const chunk of decompressed(watched())) {
      yield chunk;
      bytes += chunk.length;
    }
  } catch {
    if (source.failed) throw source.failure;
    return { bytes, whole: false };
  }
  // A file of one member ends with the size of what is in it. Another end means more members, or bytes that some
  // versions pass over; so does another member's beginning, as the last may be as large as the first.
  return { bytes, whole: !watch.second && watch.lastNumber === bytes % 4294967296 };
}
