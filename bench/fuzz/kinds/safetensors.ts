/** safetensors files: headers that lie, cut data, all element types. What is read is written and read again. */
import fc from 'fast-check';
import { readSafetensors, SafetensorsError, writeSafetensors } from '../../../src/formats/safetensors.ts';
import { sizeOf } from '../../../src/formats/state-dict.ts';
import type { StateTensor } from '../../../src/formats/state-dict.ts';
import { fuzzKind } from '../kind.ts';
import { edits, join } from '../mutate.ts';

const shape = fc.array(fc.nat(3), { maxLength: 3 });
const tensor: fc.Arbitrary<StateTensor> = fc
  .tuple(shape, fc.boolean(), fc.float({ noNaN: true }))
  .map(([dims, floats, value]): StateTensor =>
    floats
      ? { dtype: 'F32', shape: dims, data: new Float32Array(sizeOf(dims)).fill(value) }
      : { dtype: 'I64', shape: dims, data: new BigInt64Array(sizeOf(dims)).fill(5n) },
  );
const written = fc
  .uniqueArray(
    fc.tuple(fc.oneof(fc.constantFrom('w', 'b', 'a.b', '__proto__'), fc.string({ maxLength: 5 })), tensor),
    {
      selector: ([name]) => name,
      maxLength: 4,
    },
  )
  .map((all) => writeSafetensors(new Map(all.filter(([name]) => name !== '__metadata__')), { step: '1' }));

/** Headers whose parts are right one by one, and lie together. */
const count = fc.oneof(fc.nat(9), fc.constantFrom(-1, 0.5, 2 ** 31, 2 ** 53, 1e300, null));
const entry = fc.record(
  {
    dtype: fc.constantFrom(
      'F32',
      'F64',
      'F16',
      'BF16',
      'I64',
      'U64',
      'I32',
      'U32',
      'I16',
      'U16',
      'I8',
      'U8',
      'BOOL',
      'F8_E5M2',
      3,
    ),
    shape: fc.oneof(fc.array(count, { maxLength: 4 }), fc.constant('x')),
    data_offsets: fc.oneof(fc.tuple(count, count), fc.constant([])),
  },
  { requiredKeys: [] },
);
const consistent = fc
  .tuple(
    fc.constantFrom(['F64', 8], ['F16', 2], ['BF16', 2], ['U64', 8], ['I8', 1], ['BOOL', 1]),
    fc.nat(4),
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
  )
  .map(([[dtype, size], length, data]) => {
    const bytes = Number(size) * length;
    const header = { t: { dtype, shape: [length], data_offsets: [0, bytes] } };
    return withHeader(JSON.stringify(header), data.subarray(0, bytes));
  });
const lying = fc
  .tuple(
    fc.dictionary(fc.constantFrom('a', 'b', '__metadata__', 'constructor'), fc.oneof(entry, fc.jsonValue())),
    fc.uint8Array({ maxLength: 64 }),
  )
  .map(([header, data]) => withHeader(JSON.stringify(header), data));

function withHeader(json: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = new TextEncoder().encode(json);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, header.length, true);
  return join(length, header, data);
}

const good = writeSafetensors(new Map([['w', { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }]]));

export const safetensorsKind = fuzzKind({
  name: 'safetensors',
  input: fc
    .tuple(fc.oneof(written, consistent, lying), edits)
    .map(([bytes, edit]) => ({ bytes: edit(bytes) })),
  errors: [SafetensorsError],
  bytes: ({ bytes }) => bytes,
  read({ bytes }) {
    const { tensors, metadata } = readSafetensors(bytes);
    const again = readSafetensors(writeSafetensors(tensors, metadata));
    const text = (dict: typeof tensors) =>
      JSON.stringify(
        [...dict].map(([name, { dtype, shape: dims, data }]) => [
          name,
          dtype,
          dims,
          Array.from(data, String),
        ]),
      );
    if (text(again.tensors) !== text(tensors)) throw new Error('Written and read again it has other values.');
    for (const { shape: dims, data } of tensors.values()) {
      if (data.length !== sizeOf(dims)) throw new Error('Its values do not fill its shape.');
    }
  },
  probe: () => [...readSafetensors(good).tensors.get('w')!.data],
});
