/** Which encoding a text file has: its mark, the zeros of UTF-16, UTF-8 if all of it is valid, else windows-1252. */

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type TextEncoding = (typeof ENCODINGS)[number];

/** From the first bytes, as far as they tell; null where only the whole file does. */
export function encodingOfStart(start: Uint8Array): TextEncoding | null {
  const [a, b, c] = start;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  // Latin text in UTF-16 without its mark has a zero in every other byte.
  const length = Math.min(start.length & ~1, 4096);
  let [even, odd] = [0, 0];
  for (let at = 0; at < length; at += 2) {
    if (start[at] === 0) even++;
    if (start[at + 1] === 0) odd++;
  }
  if (length >= 8 && odd > 0.4 * (length / 2) && even === 0) return 'utf-16le';
  if (length >= 8 && even > 0.4 * (length / 2) && odd === 0) return 'utf-16be';
  return null;
}

/** Bytes that the marks and zeros are looked for in. */
const START = 4096;

/** The encoding of a whole file, which is read once. Errors of the stream pass through. */
export async function detectEncoding(chunks: AsyncIterable<Uint8Array>): Promise<TextEncoding> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let start = new Uint8Array(0);
  let decided = false;
  try {
    for await (const chunk of chunks) {
      if (decided) {
        decoder.decode(chunk, { stream: true });
        continue;
      }
      const joined = new Uint8Array(start.length + chunk.length);
      joined.set(start);
      joined.set(chunk, start.length);
      start = joined;
      if (start.length < START) continue;
      const known = encodingOfStart(start);
      if (known) return known;
      decided = true;
      decoder.decode(start, { stream: true });
    }
    if (!decided) {
      const known = encodingOfStart(start);
      if (known) return known;
      decoder.decode(start, { stream: true });
    }
    decoder.decode();
    return 'utf-8';
  } catch (error) {
    // A fatal decoder throws a TypeError; anything else is the stream's.
    if (!(error instanceof TypeError)) throw error;
    return 'windows-1252';
  }
}

/** Text of a stream of bytes, piece by piece, without the byte order mark. */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}
