import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExampleDecoder, type ExampleSlot } from './example-decoder.ts';
import { ExampleEncoder } from './example-encoder.ts';
import { decodeTfExample, encodeTfExample, TfExampleError, type TfFeature } from './tf-example.ts';

const float = fc.float({ noDefaultInfinity: false }).map(Math.fround);
const integer = fc.oneof(fc.nat(9), fc.maxSafeInteger());
const feature: fc.Arbitrary<TfFeature> = fc.oneof(
  fc.array(float, { maxLength: 9 }).map((values): TfFeature => ({ kind: 'float_list', values })),
  fc.array(integer, { maxLength: 9 }).map((values): TfFeature => ({ kind: 'int64_list', values })),
  fc
    .array(fc.uint8Array({ maxLength: 5 }), { maxLength: 3 })
    .map((values): TfFeature => ({ kind: 'bytes_list', values })),
);
const name = fc.string({ unit: 'grapheme', maxLength: 8 });
const example = fc.array(fc.tuple(name, feature), { maxLength: 6 }).map((entries) => new Map(entries));
// The fast decoder does not look into what it skips, so damage is only sure to be seen where every feature is wanted.
const numericExample = fc
  .array(
    fc.tuple(
      name,
      feature.filter((f) => f.kind !== 'bytes_list'),
    ),
    { maxLength: 6 },
  )
  .map((entries) => new Map(entries));

/** Slots with room for one row, for the numeric features of an example. */
function slotsFor(features: ReadonlyMap<string, TfFeature>, rows = 1): ExampleSlot[] {
  return [...features].flatMap(([name, { kind, values }]): ExampleSlot[] => {
    if (kind === 'bytes_list') return [];
    const size = values.length * rows;
    const data = kind === 'float_list' ? new Float32Array(size) : new Float64Array(size);
    return [{ feature: name, kind, length: values.length, stride: values.length, data }];
  });
}

const ints = (...values: (number | bigint)[]): TfFeature => ({ kind: 'int64_list', values });
const floats = (...values: number[]): TfFeature => ({ kind: 'float_list', values });
const slot = (kind: ExampleSlot['kind'], length: number, stride = length): ExampleSlot => ({
  feature: 'x',
  kind,
  length,
  stride,
  data: kind === 'float_list' ? new Float32Array(stride) : new Float64Array(stride),
});
const encoded = (value: TfFeature) => encodeTfExample(new Map([['x', value]]));

describe('the plain tf.Example', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(example, (features) => {
        const read = decodeTfExample(encodeTfExample(features));
        expect([...read.keys()]).toEqual([...features.keys()]);
        for (const [name, want] of features) expect(read.get(name)).toEqual(want);
      }),
    );
  });

  it('reports bytes that are none as malformed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          decodeTfExample(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(TfExampleError);
        }
      }),
    );
    expect(() => decodeTfExample(Uint8Array.of(10, 200))).toThrow(/no tf.Example/);
  });
});

