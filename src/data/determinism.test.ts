import { expect, it } from 'vitest';
import { FINGERPRINT, fingerprint } from './determinism.fixture.ts';

// determinism.browser.test.ts asks the same of a page and a worker.
it('a seed gives the same bytes as ever', async () => {
  expect(await fingerprint()).toBe(FINGERPRINT);
});
