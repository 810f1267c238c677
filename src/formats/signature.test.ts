import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { crc32 } from './crc32c.ts';
import { textFile } from './export-file.ts';
import { signedFile, signedPng } from './signature.ts';

const text = (path: string, content: string) =>
  new TextDecoder().decode(signedFile(textFile(path, content), '1.2.3').bytes);

it('names the version once in what an export writes as text', () => {
  expect(text('train.py', '"""Trains."""\n')).toBe('# Heavy Ranker Playground 1.2.3\n"""Trains."""\n');
  const yaml = text('config.yaml', 'model: {}\n');
  expect(text('config.yaml', yaml.replace('1.2.3', '0.9.0'))).toBe(yaml);
  expect(text('README.md', '# A model\n')).toBe('# A model\n\nWritten by Heavy Ranker Playground 1.2.3.\n');
  expect(text('segdense.json', '{}')).toBe('{}');
});

/** Name and content of a PNG's chunks. @throws when a sum is wrong. */
function chunksOf(png: Uint8Array): (readonly [string, string])[] {
  const view = new DataView(png.buffer);
  const chunks: (readonly [string, string])[] = [];
  for (let at = 8; at < png.length;) {
    const end = at + 8 + view.getUint32(at);
    if (view.getUint32(end) !== crc32(png.subarray(at + 4, end))) throw new Error(`sum at ${at}`);
    const latin = [...png.subarray(at + 4, end)].map((byte) => String.fromCharCode(byte)).join('');
    chunks.push([latin.slice(0, 4), latin.slice(4)]);
    at = end + 4;
  }
  return chunks;
}

it('names the version in a PNG, whose other chunks stay', () => {
  const chunk = (name: string, content: Uint8Array) => {
    const bytes = Buffer.alloc(content.length + 12);
    bytes.writeUInt32BE(content.length);
    bytes.write(name, 4);
    bytes.set(content, 8);
    bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), content.length + 8);
    return bytes;
  };
  const header = Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0);
  const mark = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10);
  const rest = [chunk('IDAT', deflateSync(Uint8Array.of(0, 7))), chunk('IEND', new Uint8Array())];
  const png = Buffer.concat([mark, chunk('IHDR', header), ...rest]);
  const before = chunksOf(new Uint8Array(png));
  const after = chunksOf(signedPng(png, '1.2.3'));
  expect(after[1]).toEqual(['tEXt', 'Software\0Heavy Ranker Playground 1.2.3']);
  expect(after.toSpliced(1, 1)).toEqual(before);
});
