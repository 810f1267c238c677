import { expect, it } from 'vitest';
import { fit } from './match.ts';

it('prefers titles that begin so, then those with all words, then words beside the title', () => {
  const title = 'Export weights';
  const fits = ['exp', 'weights exp', 'safetensors exp', 'export nothing', ''].map((search) =>
    fit(search, title, 'safetensors file'),
  );
  expect(fits).toEqual([1, 0.8, 0.4, 0, 1]);
  expect(fit(' EXPORT  ', title, '')).toBe(1);
});
