/** Links: damaged ones, others' heads, dictionaries that are not theirs, bombs. What is read is written and read again. */
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { codePoint } from '../../../src/config/testing/code-point.ts';
import { decodeLink, encodeLink, LinkError, linkOf } from '../../../src/runs/link.ts';
import { sampleManifest } from '../../../src/runs/bundle.fixture.ts';
import { crc32c } from '../../../src/formats/crc32c.ts';
import { fuzzKind } from '../kind.ts';
import { edits, join } from '../mutate.ts';

const { recipe } = sampleManifest('a');
const presets = new Map([['playground', recipe.config]]);
const good = encodeLink(linkOf(recipe), presets);
const bare = encodeLink(linkOf({ ...recipe, config: '' }), new Map());
const bareHead = bare.slice(0, bare.lastIndexOf('.') + 1);

/** Any content under a right checksum. */
function packed(content: Uint8Array): string {
  const sum = new Uint8Array(4);
  new DataView(sum.buffer).setUint32(0, crc32c(content));
  const bytes = join(sum, deflateRawSync(content));
  return bareHead + Buffer.from(bytes).toString('base64url');
}

const head = fc.record(
  {
    steps: fc.oneof(fc.nat(9), fc.constant(null), fc.string()),
    data: fc.oneof(
      fc.constant({ kind: 'uniform', labels: 'raw', examples: null }),
      fc.constant({ kind: 'files', files: [{ name: 'a', size: 1, sha256: null }] }),
      fc.jsonValue(),
    ),
    seeds: fc.oneof(fc.record({ weights: fc.nat(), data: fc.nat() }), fc.jsonValue()),
    engine: fc.constantFrom({ choice: 'auto', precision: 'float32', noisyShifts: false }, { choice: 'none' }),
    schema: fc.string({ minLength: 1 }),
    tweets: fc.jsonValue(),
  },
  { requiredKeys: ['data', 'engine', 'schema', 'seeds', 'steps'] },
);
const contents = fc
  .tuple(fc.oneof(head, fc.jsonValue()), fc.string({ unit: codePoint }), edits)
  .map(([json, config, edit]) =>
    packed(edit(new TextEncoder().encode(`${JSON.stringify(json)}\n${config}`))),
  );
const bombs = fc.nat(5).map((megabytes) => packed(new Uint8Array(megabytes * 1_000_000 + 1)));
const text = new TextEncoder();
const damaged = edits.map((edit) => new TextDecoder().decode(edit(text.encode(good))));

export const linkKind = fuzzKind({
  name: 'link',
  input: fc.oneof(
    { weight: 10, arbitrary: damaged },
    { weight: 10, arbitrary: contents },
    { weight: 1, arbitrary: bombs },
    { weight: 2, arbitrary: fc.string() },
  ),
  errors: [LinkError],
  bytes: (fragment) => text.encode(fragment),
  read(fragment) {
    const link = decodeLink(fragment, presets);
    const again = decodeLink(encodeLink(link, presets), presets);
    if (JSON.stringify(again) !== JSON.stringify(link)) throw new Error('Written and read again it differs.');
  },
  probe: () => decodeLink(good, presets).seeds,
});
