/** tf.Example payloads: the fast decoder, kept between inputs as training keeps it, against the plain reader. */
import fc from 'fast-check';
import { ExampleDecoder } from '../../../src/formats/example-decoder.ts';
import type { ExampleSlot } from '../../../src/formats/example-decoder.ts';
import { decodeTfExample, encodeTfExample, TfExampleError } from '../../../src/formats/tf-example.ts';
import type { TfFeature } from '../../../src/formats/tf-example.ts';
import { fuzzKind } from '../kind.ts';
import { edits } from '../mutate.ts';

const int64 = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt(2n ** 53n, 2n ** 63n - 1n),
  fc.bigInt(-(2n ** 63n), -(2n ** 53n)),
);
const feature: fc.Arbitrary<TfFeature> = fc.oneof(
  fc.record({ kind: fc.constant('float_list' as const), values: fc.array(fc.float(), { maxLength: 4 }) }),
  fc.record({ kind: fc.constant('int64_list' as const), values: fc.array(int64, { maxLength: 4 }) }),
  fc.record({
    kind: fc.constant('bytes_list' as const),
    values: fc.array(fc.uint8Array({ maxLength: 6 }), { maxLength: 2 }),
  }),
);
const example = fc.array(fc.tuple(fc.constantFrom('f', 'i', 'id', 'other'), feature), { maxLength: 5 });
const likely = fc.tuple(fc.float(), fc.float(), int64, int64).map(([a, b, c, d]): [string, TfFeature][] => [
  ['f', { kind: 'float_list', values: [a, b] }],
  ['i', { kind: 'int64_list', values: [c] }],
  ['id', { kind: 'int64_list', values: [d] }],
]);

const wide = new Map<number, bigint>();
const slots: readonly ExampleSlot[] = [
  { feature: 'f', kind: 'float_list', length: 2, stride: 2, data: new Float32Array(2) },
  { feature: 'i', kind: 'int64_list', length: 1, stride: 1, data: new Float32Array(1) },
  { feature: 'id', kind: 'int64_list', length: 1, stride: 1, data: new Float64Array(1), wide },
];
const decoder = new ExampleDecoder(slots);
const good = encodeTfExample(
  new Map<string, TfFeature>([
    ['f', { kind: 'float_list', values: [0.5, -2] }],
    ['i', { kind: 'int64_list', values: [7] }],
    ['id', { kind: 'int64_list', values: [1_600_000_000_000_000_001n] }],
  ]),
);

/** The values of a slot as the plain reader has them; zeros where the feature is not there. */
function plainValues(
  { feature: name, length, data }: ExampleSlot,
  features: ReadonlyMap<string, TfFeature>,
): number[] {
  const found = features.get(name);
  const values = found && found.kind !== 'bytes_list' ? found.values : Array.from({ length }, () => 0);
  return Array.from(values as readonly (number | bigint)[], (value) => {
    if (typeof value === 'bigint' && data instanceof Float32Array) return nearestFloat(value);
    return data instanceof Float32Array ? Math.fround(Number(value)) : Number(value);
  });
}

/** By comparing, not by rounding: the float next to the value. */
function nearestFloat(value: bigint): number {
  const bits = new Int32Array(1);
  const float = new Float32Array(bits.buffer);
  float[0] = Number(value);
  const start = bits[0]!;
  let best = float[0];
  let distance = magnitude(BigInt(best) - value);
  for (const step of [-1, 1]) {
    bits[0] = start + step;
    const other = magnitude(BigInt(float[0]!) - value);
    const closer = other < distance || (other === distance && (bits[0] & 1) === 0);
    if (closer) [best, distance] = [float[0]!, other];
  }
  return best;
}

const magnitude = (value: bigint) => (value < 0n ? -value : value);

export const tfExampleKind = fuzzKind({
  name: 'tf-example',
  input: fc
    .tuple(fc.oneof({ weight: 3, arbitrary: likely }, { weight: 1, arbitrary: example }), edits)
    .map(([features, edit]) => ({ bytes: edit(encodeTfExample(new Map(features))) })),
  errors: [TfExampleError],
  bytes: ({ bytes }) => bytes,
  read({ bytes }) {
    wide.clear();
    decoder.decode(bytes, 0, 3);
    let plain: ReadonlyMap<string, TfFeature>;
    try {
      plain = decodeTfExample(bytes);
    } catch (error) {
      // The fast decoder does not look into what it skips.
      if (error instanceof TfExampleError) return;
      throw error;
    }
    for (const slot of slots) {
      const expected = plainValues(slot, plain);
      const found = [...slot.data];
      if (expected.length !== found.length || expected.some((value, i) => !Object.is(value, found[i]))) {
        throw new Error(`${slot.feature} is ${found.join()}, the plain reader has ${expected.join()}.`);
      }
    }
  },
  probe() {
    wide.clear();
    decoder.decode(good, 0);
    return [...slots.map(({ data }) => [...data]), String(wide.get(0))];
  },
});
