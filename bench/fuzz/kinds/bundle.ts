/** Bundles: damaged zips, files that no run has, sizes that lie. After an error nothing is left behind. */
import fc from 'fast-check';
import { writeZip } from '../../../src/formats/zip.ts';
import { BundleError } from '../../../src/runs/bundle-error.ts';
import { allFiles, keepSample, sampleManifest } from '../../../src/runs/bundle.fixture.ts';
import { readBundle, writeBundle } from '../../../src/runs/bundle.ts';
import { MemoryHome } from '../../../src/runs/homes/memory-home.ts';
import { fuzzKind } from '../kind.ts';
import { edits } from '../mutate.ts';

const home = new MemoryHome();
await keepSample(home, sampleManifest('a'));
const pieces: Uint8Array[] = [];
for await (const piece of writeBundle(home, ['a'])) pieces.push(piece);
const good = new Uint8Array(Buffer.concat(pieces));
const files = [...(await allFiles(home))].map(([path, bytes]) => ({ path, bytes: new Uint8Array(bytes) }));

const names = fc.constantFrom(
  'a/x',
  '../x',
  'a/checkpoints/9.safetensors',
  'b/manifest.json',
  'a/model.safetensors/',
);
/** Whole zips of files of which one or two are damaged, gone or called otherwise. */
const repacked = fc
  .array(
    fc.tuple(fc.nat(files.length - 1), fc.oneof(edits, fc.constant(null)), fc.option(names, { freq: 3 })),
    { maxLength: 2 },
  )
  .map((changes) => {
    const all = new Map(files.map(({ path, bytes }) => [path, bytes]));
    for (const [i, edit, name] of changes) {
      const { path, bytes } = files[i]!;
      all.delete(path);
      if (edit) all.set(name ?? path, new Uint8Array(edit(bytes)));
    }
    return writeZip([...all].map(([path, bytes]) => ({ path, bytes })));
  });

export const bundleKind = fuzzKind({
  name: 'bundle',
  input: fc
    .oneof({ weight: 3, arbitrary: edits.map((edit) => edit(good)) }, { weight: 2, arbitrary: repacked })
    .map((bytes) => ({ bytes })),
  errors: [BundleError],
  bytes: ({ bytes }) => bytes,
  async read({ bytes }) {
    const to = new MemoryHome();
    try {
      const runs = await readBundle(to, new Blob([new Uint8Array(bytes)]));
      if (runs.length === 0) throw new Error('It is taken in, and there is no run.');
    } catch (error) {
      if ((await allFiles(to)).size > 0) throw new Error('Files are left behind.', { cause: error });
      throw error;
    }
  },
  probe: () => good.length,
});
