import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonDuplicateKey } from './json-keys.ts';

it('finds nothing in what JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(jsonDuplicateKey(JSON.stringify(JSON.parse(text)))).toBeNull();
    }),
  );
});

it.each([
  ['{"a":1,"a":2}', 'a', 7],
  ['{"a":{"b":1,"\\u0062":[{}]}}', 'b', 12],
  ['[{"a":1},{"a":1,"x":"a","a":1}]', 'a', 24],
])('finds the duplicate in %s', (text, key, index) => {
  expect(jsonDuplicateKey(text)).toEqual({ key, index });
});
