import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { FileButton } from './FileButton.tsx';

it('offers every file, as iOS greys out all that a filter names without knowing their type (case 23)', () => {
  const html = renderToStaticMarkup(createElement(FileButton, { label: 'Import' }));
  expect(html).toContain('type="file"');
  expect(html).not.toContain('accept');
});
