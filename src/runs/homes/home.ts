/**
 * FileHome: where run folders are kept. Three homes, one behaviour: memory, the browser's private file system, Node's
 * files. Knows nothing of runs. Paths are relative, with '/' between names.
 */

export interface FileEntry {
  readonly name: string;
  readonly folder: boolean;
  /** Bytes; 0 of a folder. */
  readonly size: number;
}

/** Held until released, or until the page, worker or process that holds it is gone. */
export interface HomeLock {
  release(): void;
}

export interface FileHome {
  /** By name; empty where there is no such folder. */
  list(folder: string): Promise<readonly FileEntry[]>;
  /** Bytes of a file, null where there is none. */
  size(path: string): Promise<number | null>;
  /** Bytes from `from` up to `to`, as far as there are any; null where there is no file. */
  read(path: string, from?: number, to?: number): Promise<Uint8Array<ArrayBuffer> | null>;
  /**
   * Writes a file whole or not at all: aside, flushed, renamed. Folders on the way are made.
   * @throws HomeError when there is no room or no right to.
   */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /** Adds to a file's end, making it. What is written survives the end of the process. @throws HomeError */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /** Cuts a file to its first `size` bytes; nothing where it is shorter or not there. */
  truncate(path: string, size: number): Promise<void>;
  /** Removes a file, or a folder with all in it; nothing where there is none. */
  remove(path: string): Promise<void>;
  /** The only writer's right to a folder, or null while somebody else has it. */
  lock(folder: string): Promise<HomeLock | null>;
}

/** A file that can't be written: which, and why. */
export class HomeError extends Error {
  override readonly name = 'HomeError';
  readonly path: string;

  constructor(path: string, reason: string, cause?: unknown) {
    super(`${path}: can't be written (${reason}).`, { cause });
    this.path = path;
  }
}

/** Ending of files that are being written: never part of a run, removed by whoever opens the run to write. */
export const PART = '.part';
