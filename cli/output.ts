/**
 * Output files that exist whole or not at all: written under a temporary name beside the final one, renamed when
 * complete, removed on failure and on Ctrl-C.
 */
import { closeSync, mkdirSync, openSync, rmdirSync, rmSync, writeFile } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { CliError } from './command.ts';

const writeAll = promisify(writeFile);

/** The temporary files and new folders of this process. */
export class Outputs {
  readonly #files: OutputFile[] = [];
  readonly #folders: string[] = [];

  /**
   * Opens a file that will be `path` after `commit`, making its folder. Nothing in it waits, so that no signal comes
   * between making something and remembering it.
   * @throws CliError when it can't be written.
   */
  async open(path: string): Promise<OutputFile> {
    try {
      // The first folder that had to be made; undefined when all were there.
      const made = mkdirSync(dirname(path), { recursive: true });
      if (made !== undefined) {
        for (let at = dirname(path); at.length >= made.length; at = dirname(at)) this.#folders.push(at);
      }
      const temporary = `${path}.part-${process.pid}`;
      const file = new OutputFile(path, temporary, openSync(temporary, 'w'));
      this.#files.push(file);
      return file;
    } catch (error) {
      throw new CliError(`${path}: can't be written (${reasonOf(error)}).`);
    }
  }

  /** Gives every open file its final name. */
  async commit(): Promise<void> {
    for (const file of this.#files) file.close();
    for (const file of this.#files) {
      try {
        await rename(file.temporary, file.path);
      } catch (error) {
        throw new CliError(`${file.path}: can't be written (${reasonOf(error)}).`);
      }
    }
    this.#files.length = 0;
    this.#folders.length = 0;
  }

  /** Removes what is not committed, and the folders made for it. Synchronous, for signal handlers. */
  discard(): void {
    for (const file of this.#files) {
      file.close();
      rmSync(file.temporary, { force: true });
    }
    for (const folder of this.#folders) {
      try {
        rmdirSync(folder);
      } catch {
        // Not empty: somebody else's files are in it by now.
        break;
      }
    }
    this.#files.length = 0;
    this.#folders.length = 0;
  }
}

export class OutputFile {
  readonly path: string;
  readonly temporary: string;
  readonly #descriptor: number;
  #closed = false;

  constructor(path: string, temporary: string, descriptor: number) {
    this.path = path;
    this.temporary = temporary;
    this.#descriptor = descriptor;
  }

  async write(content: string | Uint8Array): Promise<void> {
    try {
      // On a descriptor writeFile goes on where it stands, and writes everything, unlike write.
      await writeAll(this.#descriptor, content);
    } catch (error) {
      throw new CliError(`${this.path}: can't be written (${reasonOf(error)}).`);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#descriptor);
  }
}

/**
 * Runs `work` with outputs that are committed when it succeeds and discarded when it throws or the process is told to
 * end (SIGINT, SIGTERM; exit code 128 + signal).
 */
export async function withOutputs<T>(work: (outputs: Outputs) => Promise<T>): Promise<T> {
  const outputs = new Outputs();
  const onSignal = (code: number) => () => {
    outputs.discard();
    process.exit(128 + code);
  };
  const [interrupted, terminated] = [onSignal(2), onSignal(15)];
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', terminated);
  try {
    const result = await work(outputs);
    await outputs.commit();
    return result;
  } finally {
    outputs.discard();
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', terminated);
  }
}

/** A system error in words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOTDIR':
      return 'a part of the path is no folder';
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
