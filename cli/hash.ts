/** SHA-256 of a file, read as a stream. */
import { createHash } from 'node:crypto';
import type { DataFile } from './files.ts';
import type { Progress } from './progress.ts';

/** In hexadecimal digits. Large files take a second a gigabyte or so, which `progress` tells. */
export async function sha256Of(file: DataFile, progress: Progress): Promise<string> {
  const hash = createHash('sha256');
  let read = 0;
  for await (const chunk of file.stream()) {
    hash.update(chunk);
    read += chunk.length;
    progress.update(
      () => `checking ${file.name}: ${Math.round((100 * read) / Math.max(1, file.size))} % read`,
    );
  }
  progress.clear();
  return hash.digest('hex');
}

/** Of bytes at hand. */
export function sha256OfBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
