/** The browser's private file system as a home, in a worker as it is used. */
import { afterEach, expect, it } from 'vitest';
import type { HomeProtocol } from './testing/opfs-worker.ts';
import { RpcClient } from './rpc.ts';

const started: Worker[] = [];

function home(): { readonly worker: Worker; readonly call: RpcClient<HomeProtocol>['call'] } {
  const worker = new Worker(new URL('./testing/opfs-worker.ts', import.meta.url), { type: 'module' });
  started.push(worker);
  const rpc = new RpcClient<HomeProtocol>(worker);
  return { worker, call: (name, params) => rpc.call(name, params) };
}

afterEach(async () => {
  await home().call('remove', { path: 'a-run' });
  for (const worker of started.splice(0)) worker.terminate();
});

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

it('replaces, appends, reads parts, truncates, lists and removes', async () => {
  const { call } = home();
  expect(await call('read', { path: 'a-run/x' })).toBeNull();
  expect(await call('list', { path: 'a-run' })).toEqual([]);
  await call('replace', { path: 'a-run/deep/x', bytes: bytes(1, 2, 3, 4) });
  await call('replace', { path: 'a-run/deep/x', bytes: bytes(5, 6) });
  expect(await call('read', { path: 'a-run/deep/x' })).toEqual(bytes(5, 6));
  await call('append', { path: 'a-run/lines', bytes: bytes(1, 2) });
  await call('append', { path: 'a-run/lines', bytes: bytes(3, 4) });
  expect(await call('read', { path: 'a-run/lines', from: 1, to: 3 })).toEqual(bytes(2, 3));
  expect(await call('read', { path: 'a-run/lines', from: 3, to: 99 })).toEqual(bytes(4));
  await call('truncate', { path: 'a-run/lines', size: 3 });
  await call('truncate', { path: 'a-run/lines', size: 30 });
  expect(await call('size', { path: 'a-run/lines' })).toBe(3);
  expect(await call('list', { path: 'a-run' })).toEqual([
    { name: 'deep', folder: true, size: 0 },
    { name: 'lines', folder: false, size: 3 },
  ]);
  await call('remove', { path: 'a-run/deep' });
  await call('remove', { path: 'a-run/never' });
  expect(await call('size', { path: 'a-run/deep/x' })).toBeNull();
  // What is written aside has gone into its place.
  expect(await call('list', { path: 'a-run' })).toHaveLength(1);
});

it('is read while it is appended to, and gives whole pieces only', async () => {
  const [writer, reader] = [home(), home()];
  const piece = new Uint8Array(1000).fill(7);
  const writing = (async () => {
    for (let i = 0; i < 40; i++) await writer.call('append', { path: 'a-run/log', bytes: piece });
  })();
  let last = 0;
  for (let i = 0; i < 40; i++) {
    const found = await reader.call('read', { path: 'a-run/log' });
    const length = found?.length ?? 0;
    expect(length).toBeGreaterThanOrEqual(last);
    expect(found?.every((value) => value === 7) ?? true).toBe(true);
    last = length;
  }
  await writing;
  expect(await reader.call('size', { path: 'a-run/log' })).toBe(40_000);
});

it('is read while it is replaced, and is one or the other whole', async () => {
  const [writer, reader] = [home(), home()];
  const whole = (value: number) => new Uint8Array(500 + value).fill(value);
  await writer.call('replace', { path: 'a-run/list', bytes: whole(0) });
  const writing = (async () => {
    for (let i = 1; i <= 60; i++) await writer.call('replace', { path: 'a-run/list', bytes: whole(i) });
  })();
  for (let i = 0; i < 120; i++) {
    const found = await reader.call('read', { path: 'a-run/list' });
    expect(found).toEqual(whole(found?.[0] ?? -1));
    expect(await reader.call('size', { path: 'a-run/list' })).toBeGreaterThanOrEqual(found?.length ?? 0);
  }
  await writing;
  expect(await reader.call('read', { path: 'a-run/list' })).toEqual(whole(60));
});

it('has one writer at a time, and another once the first has died', async () => {
  const [first, second] = [home(), home()];
  expect(await first.call('lock', { path: 'a-run' })).toBe(true);
  expect(await first.call('lock', { path: 'a-run' })).toBe(false);
  expect(await second.call('lock', { path: 'a-run' })).toBe(false);
  expect(await second.call('lock', { path: 'another' })).toBe(true);
  await first.call('release', { path: 'a-run' });
  expect(await second.call('lock', { path: 'a-run' })).toBe(true);
  second.worker.terminate();
  await expect.poll(() => first.call('lock', { path: 'a-run' }), { timeout: 30_000 }).toBe(true);
});

it('never shows a file that is half: an end in the middle of a replacement leaves the old one', async () => {
  const survivor = home();
  await survivor.call('replace', { path: 'a-run/model', bytes: bytes(1) });
  for (let i = 0; i < 5; i++) {
    const dying = home();
    await dying.call('size', { path: 'a-run/model' });
    void dying.call('replace', { path: 'a-run/model', bytes: new Uint8Array(8_000_000).fill(i + 2) });
    await survivor.call('size', { path: 'a-run/model' });
    dying.worker.terminate();
    const found = await survivor.call('read', { path: 'a-run/model' });
    expect(found?.length === 1 || found?.length === 8_000_000).toBe(true);
    expect(new Set(found)).toHaveProperty('size', 1);
  }
  await survivor.call('replace', { path: 'a-run/model', bytes: bytes(9, 9) });
  expect(await survivor.call('read', { path: 'a-run/model' })).toEqual(bytes(9, 9));
});
