/** Reading input files: whole ones, and data files as streams; and the glob patterns of a data section's `inputs`. */
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { CliError } from './command.ts';
import { reasonOf } from './output.ts';

/** @throws CliError naming the file. */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw new CliError(`${path}: can't be read (${reasonOf(error)}).`);
  }
}

/** @throws CliError naming the file, also when it is no UTF-8. */
export async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CliError(`${path}: this is no UTF-8 text.`);
  }
}

/** A data file as a stream of bytes. */
export interface DataFile {
  readonly name: string;
  readonly size: number;
  stream(): ReadableStream<Uint8Array>;
}

/** @throws CliError when the file is not there. */
export async function dataFile(path: string): Promise<DataFile> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new CliError(`${path}: can't be read (it is no file).`);
    return { name: path, size: info.size, stream: () => readStream(path) };
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`${path}: can't be read (${reasonOf(error)}).`);
  }
}

function readStream(path: string): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = createReadStream(path, { highWaterMark: 1 << 18 })[
    Symbol.asyncIterator
  ]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * Files that match a pattern with * and ? (not across folders) and ** (any folders), sorted by name.
 * @param base folder that a relative pattern starts from.
 */
export async function glob(pattern: string, base: string): Promise<string[]> {
  const absolute = isAbsolute(pattern) ? pattern : resolve(base, pattern);
  const parts = absolute.split(/[\\/]/);
  const first = parts.findIndex((part) => /[*?]/.test(part));
  if (first < 0) return (await isFile(absolute)) ? [absolute] : [];
  const root = parts.slice(0, first).join(sep) || sep;
  const found: string[] = [];
  await match(root, parts.slice(first), found);
  return [...new Set(found)].sort();
}

async function match(folder: string, parts: readonly string[], found: string[]): Promise<void> {
  const [part = '', ...rest] = parts;
  if (part === '**') {
    await match(folder, rest, found);
    for (const entry of await entriesOf(folder)) {
      if (entry.isDirectory()) await match(join(folder, entry.name), parts, found);
    }
    return;
  }
  const wanted = new RegExp(
    `^${part
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  for (const entry of await entriesOf(folder)) {
    if (!wanted.test(entry.name) || (entry.name.startsWith('.') && !part.startsWith('.'))) continue;
    const path = join(folder, entry.name);
    if (rest.length > 0) await match(path, rest, found);
    else if (await isFile(path)) found.push(path);
  }
}

async function entriesOf(folder: string) {
  // A folder that is not there holds no file that matches.
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
}

/** A path that a configuration names, relative to the configuration's own folder. */
export function besideConfig(configPath: string, path: string): string {
  return resolve(dirname(configPath), path);
}
