import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSafetensors, SafetensorsError, writeSafetensors } from './safetensors.ts';
import { sizeOf, type StateTensor } from './state-dict.ts';

const shape = fc.array(fc.nat(4), { maxLength: 3 });
const tensor: fc.Arbitrary<StateTensor> = fc.oneof(
  shape.chain((s) =>
    fc
      .float32Array({ minLength: sizeOf(s), maxLength: sizeOf(s) })
      .map((data): StateTensor => ({ dtype: 'F32', shape: s, data: new Float32Array(data) })),
  ),
  shape.chain((s) =>
    fc
      .bigInt64Array({ minLength: sizeOf(s), maxLength: sizeOf(s) })
      .map((data): StateTensor => ({ dtype: 'I64', shape: s, data: new BigInt64Array(data) })),
  ),
);
const name = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((n) => n !== '__metadata__');
const dict = fc.array(fc.tuple(name, tensor), { maxLength: 5 }).map((entries) => new Map(entries));
const bits = (t: StateTensor) => [...new Uint8Array(t.data.buffer, t.data.byteOffset, t.data.byteLength)];

/** A file with the given header text and data, to forge bad ones. */
function file(header: string, dataLength = 0): Uint8Array {
  const json = new TextEncoder().encode(header);
  const out = new Uint8Array(8 + json.length + dataLength);
  new DataView(out.buffer).setUint32(0, json.length, true);
  out.set(json, 8);
  return out;
}

const entry = (dtype: string, s: number[], begin: number, end: number) => ({
  dtype,
  shape: s,
  data_offsets: [begin, end],
});

