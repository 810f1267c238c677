import { expect, it } from 'vitest';
import { batchHash, PINNED_HASH, pinnedBatch } from './testing.ts';

it('gives the same examples in a page and in a worker as in Node', async () => {
  expect(batchHash(pinnedBatch())).toBe(PINNED_HASH);
  const worker = new Worker(new URL('./determinism.worker.ts', import.meta.url), { type: 'module' });
  const answer = new Promise<string>((resolve, reject) => {
    worker.addEventListener('message', (event: MessageEvent<string>) => resolve(event.data));
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
  });
  worker.postMessage(null);
  expect(await answer).toBe(PINNED_HASH);
  worker.terminate();
});
