/** Inputs that fuzzing found (npm run fuzz), each as a file: what they must be read as, or how they are refused. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openTable } from '../../src/data/tables/open-table.ts';
import { memoryFile } from '../../src/data/tables/testing/memory-file.ts';
import { readDecompressed } from '../../src/formats/compression.ts';
import { streamOf } from '../../src/formats/gzip.ts';
import { readSafetensors } from '../../src/formats/safetensors.ts';
import { parseScoreWeights, scoreWeightsToYaml } from '../../src/ranking/score-weights-file.ts';
import { decodeLink } from '../../src/runs/link.ts';
import { parseManifest } from '../../src/runs/manifest.ts';

const bytes = (file: string) => new Uint8Array(readFileSync(new URL(file, import.meta.url)));
const text = (file: string) => new TextDecoder().decode(bytes(file));

async function refusal(read: () => unknown): Promise<string> {
  try {
    await read();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'no error';
}

it.each([0, 1 << 16])(
  '24: equal gzip members with a zero between (platform from %d bytes on)',
  async (small) => {
    const file = bytes('24-equal-gzip-members/data.gz');
    const read: number[] = [];
    for await (const chunk of readDecompressed(() => streamOf([file]), { small })) read.push(...chunk);
    expect(read).toEqual(Array.from({ length: 8 }, () => 32));
  },
);

it.each(['dtype', 'shape', 'data-offsets'])('25: a safetensors header without %s', async (key) => {
  const said = await refusal(() => readSafetensors(bytes(`25-safetensors-header/no-${key}.safetensors`)));
  expect(said).toMatch(/^SafetensorsError: .*"w"/);
  expect(said).toContain(key.replace('-', '_'));
  expect(said).not.toContain('undefined');
});

describe('26 and 27: keys of manifests and links that are missing or of another type', () => {
  it.each([
    ['no-recipe', 'recipe is missing: add it, a map of keys.'],
    ['no-seeds', 'recipe.seeds is missing: add it, a map of keys.'],
    ['seeds-text', 'recipe.seeds must be a map of keys, but is the text "one".'],
  ])('%s.json', async (file, message) => {
    const said = await refusal(() => parseManifest(text(`26-manifest-keys/${file}.json`)));
    expect(said.replace(/: (?=is |must )/, ' ')).toContain(message.slice(0, -1));
    expect(said).toMatch(/^ManifestError: /);
  });

  it.each([
    ['no-seeds', /seeds:? is missing: add it/],
    ['no-choice', /engine\.choice:? is missing: add it/],
  ])('%s.txt', async (file, message) => {
    const said = await refusal(() => decodeLink(text(`27-link-keys/${file}.txt`), new Map()));
    expect(said).toMatch(message);
    expect(said).toMatch(/^LinkError: /);
  });
});

it('28: heads whose names hold characters that nobody sees go to YAML and back', () => {
  const set = parseScoreWeights(text('28-unseen-head-name/weights.json')).value!;
  expect(Object.keys(set.weights)).toEqual(['recap\u00A0.is_\u200Bfavorited', 'a: b']);
  const yaml = scoreWeightsToYaml(set);
  expect(yaml).not.toMatch(/[\u00A0\u200B]/);
  expect(parseScoreWeights(yaml).value).toEqual(set);
});

it('29: a Parquet column that has no name', async () => {
  const file = memoryFile(bytes('29-parquet-column-without-name/table.parquet'), 'table.parquet');
  expect(await refusal(() => openTable(file))).toMatch(
    /^TableError: table\.parquet: The Parquet data can't be read \(column \d+ has no name\)\. Copy the file again/,
  );
});

it('30: rows under a banner', async () => {
  const file = memoryFile(bytes('30-rows-under-a-banner/rows.test'), 'rows.test');
  const table = await openTable(file);
  expect(table.names).toHaveLength(15);
  expect(table.notes).toEqual(['The table begins on line 2: line 1 is left out ("|1x3 Cross validator").']);
  let rows = 0;
  for await (const chunk of table.chunks()) {
    expect(chunk.columns[14]?.[0]).toMatch(/^[<>]=?50K\.$/);
    expect([chunk.place(0), chunk.place(19)]).toEqual(['line 2', 'line 21']);
    rows += chunk.size;
  }
  expect(rows).toBe(20);
});
