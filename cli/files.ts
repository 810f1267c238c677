/** Reading input files: whole ones, and data files as streams; and the glob patterns of a data section's `inputs`. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { decodeText } from '../src/config/text-file.ts';
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
  const decoded = decodeText(await readBytes(path));
  if ('problem' in decoded) throw new CliError(`${path}: ${decoded.problem}`);
  return decoded.text;
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
 * Files that match a pattern as Python's glob with recursive=True reads it, sorted by name: * and ? within a name,
 * classes such as [0-9] and [!a], ** for any folders. A * at the start of a name takes no hidden ones. Braces,
 * parentheses and exclamation marks are themselves.
 * @param base folder that a relative pattern starts from.
 */
export async function filesMatching(pattern: string, base: string): Promise<string[]> {
  const names = (sep === '\\' ? pattern.replaceAll('\\', '/') : pattern).split('/');
  const first = names.findIndex((name) => /[*?[]/.test(name));
  if (first < 0) {
    const path = resolve(base, pattern);
    return (await isFile(path)) ? [path] : [];
  }
  if (names.at(-1) === '') return [];
  const root = resolve(base, names.slice(0, first).join('/') || (names[0] === '' && first > 0 ? '/' : '.'));
  const wanted = names.slice(first).filter((name) => name !== '' && name !== '.');
  const found = await glob([wanted.map(asPicomatch).join('/')], {
    cwd: root,
    onlyFiles: true,
    expandDirectories: false,
    braceExpansion: false,
    extglob: false,
  });
  return found.map((name) => join(root, name)).sort();
}

/** One name of a Python pattern in picomatch's words: what means nothing to Python is escaped. */
function asPicomatch(name: string): string {
  if (name === '**') return name;
  return name.replaceAll(
    /\[(!?)(\]?[^\]]*)\]|\*+|\?|[\\{}()[\]!+@|^$]/g,
    (token, not?: string, members?: string) => {
      if (members !== undefined) {
        const [first = ''] = members;
        // A range in it keeps picomatch from trying the brackets as themselves too.
        const ranged = members.includes('-') ? members : `${members}${first}-${first}`;
        return `[${not === '!' ? '^' : ''}${ranged.replaceAll(/[\\\][^]/g, '\\$&')}]`;
      }
      if (token.startsWith('*')) return '*';
      return token === '?' ? token : `\\${token}`;
    },
  );
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
