import { expect, it } from 'vitest';
import { FINGERPRINT, fingerprint } from './determinism.fixture.ts';

it('a seed gives the same bytes in a page and in a worker as in Node', async () => {
  expect(await fingerprint()).toBe(FINGERPRINT);
  const worker = new Worker(new URL('./determinism.worker.ts', import.meta.url), { type: 'module' });
  const answer = new Promise<number>((resolve, reject) => {
    worker.addEventListener('message', (event: MessageEvent<number>) => resolve(event.data));
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
  });
  worker.postMessage(null);
  expect(await answer).toBe(FINGERPRINT);
  worker.terminate();
});
