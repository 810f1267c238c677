/** All fixtures of the reference through our own WebGPU engine, at the tolerances that every engine keeps. */
import { describe, it } from 'vitest';
import { checkFixture } from '../testing/check-fixture.ts';
import type { ReadFixtureFile } from '../testing/fixture.ts';
import { FIXTURES, loadFixture } from '../testing/fixture.ts';
import { requestGpuDevice } from '../gpu/device.ts';
import { createWebgpuEngine } from './engine.ts';

const readFixtureFile: ReadFixtureFile = async (path) => {
  const response = await fetch(`/test/fixtures/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};

describe.each(FIXTURES)('%s', (name) => {
  it('agrees with the reference', async () => {
    const gpu = await requestGpuDevice();
    const fixture = await loadFixture(name, readFixtureFile);
    await checkFixture((options) => createWebgpuEngine(options, gpu), fixture);
    gpu.device.destroy();
  });
});
