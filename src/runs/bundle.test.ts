import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readZip, writeZip } from '../formats/zip.ts';
import { BundleError } from './bundle-error.ts';
import { bundleRankingText } from './bundle-ranking.ts';
import { isUnfinished, readBundle, readBundleRanking, removeUnfinished, writeBundle } from './bundle.ts';
import { allFiles, keepSample, sampleManifest } from './bundle.fixture.ts';
import { HomeError } from './homes/home.ts';
import { MemoryHome } from './homes/memory-home.ts';
import { parseManifest } from './manifest.ts';
import { RunFolder, RunFolderError } from './run-folder.ts';

async function bundleOf(
  home: MemoryHome,
  runs: readonly string[],
  ranking: string | null = null,
): Promise<Blob> {
  const pieces: BlobPart[] = [];
  for await (const piece of writeBundle(home, runs, ranking)) pieces.push(piece);
  return new Blob(pieces);
}

async function twoRuns(): Promise<MemoryHome> {
  const home = new MemoryHome();
  await keepSample(home, sampleManifest('a'), 1);
  await keepSample(home, sampleManifest('b', { run: 'a', step: 2 }), 2);
  return home;
}

const unpacked = async (bundle: Blob) => readZip(new Uint8Array(await bundle.arrayBuffer()));

/** The bundle of run a with one of its files as `change` makes it; without it for null. */
async function changed(
  file: string,
  change: (bytes: Uint8Array) => Uint8Array | null,
  name = file,
): Promise<Blob> {
  const files = await unpacked(await bundleOf(await twoRuns(), ['a']));
  const all = files.flatMap(({ path, bytes }) => {
    if (path !== `a/${file}`) return [{ path, bytes }];
    const other = change(bytes);
    return other ? [{ path: `a/${name}`, bytes: new Uint8Array(other) }] : [];
  });
  return new Blob([writeZip(all)]);
}

describe('a bundle', () => {
  it('is the same runs in another home, file by file', async () => {
    const from = await twoRuns();
    const to = new MemoryHome();
    expect(await readBundle(to, await bundleOf(from, ['a', 'b']))).toEqual([
      { id: 'a', name: 'Run a', outcome: 'new' },
      { id: 'b', name: 'Run b', outcome: 'new' },
    ]);
    const all = await allFiles(from);
    expect(all.size).toBe(14);
    expect(await allFiles(to)).toEqual(all);
  });

  it('is the same bytes for the same runs, and leaves out what is no part of a run', async () => {
    const home = await twoRuns();
    const before = await bundleOf(home, ['a']);
    await home.replace('a/run.lock', Uint8Array.of(1));
    await home.replace('a/model.safetensors.part', Uint8Array.of(1));
    expect(await (await bundleOf(home, ['a'])).bytes()).toEqual(await before.bytes());
  });

  it('taken in again changes nothing, also where the run was renamed', async () => {
    const home = await twoRuns();
    const bundle = await bundleOf(home, ['a', 'b']);
    const folder = await RunFolder.open(home, 'a', 'write');
    await folder.saveManifest({ ...folder.manifest, name: 'Mine', note: 'Best so far.' });
    folder.close();
    const before = await allFiles(home);
    const taken = await readBundle(home, bundle);
    expect(taken.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['a', 'there'],
      ['b', 'there'],
    ]);
    expect(await allFiles(home)).toEqual(before);
  });

  it('whose id is another run gets a new one, and its child follows', async () => {
    const home = new MemoryHome();
    await keepSample(home, sampleManifest('a'), 7);
    const before = await allFiles(home);
    const [a, b] = await readBundle(home, await bundleOf(await twoRuns(), ['a', 'b']));
    expect([a?.outcome, b?.outcome]).toEqual(['renumbered', 'new']);
    const after = await allFiles(home);
    for (const [path, bytes] of before) expect(after.get(path), path).toEqual(bytes);
    const child = parseManifest(new TextDecoder().decode(after.get('b/manifest.json')));
    expect(child.parent).toEqual({ run: a?.id, step: 2 });
    expect((await RunFolder.open(home, a?.id ?? '', 'read')).manifest.id).toBe(a?.id);
  });

  it('may be packed by another program, with its own folder or none', async () => {
    const files = await unpacked(await bundleOf(await twoRuns(), ['a']));
    for (const folder of ['', 'my runs/best/']) {
      const other = Object.fromEntries(
        files.map(({ path, bytes }) => [path.replace('a/', folder), bytes] as const),
      );
      const zipped = zipSync({
        ...other,
        '__MACOSX/x': Uint8Array.of(1),
        [`${folder}.DS_Store`]: Uint8Array.of(1),
      });
      const home = new MemoryHome();
      expect((await readBundle(home, new Blob([new Uint8Array(zipped)]))).map(({ id }) => id)).toEqual(['a']);
      expect([...(await allFiles(home)).keys()]).toEqual(files.map(({ path }) => path).toSorted());
    }
  });

  it('may hold the ranking beside its runs, in whatever folder, which is no file of a run', async () => {
    const text = bundleRankingText({ weights: { set: '2023-03-31' } }, 'test');
    const bundle = await bundleOf(await twoRuns(), ['a'], text);
    const home = new MemoryHome();
    await readBundle(home, bundle);
    expect([...(await allFiles(home)).keys()].filter((path) => path.includes('ranking'))).toEqual([]);
    expect(await readBundleRanking(bundle)).toEqual({ path: 'ranking.json', text });
    const zipped = zipSync(
      Object.fromEntries((await unpacked(bundle)).map(({ path, bytes }) => [`my runs/${path}`, bytes])),
    );
    const moved = new Blob([new Uint8Array(zipped)]);
    expect(await readBundleRanking(moved)).toEqual({ path: 'my runs/ranking.json', text });
    expect(await readBundle(new MemoryHome(), moved)).toHaveLength(1);
    expect(await readBundleRanking(await bundleOf(await twoRuns(), ['a']))).toBeNull();
  });

  it('of no run, or of one that is not there, is refused', async () => {
    await expect(bundleOf(new MemoryHome(), [])).rejects.toThrow(BundleError);
    await expect(bundleOf(new MemoryHome(), ['x'])).rejects.toThrow(RunFolderError);
  });
});

