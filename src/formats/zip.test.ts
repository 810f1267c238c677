import { describe, expect, it } from 'vitest';
import { textFile } from './export-file.ts';
import { readZip, writeZip, ZipError } from './zip.ts';

const FILES = [
  textFile('README.md', 'Hello '.repeat(500)),
  textFile('deep/er/ü.json', '{}'),
  { path: 'weights.safetensors', bytes: Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251) },
];

describe('zip', () => {
  it('gives back what went in, below a folder', () => {
    expect(readZip(writeZip(FILES))).toEqual(FILES);
    expect(readZip(writeZip(FILES, 'run')).map(({ path }) => path)).toEqual([
      'run/README.md',
      'run/deep/er/ü.json',
      'run/weights.safetensors',
    ]);
  });

  it('is the same for the same files, and smaller than its texts', () => {
    expect(writeZip(FILES)).toEqual(writeZip(FILES));
    expect(writeZip(FILES).length).toBeLessThan(6000);
  });

  it('refuses what is no zip, and a damaged one', () => {
    expect(() => readZip(new Uint8Array(100))).toThrow(ZipError);
    expect(() => readZip(writeZip(FILES).subarray(0, 300))).toThrow('The zip is damaged');
  });
});
