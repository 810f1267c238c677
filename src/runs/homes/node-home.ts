/** Run folders on disk, for the terminal. The only file of src/ that needs Node; the page never imports it. */
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { open, readdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { HomeError, PART } from './home.ts';
import type { FileEntry, FileHome, HomeLock } from './home.ts';

/** Holds the process's number and machine; a folder whose lock names a process that is gone is free. */
const LOCK = 'run.lock';

/** Locks that this process holds: its own number says nothing, an earlier process may have had it. */
const held = new Set<string>();

let tries = 0;

export class NodeHome implements FileHome {
  readonly #root: string;

  /** @param root the folder that paths are relative to. */
  constructor(root: string) {
    this.#root = root;
  }

  async list(folder: string): Promise<readonly FileEntry[]> {
    const entries = await readdir(this.#path(folder), { withFileTypes: true }).catch(nothing);
    if (!entries) return [];
    const found = await Promise.all(
      entries.map(async (entry): Promise<FileEntry> => {
        const isFolder = entry.isDirectory();
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        return { name: entry.name, folder: isFolder, size: isFolder ? 0 : ((await this.size(path)) ?? 0) };
      }),
    );
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async size(path: string): Promise<number | null> {
    const info = await stat(this.#path(path)).catch(nothing);
    return info?.isFile() ? info.size : null;
  }

  async read(path: string, from = 0, to?: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const file = await open(this.#path(path), 'r').catch(nothing);
    if (!file) return null;
    try {
      const { size } = await file.stat();
      const end = Math.min(size, to ?? size);
      const bytes = new Uint8Array(Math.max(0, end - from));
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    } finally {
      await file.close();
    }
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    const target = this.#path(path);
    const part = `${target}${PART}`;
    try {
      mkdirSync(dirname(target), { recursive: true });
      const file = await open(part, 'w');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(part, target);
    } catch (error) {
      await rm(part, { force: true }).catch(nothing);
      throw homeError(target, error);
    }
  }

  append(path: string, bytes: Uint8Array): Promise<void> {
    const target = this.#path(path);
    try {
      mkdirSync(dirname(target), { recursive: true });
      // One write: a process that is killed leaves all of it or, on a full disk, a line's beginning, which readers drop.
      const descriptor = openSync(target, 'a');
      try {
        for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      } finally {
        closeSync(descriptor);
      }
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(homeError(target, error));
    }
  }

  async truncate(path: string, size: number): Promise<void> {
    const now = await this.size(path);
    if (now !== null && now > size) await truncate(this.#path(path), size);
  }

  async remove(path: string): Promise<void> {
    await rm(this.#path(path), { recursive: true, force: true });
  }

  lock(folder: string): Promise<HomeLock | null> {
    const path = resolve(this.#path(folder), LOCK);
    try {
      mkdirSync(dirname(path), { recursive: true });
      if (held.has(path)) return Promise.resolve(null);
      const free = take(path) || (dropStale(path) && take(path));
      if (!free) return Promise.resolve(null);
      held.add(path);
      let isHeld = true;
      const release = (): void => {
        // Once: by now somebody else may hold it.
        if (!isHeld) return;
        isHeld = false;
        held.delete(path);
        rmSync(path, { force: true });
      };
      return Promise.resolve({ release });
    } catch (error) {
      return Promise.reject(homeError(path, error));
    }
  }

  /** Who has a folder's lock, in words, or null while nobody has. */
  holder(folder: string): string | null {
    const path = resolve(this.#path(folder), LOCK);
    if (held.has(path)) return 'this process';
    const owner = ownerOf(path);
    if (!owner || !isAlive(owner)) return null;
    const elsewhere = ` on ${owner.host} (delete ${path} if it is gone)`;
    return `process ${owner.pid}${owner.host === hostname() ? '' : elsewhere}`;
  }

  #path(path: string): string {
    return join(this.#root, path);
  }
}

/** Makes the lock file with its content at once: written aside, then linked, which fails where there is one. */
function take(path: string): boolean {
  const aside = `${path}.${process.pid}-${tries++}${PART}`;
  const content = JSON.stringify({ pid: process.pid, host: hostname() });
  writeFileSync(aside, content);
  try {
    linkSync(aside, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // File systems without links: two steps, between which another process sees an empty lock, which is nobody's.
    try {
      writeFileSync(path, content, { flag: 'wx' });
      return true;
    } catch (second) {
      if (codeOf(second) === 'EEXIST') return false;
      throw second;
    }
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Removes a lock whose process is gone. False while it has an owner. */
function dropStale(path: string): boolean {
  const seen = text(path);
  if (isAlive(parseOwner(seen))) return false;
  // Renamed first: of two processes that saw the same one, the second must not remove the first's new lock.
  const aside = `${path}.${process.pid}-${tries++}${PART}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    throw error;
  }
  const isSame = text(aside) === seen;
  if (!isSame) renameSync(aside, path);
  else rmSync(aside, { force: true });
  return isSame;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
}

function ownerOf(path: string): Owner | null {
  return parseOwner(text(path));
}

function parseOwner(content: string): Owner | null {
  try {
    const { pid, host } = JSON.parse(content) as Partial<Owner>;
    return Number.isSafeInteger(pid) && Number(pid) > 0 && typeof host === 'string'
      ? { pid: Number(pid), host }
      : null;
  } catch {
    return null;
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Signal 0 asks only whether there is such a process. Of another machine's nothing can be asked, so they count. */
function isAlive(owner: Owner | null): boolean {
  if (!owner) return false;
  if (owner.host !== hostname()) return true;
  if (owner.pid === process.pid) return false;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function nothing(error: unknown): null {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return null;
  throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function homeError(path: string, error: unknown): HomeError {
  const code = codeOf(error);
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: 'the disk is full',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the disk is read-only',
    ENOTDIR: 'a part of the path is no folder',
    EEXIST: 'a part of the path is no folder',
    EISDIR: 'it is a folder',
  };
  const known = typeof code === 'string' ? reasons[code] : undefined;
  return new HomeError(path, known ?? (error instanceof Error ? error.message : String(error)), error);
}