describe('a bundle that is not right', () => {
  const text = (value: string) => () => new TextEncoder().encode(value);

  it.each([
    ['manifest.json', () => null, /a\/manifest\.json: it is missing/],
    ['manifest.json', text('{'), /a\/manifest\.json: line 1, column/],
    ['manifest.json', text('{"format": "x"}'), /format: must be/],
    ['status.json', text('{"phase": "asleep"}'), /a\/status\.json: it does not say/],
    ['metrics.jsonl', text('{"step": 0}\n'), /a\/metrics\.jsonl: .*line 1.*loss is missing/],
    ['evaluations.jsonl', text('[]\n'), /a\/evaluations\.jsonl: line 1 is no evaluation/],
    [
      'checkpoints/2.safetensors',
      (bytes: Uint8Array) => bytes.subarray(0, 900),
      /a\/checkpoints\/2\.safetensors: it has 900 bytes/,
    ],
    ['model.safetensors', text('no'), /a\/model\.safetensors: it is no whole safetensors/],
  ])('is refused for its %s', async (file, change, message) => {
    const home = new MemoryHome();
    const error: unknown = await readBundle(home, await changed(file, change)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(BundleError);
    expect(String(error)).toMatch(message);
    expect((await allFiles(home)).size).toBe(0);
  });

  it.each([
    '../evil.json',
    'notes.txt',
    'checkpoints/x.safetensors',
    'checkpoints/a/2.safetensors',
    '/model.safetensors',
  ])('is refused for a file called %s', async (name) => {
    const home = new MemoryHome();
    const bundle = await changed('model.safetensors', (bytes) => bytes, name);
    await expect(readBundle(home, bundle)).rejects.toThrow(BundleError);
    expect((await allFiles(home)).size).toBe(0);
  });

  it.each([
    ['{"format": ', /^BundleError: ranking\.json: line 1, column 12: A value must stand here/],
    ['{"format": "x", "version": 1}', /ranking\.json: line 1, column 12: format: /],
    ['{"format": "heavy-ranker-ranking", "version": 7}', /of version 7, which a newer playground wrote/],
    [
      '{"format": "heavy-ranker-ranking", "version": 1, "wieghts": 1}',
      /column 50: wieghts: there is no such key/,
    ],
  ])('is refused for its ranking %s', async (ranking, message) => {
    const home = new MemoryHome();
    const bundle = await bundleOf(await twoRuns(), ['a'], ranking);
    for (const read of [readBundle(home, bundle), readBundleRanking(bundle)]) {
      const error: unknown = await read.catch((e: unknown) => e);
      expect(error).toBeInstanceOf(BundleError);
      expect(String(error)).toMatch(message);
    }
    expect((await allFiles(home)).size).toBe(0);
  });

  it('that would unpack to far more than it is, is refused before it is read', async () => {
    const bundle = await changed('metrics.jsonl', () => new Uint8Array(17_000_000));
    await expect(readBundle(new MemoryHome(), bundle)).rejects.toThrow(/would unpack to 17000000 bytes/);
  });

  it('damaged anywhere is refused, or what it says: nothing is left behind', async () => {
    const good = new Uint8Array(await (await bundleOf(await twoRuns(), ['a'])).arrayBuffer());
    const whole = await allFiles(await twoRuns());
    const mine = new Map([...whole].filter(([path]) => path.startsWith('a/')));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(good.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, mask, cut) => {
          const bytes = cut ? good.slice(0, at) : good.slice();
          if (!cut) bytes[at]! ^= mask;
          const home = new MemoryHome();
          try {
            await readBundle(home, new Blob([bytes]));
          } catch (error) {
            expect(error).toBeInstanceOf(BundleError);
            expect((await allFiles(home)).size).toBe(0);
            return;
          }
          // Times and rights of files are nothing to a run.
          expect(await allFiles(home)).toEqual(mine);
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  it('for which there is no room leaves nothing behind', async () => {
    const bundle = await bundleOf(await twoRuns(), ['a', 'b']);
    for (let room = 0; room < 14; room++) {
      const home = new MemoryHome();
      const append = home.append.bind(home);
      let left = room;
      home.append = (path, bytes) =>
        left-- > 0 ? append(path, bytes) : Promise.reject(new HomeError(path, 'no room'));
      if (room >= 12) {
        expect(await readBundle(home, bundle)).toHaveLength(2);
        continue;
      }
      await expect(readBundle(home, bundle)).rejects.toThrow(HomeError);
      expect((await allFiles(home)).size).toBe(0);
    }
  });

  it('whose taking in was ended is cleared away later', async () => {
    const home = await twoRuns();
    await home.replace('c/bundle.part', new Uint8Array(0));
    await home.append('c/metrics.jsonl', Uint8Array.of(1));
    expect([await isUnfinished(home, 'c'), await isUnfinished(home, 'a')]).toEqual([true, false]);
    await removeUnfinished(home);
    expect(await home.list('c')).toEqual([]);
    expect(await allFiles(home)).toEqual(await allFiles(await twoRuns()));
  });
});
