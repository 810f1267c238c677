/**
 * Run folders in the browser's private file system. Only in workers: synchronous access handles, which write without a
 * copy of the file, exist nowhere else. Reading works beside a writer.
 */
import { HomeError, PART } from './home.ts';
import type { FileEntry, FileHome, HomeLock } from './home.ts';

/** What a worker's file handles have beyond a page's. */
interface SyncHandle {
  write(bytes: Uint8Array, options?: { at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}
type WorkerFileHandle = FileSystemFileHandle & {
  createSyncAccessHandle(): Promise<SyncHandle>;
  move?(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
};
type Listing = FileSystemDirectoryHandle & { values(): AsyncIterable<FileSystemHandle> };

/** All run folders of this origin stand below it. */
const ROOT = 'runs';

/** A handle that somebody else has open is free again in a moment: writers hold theirs for one write only. */
const BUSY_TRIES = 50;
const BUSY_WAIT_MS = 20;
const BUSY = ['NoModificationAllowedError'];

/** What a reader hears whose file another takes the place of between two of its calls; a file that is not there has no handle. */
const REPLACED = ['NotFoundError', 'NotReadableError'];

/** The private file system as a home. @throws HomeError where the browser has none or forbids it (a private window). */
export async function openOpfsHome(): Promise<OpfsHome> {
  try {
    const root = await navigator.storage.getDirectory();
    return new OpfsHome(await root.getDirectoryHandle(ROOT, { create: true }));
  } catch (error) {
    throw new HomeError(ROOT, 'this browser window keeps no files', error);
  }
}

export class OpfsHome implements FileHome {
  readonly #root: FileSystemDirectoryHandle;

  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  async list(folder: string): Promise<readonly FileEntry[]> {
    const directory = await this.#folder(folder, false);
    if (!directory) return [];
    const found: FileEntry[] = [];
    for await (const handle of (directory as Listing).values()) {
      if (handle.kind === 'directory') found.push({ name: handle.name, folder: true, size: 0 });
      else {
        const file = await (handle as FileSystemFileHandle).getFile().catch(() => null);
        if (file) found.push({ name: handle.name, folder: false, size: file.size });
      }
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async size(path: string): Promise<number | null> {
    return (await whenFree(() => this.#file(path), REPLACED))?.size ?? null;
  }

  read(path: string, from = 0, to?: number): Promise<Uint8Array<ArrayBuffer> | null> {
    return whenFree(async () => {
      const file = await this.#file(path);
      return file && new Uint8Array(await file.slice(from, to ?? file.size).arrayBuffer());
    }, REPLACED);
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    try {
      await this.#replace(path, bytes).catch((error: unknown) => {
        // The rename of a writer that has died may still be on its way, and takes what stands aside with it.
        if (nameOf(error) !== 'NotFoundError') throw error;
        return this.#replace(path, bytes);
      });
    } catch (error) {
      await this.remove(path + PART).catch(() => {});
      throw homeError(path, error);
    }
  }

  async #replace(path: string, bytes: Uint8Array): Promise<void> {
    const [folder, name] = split(path);
    const directory = await this.#folder(folder, true);
    if (!directory) throw new Error('the folder is gone');
    const part = (await directory.getFileHandle(name + PART, { create: true })) as WorkerFileHandle;
    await writing(part, (handle) => {
      handle.truncate(0);
      writeAll(handle, bytes, 0);
    });
    if (part.move) {
      await part.move(directory, name);
      return;
    }
    // Without a rename the copy is the risk; a file that is cut off is not taken for whole (run-folder.ts).
    const target = (await directory.getFileHandle(name, { create: true })) as WorkerFileHandle;
    await writing(target, (handle) => {
      handle.truncate(0);
      writeAll(handle, bytes, 0);
    });
    await directory.removeEntry(name + PART);
  }

  async append(path: string, bytes: Uint8Array): Promise<void> {
    const [folder, name] = split(path);
    try {
      const directory = await this.#folder(folder, true);
      if (!directory) throw new Error('the folder is gone');
      const file = (await directory.getFileHandle(name, { create: true })) as WorkerFileHandle;
      await writing(file, (handle) => writeAll(handle, bytes, handle.getSize()));
    } catch (error) {
      throw homeError(path, error);
    }
  }

  async truncate(path: string, size: number): Promise<void> {
    const file = await this.#handle(path);
    if (!file) return;
    await writing(file as WorkerFileHandle, (handle) => {
      if (handle.getSize() > size) handle.truncate(size);
    });
  }

  async remove(path: string): Promise<void> {
    const [folder, name] = split(path);
    const directory = await this.#folder(folder, false);
    await directory?.removeEntry(name, { recursive: true }).catch((error: unknown) => {
      if (nameOf(error) !== 'NotFoundError') throw error;
    });
  }

  /** Web Locks: gone with the worker that holds it, however it ends. */
  lock(folder: string): Promise<HomeLock | null> {
    return new Promise((resolve, reject) => {
      navigator.locks
        .request(`${ROOT}/${folder}`, { ifAvailable: true }, (lock) => {
          if (!lock) {
            resolve(null);
            return undefined;
          }
          return new Promise<void>((release) => resolve({ release }));
        })
        .catch(reject);
    });
  }

  async #folder(path: string, create: boolean): Promise<FileSystemDirectoryHandle | null> {
    let at = this.#root;
    try {
      for (const name of path === '' ? [] : path.split('/'))
        at = await at.getDirectoryHandle(name, { create });
      return at;
    } catch (error) {
      if (nameOf(error) === 'NotFoundError') return null;
      throw error;
    }
  }

  async #handle(path: string): Promise<FileSystemFileHandle | null> {
    const [folder, name] = split(path);
    const directory = await this.#folder(folder, false);
    try {
      return (await directory?.getFileHandle(name)) ?? null;
    } catch (error) {
      if (nameOf(error) === 'NotFoundError' || nameOf(error) === 'TypeMismatchError') return null;
      throw error;
    }
  }

  async #file(path: string): Promise<File | null> {
    return (await (await this.#handle(path))?.getFile()) ?? null;
  }
}

async function writing(file: WorkerFileHandle, write: (handle: SyncHandle) => void): Promise<void> {
  const handle = await whenFree(() => file.createSyncAccessHandle(), BUSY);
  try {
    write(handle);
    handle.flush();
  } finally {
    handle.close();
  }
}

/** Tries again what fails by one of `errors` for a moment. */
async function whenFree<T>(work: () => Promise<T>, errors: readonly string[]): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries >= BUSY_TRIES || !errors.includes(nameOf(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, BUSY_WAIT_MS));
    }
  }
}

function writeAll(handle: SyncHandle, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;) {
    const written = handle.write(bytes.subarray(done), { at: at + done });
    if (written <= 0) throw new DOMException('No room is left.', 'QuotaExceededError');
    done += written;
  }
}

function split(path: string): [string, string] {
  const at = path.lastIndexOf('/');
  return at < 0 ? ['', path] : [path.slice(0, at), path.slice(at + 1)];
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function homeError(path: string, error: unknown): HomeError {
  if (error instanceof HomeError) return error;
  const reason =
    nameOf(error) === 'QuotaExceededError'
      ? "the browser's storage for this page is full: delete runs that are no longer needed"
      : error instanceof Error
        ? error.message
        : String(error);
  return new HomeError(path, reason, error);
}
