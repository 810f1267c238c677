import { describe, expect, it } from 'vitest';
import { webGpuStatus } from './webgpu-check.ts';
import type { AdapterFacts } from './webgpu-check.ts';

const real: AdapterFacts = { vendor: 'nvidia', architecture: 'lovelace', description: '', fallback: false };
const status = (adapter: AdapterFacts | null | undefined, secure = true, userAgent = 'Chrome') =>
  webGpuStatus({
    secure,
    userAgent,
    requestAdapter: adapter === undefined ? undefined : async () => adapter,
  });

describe('webGpuStatus', () => {
  it('says nothing where there is a graphics card', async () => {
    expect((await status(real)).kind).toBe('ok');
  });

  it('tells the four ways of having none apart, each with what to do', async () => {
    expect((await status(real, false)).kind).toBe('insecure');
    expect((await status(undefined)).kind).toBe('no-api');
    expect((await status(null)).kind).toBe('no-adapter');
    expect((await status({ ...real, vendor: 'google', architecture: 'swiftshader' })).kind).toBe('software');
    expect((await status(undefined, true, 'Firefox/130')).advice).toContain('Firefox');
  });

  it('takes a failing request for no adapter', async () => {
    const failing = await webGpuStatus({
      secure: true,
      userAgent: '',
      requestAdapter: () => Promise.reject(new Error('blocked')),
    });
    expect(failing.kind).toBe('no-adapter');
  });
});
