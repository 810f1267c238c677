/** Run folders in memory: for tests, and for pages whose browser keeps nothing. */
import type { FileEntry, FileHome, HomeLock } from './home.ts';

export class MemoryHome implements FileHome {
  /** In pieces as they were added: a file that grows for hours is not copied at each line. */
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>[]>();
  readonly #locks = new Set<string>();

  list(folder: string): Promise<readonly FileEntry[]> {
    const prefix = folder === '' ? '' : `${folder}/`;
    const found = new Map<string, FileEntry>();
    for (const [path, pieces] of this.#files) {
      if (!path.startsWith(prefix)) continue;
      const [name = '', ...deeper] = path.slice(prefix.length).split('/');
      const isFolder = deeper.length > 0;
      found.set(name, { name, folder: isFolder, size: isFolder ? 0 : sizeOf(pieces) });
    }
    return Promise.resolve([...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1)));
  }

  size(path: string): Promise<number | null> {
    const pieces = this.#files.get(path);
    return Promise.resolve(pieces ? sizeOf(pieces) : null);
  }

  read(path: string, from = 0, to?: number): Promise<Uint8Array<ArrayBuffer> | null> {
    return Promise.resolve(this.#files.has(path) ? this.#whole(path).slice(from, to) : null);
  }

  replace(path: string, bytes: Uint8Array): Promise<void> {
    this.#files.set(path, [new Uint8Array(bytes)]);
    return Promise.resolve();
  }

  append(path: string, bytes: Uint8Array): Promise<void> {
    const pieces = this.#files.get(path) ?? [];
    pieces.push(new Uint8Array(bytes));
    this.#files.set(path, pieces);
    return Promise.resolve();
  }

  truncate(path: string, size: number): Promise<void> {
    if (this.#files.has(path)) this.#files.set(path, [this.#whole(path).slice(0, size)]);
    return Promise.resolve();
  }

  remove(path: string): Promise<void> {
    for (const file of this.#files.keys()) {
      if (file === path || file.startsWith(`${path}/`)) this.#files.delete(file);
    }
    return Promise.resolve();
  }

  lock(folder: string): Promise<HomeLock | null> {
    if (this.#locks.has(folder)) return Promise.resolve(null);
    this.#locks.add(folder);
    let isHeld = true;
    const release = (): void => {
      // Once: by now somebody else may hold it.
      if (isHeld) this.#locks.delete(folder);
      isHeld = false;
    };
    return Promise.resolve({ release });
  }

  /** One piece from now on. */
  #whole(path: string): Uint8Array<ArrayBuffer> {
    const pieces = this.#files.get(path) ?? [];
    const [only] = pieces;
    if (only && pieces.length === 1) return only;
    const whole = new Uint8Array(sizeOf(pieces));
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    this.#files.set(path, [whole]);
    return whole;
  }
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
