/** Bytes of a file that should be text: UTF-8, or what they are instead. */

export type DecodedText = { readonly text: string } | { readonly problem: string };

/** First bytes → what such a file is. */
const SIGNATURES: readonly (readonly [readonly number[], string])[] = [
  [[0x89, 0x50, 0x4e, 0x47], 'a PNG picture'],
  [[0xff, 0xd8, 0xff], 'a JPEG picture'],
  [[0x47, 0x49, 0x46, 0x38], 'a GIF picture'],
  [[0x1f, 0x8b], 'a gzip file'],
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF document'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet table'],
  [[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], 'a NumPy array'],
  [[0xff, 0xfe], 'a text in UTF-16: save it as UTF-8'],
  [[0xfe, 0xff], 'a text in UTF-16: save it as UTF-8'],
];

/** The text, without a byte order mark; or a sentence that says what the file is and what to do. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const known = SIGNATURES.find(([signature]) => signature.every((byte, i) => bytes[i] === byte));
  if (known) return { problem: `This is ${known[1]}${known[1].includes(':') ? '' : ', not a text'}.` };
  if (isSafetensors(bytes)) return { problem: 'These are weights (safetensors), not a text.' };
  if (bytes.includes(0)) return { problem: 'This is no text: it holds zero bytes.' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const before = new TextDecoder().decode(bytes).split('\uFFFD', 1)[0] ?? '';
    const line = before.split('\n').length;
    return {
      problem: `This is no text in UTF-8 (line ${line} holds bytes that are no character): save it as UTF-8.`,
    };
  }
}

/** A length of eight bytes, then a JSON object. */
function isSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length < 10 || bytes[8] !== 0x7b) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  return length >= 2n && length <= BigInt(bytes.length - 8);
}
