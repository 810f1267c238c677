/** Files as one zip, and back: what an export of several files is downloaded as. */
import { strFromU8, unzipSync, zipSync } from 'fflate';
import type { ExportFile } from './export-file.ts';

/** Nothing in a zip may depend on when it was made. 1980 is the format's first year. */
export const MODIFIED = new Date(1980, 0, 1);
/** Weights hardly get smaller and take long to try. */
export const INCOMPRESSIBLE = /\.(safetensors|onnx|gz)$/;

/** A zip that can't be read. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

/**
 * @param folder that the files lie in inside the zip, e.g. the run's name; none by default.
 */
export function writeZip(files: readonly ExportFile[], folder = ''): Uint8Array<ArrayBuffer> {
  const prefix = folder === '' ? '' : `${folder}/`;
  return zipSync(
    Object.fromEntries(
      files.map(({ path, bytes }) => [
        prefix + path,
        [bytes, { level: INCOMPRESSIBLE.test(path) ? 0 : 6, mtime: MODIFIED }],
      ]),
    ),
  );
}

/** @throws ZipError for what is no zip, or a damaged one. */
export function readZip(bytes: Uint8Array): ExportFile[] {
  if (strFromU8(bytes.subarray(0, 2), true) !== 'PK') throw new ZipError('This is no zip file.');
  try {
    return Object.entries(unzipSync(bytes))
      .filter(([path]) => !path.endsWith('/'))
      .map(([path, content]) => ({ path, bytes: new Uint8Array(content) }));
  } catch (error) {
    throw new ZipError(
      `The zip is damaged (${error instanceof Error ? error.message : String(error)}): copy it again.`,
    );
  }
}