describe('the fast decoder', () => {
  it('reads what the plain writer wrote, whatever stood in the record before', () => {
    fc.assert(
      fc.property(example, example, (features, before) => {
        const slots = slotsFor(features);
        const decoder = new ExampleDecoder(slots);
        try {
          decoder.decode(encodeTfExample(before), 0);
        } catch (error) {
          expect(error).toBeInstanceOf(TfExampleError);
        }
        decoder.decode(encodeTfExample(features), 0);
        for (const { feature: name, data } of slots) expect([...data]).toEqual(features.get(name)!.values);
      }),
    );
  });

  it('agrees with the plain reader on damaged bytes or reports them', () => {
    fc.assert(
      fc.property(
        numericExample,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        (features, at, change, cut) => {
          let bytes = encodeTfExample(features);
          if (bytes.length === 0) return;
          const position = at % bytes.length;
          if (cut) bytes = bytes.slice(0, position);
          else bytes[position]! ^= change;
          const slots = slotsFor(features);
          let absent = 0;
          try {
            new ExampleDecoder(slots, () => absent++).decode(bytes, 0);
          } catch (error) {
            expect(error).toBeInstanceOf(TfExampleError);
            return;
          }
          let plain: ReturnType<typeof decodeTfExample>;
          try {
            plain = decodeTfExample(bytes);
          } catch (error) {
            // A damaged name is that of a feature that nobody wants, into whose list the fast one does not look.
            expect(error).toBeInstanceOf(TfExampleError);
            expect(absent).toBeGreaterThan(0);
            return;
          }
          // A feature whose list or name is gone reads as zeros.
          for (const { feature: name, data } of slots)
            expect(Array.from(plain.get(name)?.values ?? Array.from(data, () => 0), Number)).toEqual([
              ...data,
            ]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads unpacked lists, lists in pieces and skips unknown fields', () => {
    const writer = new BinaryWriter();
    writer
      .tag(7, WireType.Varint)
      .int64(-1)
      .tag(8, WireType.Bit64)
      .fixed64(1n)
      .tag(9, WireType.Bit32)
      .fixed32(2);
    writer.tag(1, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).fork();
    writer.tag(2, WireType.LengthDelimited).fork().tag(3, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.Varint).int64(5).tag(1, WireType.LengthDelimited).fork().int64(-6).int64(7).join();
    writer.tag(1, WireType.Varint).int64(300).join().join();
    writer.tag(1, WireType.LengthDelimited).string('x').join().join();
    const bytes = writer.finish();
    const x = slot('int64_list', 4);
    new ExampleDecoder([x]).decode(bytes, 0);
    expect([...x.data]).toEqual([5, -6, 7, 300]);
    expect(decodeTfExample(bytes).get('x')).toEqual(ints(5, -6, 7, 300));

    const unpacked = new BinaryWriter();
    unpacked.tag(1, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).fork();
    unpacked.tag(1, WireType.LengthDelimited).string('x').tag(2, WireType.LengthDelimited).fork();
    unpacked
      .tag(2, WireType.LengthDelimited)
      .fork()
      .tag(1, WireType.Bit32)
      .float(0.5)
      .tag(1, WireType.Bit32)
      .float(-2);
    const y = slot('float_list', 2);
    new ExampleDecoder([y]).decode(unpacked.join().join().join().join().finish(), 0);
    expect([...y.data]).toEqual([0.5, -2]);
  });

  it('keeps the first values where a slot wants fewer, in its own row only', () => {
    const x: ExampleSlot = {
      feature: 'x',
      kind: 'float_list',
      length: 3,
      stride: 2,
      data: new Float32Array(6).fill(9),
    };
    new ExampleDecoder([x]).decode(encoded(floats(1, 2, 3)), 1);
    expect([...x.data]).toEqual([9, 9, 1, 2, 9, 9]);
    const n: ExampleSlot = {
      feature: 'x',
      kind: 'int64_list',
      length: 3,
      stride: 1,
      data: new Float64Array(3).fill(9),
    };
    new ExampleDecoder([n]).decode(encoded(ints(500, 2, 3)), 1);
    expect([...n.data]).toEqual([9, 500, 9]);
  });

  it.each([
    [
      'wrong-kind',
      slot('int64_list', 1),
      encoded(floats(1)),
      /"x": it is a float_list, the data schema says int64_list/,
    ],
    [
      'wrong-length',
      slot('float_list', 3),
      encoded(floats(1)),
      /"x": it has 1 values, the data schema says 3/,
    ],
    [
      'wrong-length',
      slot('float_list', 1, 1),
      encoded(floats(1, 2)),
      /at least 2 values, the data schema says 1/,
    ],
    ['wrong-length', slot('int64_list', 2), encoded(ints()), /it has 0 values/],
    [
      'malformed',
      slot('int64_list', 2),
      Uint8Array.of(10, 9),
      /Record 7: the bytes are no tf.Example \(byte 2/,
    ],
  ] as const)('names a %s feature', (kind, x, bytes, message) => {
    const decode = () => new ExampleDecoder([x]).decode(bytes, 0, 7);
    expect(decode).toThrow(message);
    expect(decode).toThrow(expect.objectContaining({ name: 'TfExampleError', kind, record: 7 }));
  });

  it('takes the last of a feature that is there twice, as TensorFlow does, and none that has no list', () => {
    const slots = [slot('int64_list', 1)];
    const unset = Uint8Array.of(10, 5, 10, 3, 10, 1, 'x'.charCodeAt(0));
    for (const last of [new Uint8Array(0), unset]) {
      const twice = new Uint8Array([...encoded(ints(1)), ...encoded(ints(300)), ...last]);
      new ExampleDecoder(slots).decode(twice, 0);
      expect([...slots[0]!.data]).toEqual([300]);
    }
  });

  it('reads a feature that is not there, or without a list, as zeros, and tells of it once', () => {
    const bytes = encodeTfExample(new Map([['y', ints(1)]]));
    const unset = Uint8Array.of(10, 7, 10, 5, 10, 1, 'x'.charCodeAt(0), 18, 0);
    for (const payload of [bytes, unset, new Uint8Array(0)]) {
      const x: ExampleSlot = { ...slot('int64_list', 2), data: new Float64Array(4).fill(9) };
      const told: string[] = [];
      const decoder = new ExampleDecoder([x], ({ feature }) => told.push(feature));
      decoder.decode(payload, 1);
      expect([...x.data]).toEqual([9, 9, 0, 0]);
      decoder.decode(payload, 0);
      expect(told).toEqual(['x']);
    }
  });

  it('keeps integers beyond ±(2^53 − 1) whole, and rounds them once for the arrays', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.bigInt(2n ** 53n, 2n ** 54n)),
        fc.nat(20),
        fc.nat(20),
        (any, zeros, ones) => {
          // Halfway between two floats, or next to it, is where rounding twice goes wrong.
          const value = BigInt.asIntN(64, ((any >> BigInt(zeros + ones)) << BigInt(zeros + ones)) | ((1n << BigInt(ones)) - 1n)); // prettier-ignore
          const bytes = encoded({ kind: 'int64_list', values: [value] });
          const wide = new Map<number, bigint>();
          const whole: ExampleSlot = { ...slot('int64_list', 1), data: new Float64Array(1), wide };
          new ExampleDecoder([whole]).decode(bytes, 0);
          expect(whole.data[0]).toBe(Number(value));
          expect(wide.get(0) ?? BigInt(whole.data[0]!)).toBe(value);
          expect(decodeTfExample(bytes).get('x')).toEqual(
            ints(Number.isSafeInteger(Number(value)) ? Number(value) : value),
          );
          const encoder = new ExampleEncoder([whole]);
          const out = new Uint8Array(encoder.size(0));
          encoder.write(0, out, 0);
          expect([...out]).toEqual([...bytes]);
          const cast: ExampleSlot = { ...slot('int64_list', 1), data: new Float32Array(1) };
          new ExampleDecoder([cast]).decode(bytes, 0);
          const up = BigInt(cast.data[0]!) - value;
          // The nearest float: none of its neighbours is nearer.
          const bits = new Int32Array(cast.data.buffer as ArrayBuffer);
          const size = (x: bigint) => (x < 0n ? -x : x);
          for (const step of [-1, 1]) {
            const neighbour = new Float32Array(Int32Array.of(bits[0]! + step).buffer)[0]!;
            if (Number.isFinite(neighbour) && value !== 0n)
              expect(size(up) <= size(BigInt(Math.trunc(neighbour)) - value)).toBe(true);
          }
        },
      ),
      { seed: 1 },
    );
  });
});

describe('the fast encoder', () => {
  it('writes the plain writer’s bytes', () => {
    fc.assert(
      fc.property(example, (features) => {
        const numeric = new Map([...features].filter(([, f]) => f.kind !== 'bytes_list'));
        const slots = slotsFor(numeric, 2);
        for (const { feature: name, data, length } of slots)
          data.set(numeric.get(name)!.values as number[], length);
        const encoder = new ExampleEncoder(slots);
        const size = encoder.size(1);
        const out = new Uint8Array(size + 3);
        expect(encoder.write(1, out, 3)).toBe(size + 3);
        expect([...out.subarray(3)]).toEqual([...encodeTfExample(numeric)]);
      }),
    );
  });

  it('refuses numbers that are no int64 and slots that dropped values', () => {
    for (const bad of [0.5, NaN, 2 ** 53]) {
      const x: ExampleSlot = { ...slot('int64_list', 1), data: Float64Array.of(bad) };
      expect(() => new ExampleEncoder([x]).size(0)).toThrow(TfExampleError);
    }
    expect(() => new ExampleEncoder([slot('float_list', 3, 2)])).toThrow(/needs all 3 values/);
  });
});
