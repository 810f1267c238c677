/** A worker that answers any message with the hash of the pinned batch, for the browser test. */
import { batchHash, pinnedBatch } from './testing.ts';

self.addEventListener('message', () => {
  self.postMessage(batchHash(pinnedBatch()));
});
