/** A table file in memory, given in pieces, for tests and benchmarks. */
import { streamOf } from '../../../formats/gzip.ts';
import type { TableFile } from '../table.ts';

/** @param piece bytes of one chunk of the stream. */
export function memoryFile(content: string | Uint8Array, name = 'table.csv', piece = 65_536): TableFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  function* pieces() {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  }
  return {
    name,
    size: bytes.length,
    stream: () => streamOf(pieces()),
    slice: (from, to) => Promise.resolve(bytes.slice(from, to).buffer),
  };
}
