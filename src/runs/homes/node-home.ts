/** Run folders on disk, for the terminal. The only file of src/ that needs Node; the page never imports it. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { open, readdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HomeError, PART } from './home.ts';
import type { FileEntry, FileHome, HomeLock } from './home.ts';

/** Holds the process's number; a folder whose lock names a process that is gone is free. */
const LOCK = 'run.lock';

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
    const path = join(this.#path(folder), LOCK);
    try {
      mkdirSync(dirname(path), { recursive: true });
      for (let tries = 0; tries < 2; tries++) {
        if (take(path)) {
          return Promise.resolve({ release: () => rmSync(path, { force: true }) });
        }
        const holder = Number(read(path));
        if (isAlive(holder)) return Promise.resolve(null);
        rmSync(path, { force: true });
      }
      return Promise.resolve(null);
    } catch (error) {
      return Promise.reject(homeError(path, error));
    }
  }

  #path(path: string): string {
    return join(this.#root, path);
  }
}

function take(path: string): boolean {
  try {
    const descriptor = openSync(path, 'wx');
    writeFileSync(descriptor, String(process.pid));
    fsyncSync(descriptor);
    closeSync(descriptor);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Signal 0 asks only whether there is such a process. */
function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
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
