/** A worker that does to the private file system what it is asked, for tests. */
import { ownThread, serve } from '../rpc.ts';
import type { FileEntry, HomeLock } from '../../runs/homes/home.ts';
import { openOpfsHome } from '../../runs/homes/opfs-home.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface HomeProtocol {
  requests: {
    list: { params: { path: string }; result: readonly FileEntry[] };
    size: { params: { path: string }; result: number | null };
    read: { params: { path: string; from?: number; to?: number }; result: Bytes | null };
    replace: { params: { path: string; bytes: Bytes }; result: null };
    append: { params: { path: string; bytes: Bytes }; result: null };
    truncate: { params: { path: string; size: number }; result: null };
    remove: { params: { path: string }; result: null };
    /** Whether it was free. */
    lock: { params: { path: string }; result: boolean };
    release: { params: { path: string }; result: null };
  };
  events: Record<never, never>;
}

const home = openOpfsHome();
const locks = new Map<string, HomeLock>();

serve<HomeProtocol>(ownThread, {
  list: async ({ path }) => (await home).list(path),
  size: async ({ path }) => (await home).size(path),
  read: async ({ path, from, to }) => (await home).read(path, from, to),
  replace: async ({ path, bytes }) => (await (await home).replace(path, bytes), null),
  append: async ({ path, bytes }) => (await (await home).append(path, bytes), null),
  truncate: async ({ path, size }) => (await (await home).truncate(path, size), null),
  remove: async ({ path }) => (await (await home).remove(path), null),
  async lock({ path }) {
    const lock = await (await home).lock(path);
    if (lock) locks.set(path, lock);
    return lock !== null;
  },
  async release({ path }) {
    locks.get(path)?.release();
    locks.delete(path);
    return null;
  },
});
