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

  it.each([
    ['Mozilla/5.0 (X11; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox has it from', 'about:support'],
    [
      'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/18.4 Safari/605.1.15',
      'Safari has it',
      'Lockdown',
    ],
    ['Mozilla/5.0 AppleWebKit/537.36 Chrome/112.0 Safari/537.36 Edg/112.0', 'Edge has it', 'edge://gpu'],
    ['Mozilla/5.0 AppleWebKit/537.36 Chrome/112.0 Safari/537.36', 'chrome://flags', 'chrome://gpu'],
  ])('says what to do in %s', async (userAgent, withoutApi, withoutAdapter) => {
    expect((await status(undefined, true, userAgent)).advice).toContain(withoutApi);
    const none = (await status(null, true, userAgent)).advice;
    expect(none).toContain(withoutAdapter);
    expect(none).toContain('on the processor meanwhile');
    const imitated = await status({ ...real, description: 'llvmpipe' }, true, userAgent);
    expect(imitated.advice).toContain(withoutAdapter);
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