describe('safetensors', () => {
  it('gives back what was written: names in order, shapes, bits, metadata', () => {
    fc.assert(
      fc.property(
        dict,
        fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
        (tensors, metadata) => {
          const read = readSafetensors(writeSafetensors(tensors, metadata));
          expect([...read.tensors.keys()].toSorted()).toEqual([...tensors.keys()].toSorted());
          for (const [key, got] of read.tensors) {
            const want = tensors.get(key)!;
            expect([got.dtype, got.shape]).toEqual([want.dtype, want.shape]);
            expect(bits(got)).toEqual(bits(want));
          }
          expect(read.metadata).toEqual(metadata);
        },
      ),
    );
  });

  it('keeps the order of the names and starts every tensor at a multiple of its element size', () => {
    const odd: StateTensor = { dtype: 'F32', shape: [1], data: Float32Array.of(1) };
    const big: StateTensor = { dtype: 'I64', shape: [], data: BigInt64Array.of(5n) };
    const bytes = writeSafetensors(new Map<string, StateTensor>([['b', odd], ['a', big], ['c', odd]])); // prettier-ignore
    expect([...readSafetensors(bytes).tensors.keys()]).toEqual(['b', 'a', 'c']);
    const length = new DataView(bytes.buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
      string,
      { data_offsets: [number, number] }
    >;
    expect(length % 8).toBe(0);
    expect(header['a']!.data_offsets[0] % 8).toBe(0);
  });

  it('reads the reference’s files', () => {
    const path = new URL('../../test/fixtures/parallel-share-all/initial.safetensors', import.meta.url);
    const { tensors } = readSafetensors(new Uint8Array(readFileSync(path)));
    expect(tensors.get('_preprocessor._before_concat_layers.2.layer.running_var')).toEqual({
      dtype: 'F32',
      shape: [21],
      data: new Float32Array(21).fill(1),
    });
    expect(tensors.get('_preprocessor._before_concat_layers.2.layer.num_batches_tracked')?.data).toEqual(
      BigInt64Array.of(0n),
    );
  });

  it('widens halves, bfloats and ints, and rounds doubles', () => {
    const header = { h: entry('F16', [5], 0, 10), b: entry('BF16', [2], 10, 14), i: entry('I32', [1], 14, 18), d: entry('F64', [1], 18, 26) }; // prettier-ignore
    const bytes = file(JSON.stringify(header), 26);
    const view = new DataView(bytes.buffer, bytes.length - 26);
    [0x3c00, 0xc000, 0x0001, 0x7c00, 0x7bff, 0x3f80, 0xc040].forEach((half, i) =>
      view.setUint16(2 * i, half, true),
    );
    view.setInt32(14, -7, true);
    view.setFloat64(18, 0.1, true);
    const { tensors } = readSafetensors(bytes);
    expect([...tensors.get('h')!.data]).toEqual([1, -2, 2 ** -24, Infinity, 65504]);
    expect([...tensors.get('b')!.data]).toEqual([1, -3]);
    expect([...tensors.get('i')!.data]).toEqual([-7n]);
    expect([...tensors.get('d')!.data]).toEqual([Math.fround(0.1)]);
  });

  it.each([
    ['{"a":1', /byte 8: the header is no JSON/],
    ['[]', /no JSON object/],
    [
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      /Tensor "a", byte \d+: the header names it twice/,
    ],
    [JSON.stringify({ a: entry('F8_E4M3', [4], 0, 4) }), /Tensor "a".*"F8_E4M3" is not supported/],
    [JSON.stringify({ a: entry('toString', [4], 0, 4) }), /not supported/],
    [JSON.stringify({ a: entry('F32', [2], 0, 4) }), /Tensor "a".*needs 8 bytes, data_offsets hold 4/],
    [JSON.stringify({ a: entry('F32', [-1], 0, 4) }), /no shape/],
    [JSON.stringify({ a: entry('F32', [1], 4, 0) }), /hold -4/],
    [JSON.stringify({ a: entry('F32', [1], 0, 4), b: entry('I32', [1], 2, 6) }), /Tensor "b".*overlaps/],
    [
      JSON.stringify({ a: entry('F16', [1], 0, 2), b: entry('F16', [1], 4, 6) }),
      /Tensor "b".*2 unused bytes/,
    ],
    [JSON.stringify({ a: entry('F32', [2], 0, 8) }), /Tensor "a".*Copy or download/],
    [JSON.stringify({ a: entry('F16', [1], 0, 2) }), /2 bytes follow the last tensor/],
    [JSON.stringify({ a: 3 }), /Tensor "a".*no object/],
    [
      '{"__metadata__":{"x":1},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      /__metadata__.*names to texts/,
    ],
  ])('refuses %s', (header, message) => {
    expect(() => readSafetensors(file(header, 4))).toThrow(SafetensorsError);
    expect(() => readSafetensors(file(header, 4))).toThrow(message);
  });

  it('casts to the type that is asked for, and refuses what it cannot say', () => {
    const header = {
      d: entry('F64', [2], 0, 16),
      i: entry('I64', [1], 16, 24),
      b: entry('BOOL', [2], 24, 26),
    };
    const made = (...doubles: [number, number]) => {
      const bytes = file(JSON.stringify(header), 26);
      const view = new DataView(bytes.buffer, bytes.length - 26);
      doubles.forEach((value, i) => view.setFloat64(8 * i, value, true));
      view.setBigInt64(16, 12n, true);
      view.setUint8(25, 1);
      return bytes;
    };
    const swapped = (name: string) => (name === 'd' ? 'I64' : 'F32') as StateTensor['dtype'];
    const { tensors, dtypes } = readSafetensors(made(2 ** 40, -3), swapped);
    expect([...tensors.get('d')!.data]).toEqual([2n ** 40n, -3n]);
    expect([...tensors.get('i')!.data]).toEqual([12]);
    expect([...tensors.get('b')!.data]).toEqual([0, 1]);
    expect([...dtypes]).toEqual([['d', 'F64'], ['i', 'I64'], ['b', 'BOOL']]); // prettier-ignore
    expect(() => readSafetensors(made(1, 0.5), swapped)).toThrow(
      /Tensor "d", byte \d+: element 1, 0\.5, is no whole/,
    );
    expect(() => readSafetensors(made(1e300, 0))).toThrow(
      /element 0, 1e\+300, is beyond a 32-bit float \(it is F64\)/,
    );
  });

  it.each([
    ['a zip archive', [0x50, 0x4b, 3, 4]],
    ['a pickle', [0x80, 2, 0x8a, 0x0a]],
    ['compressed with gzip', [0x1f, 0x8b, 8]],
  ])('names a file of another kind: %s', (what, start) => {
    const bytes = new Uint8Array(100);
    bytes.set(start);
    expect(() => readSafetensors(bytes)).toThrow(what);
    expect(() => readSafetensors(bytes)).toThrow(/save_file/);
  });

  it('refuses a header length beyond the file or the format’s limit', () => {
    const bytes = file('{}');
    bytes[7] = 255;
    expect(() => readSafetensors(bytes)).toThrow(/at most 100000000/);
    bytes[7] = 0;
    bytes[0] = 99;
    expect(() => readSafetensors(bytes)).toThrow(/the header claims 99 bytes/);
  });

  it('reports every cut; a flipped byte is reported or leaves sizes that fit', () => {
    fc.assert(
      fc.property(dict, fc.nat(), fc.integer({ min: 1, max: 255 }), (tensors, at, change) => {
        const bytes = writeSafetensors(tensors);
        const position = at % bytes.length;
        expect(() => readSafetensors(bytes.slice(0, position))).toThrow(SafetensorsError);
        bytes[position]! ^= change;
        try {
          for (const got of readSafetensors(bytes).tensors.values())
            expect(got.data.length).toBe(sizeOf(got.shape));
        } catch (error) {
          expect(error).toBeInstanceOf(SafetensorsError);
        }
      }),
    );
  });

  it('refuses to write a tensor whose data does not fit its shape', () => {
    const wrong: StateTensor = { dtype: 'F32', shape: [2], data: new Float32Array(3) };
    expect(() => writeSafetensors(new Map<string, StateTensor>([['w', wrong]]))).toThrow(
      /Tensor "w".*does not fit 3 values/,
    );
  });
});
