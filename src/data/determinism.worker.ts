/** A worker that answers any message with the fingerprint, for the browser test. */
import { fingerprint } from './determinism.fixture.ts';

self.addEventListener('message', () => {
  void fingerprint().then((value) => self.postMessage(value));
});
