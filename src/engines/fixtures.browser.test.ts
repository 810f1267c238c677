import { afterAll, beforeAll, describe, it } from 'vitest';
import { checkFixture } from './testing/check-fixture.ts';
import type { ReadFixtureFile } from './testing/fixture.ts';
import { FIXTURES, loadFixture } from './testing/fixture.ts';
import type { BackendLease } from './tfjs/backend.ts';
import { acquireBackend } from './tfjs/backend.ts';
import { createTfjsEngine } from './tfjs/engine.ts';

const readFixtureFile: ReadFixtureFile = async (path) => {
  const response = await fetch(`/test/fixtures/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};

/** A software adapter on a busy machine takes seconds a step: tfjs needs some thousand dispatches for a run. */
const TIMEOUT = 600_000;

// Held over all fixtures, so that tfjs compiles a shader once: a backend that nobody uses forgets them.
let lease: BackendLease;
beforeAll(async () => {
  lease = await acquireBackend('webgpu');
});
afterAll(() => lease.release());

describe.each(FIXTURES)('%s', (name) => {
  it.each([
    // wasm takes all steps: the two run the same code, and a step here is two seconds on a software adapter. There the last
    // one, on the weights and moments of a run, has all of the backend's kernels; tfjs/engine.browser.test.ts begins runs.
    ['webgpu', 0],
    ['wasm', Infinity],
  ] as const)(
    'agrees with the reference on tfjs-%s',
    async (backend, ownSteps) => {
      const fixture = await loadFixture(name, readFixtureFile);
      await checkFixture((options) => createTfjsEngine(options, backend), fixture, ownSteps);
    },
    TIMEOUT,
  );
});
