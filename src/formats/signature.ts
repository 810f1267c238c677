/** The program's name and version in the files that it writes, where their readers pass over it. */
import { crc32 } from './crc32c.ts';
import { textFile } from './export-file.ts';
import type { ExportFile } from './export-file.ts';

const NAME = 'Heavy Ranker Playground';
const COMMENT = new RegExp(`^# ${NAME} \\S+\n`);

/** @param app the program's version. */
export const programName = (app: string): string => `${NAME} ${app}`;

/** YAML or Python with the version in its first line, once however often it is saved and opened. */
export function signedText(text: string, app: string): string {
  return `# ${programName(app)}\n${text.replace(COMMENT, '')}`;
}

/** An exported text with the version: in the first line of YAML and Python, in the last of Markdown. Others as they are. */
export function signedFile(file: ExportFile, app: string): ExportFile {
  const { path, bytes } = file;
  const text = (): string => new TextDecoder().decode(bytes);
  if (/\.(?:ya?ml|py)$/.test(path)) return textFile(path, signedText(text(), app));
  if (path.endsWith('.md')) return textFile(path, `${text().trimEnd()}\n\nWritten by ${programName(app)}.\n`);
  return file;
}

/** Bytes of a PNG before its second chunk: the mark, and the header chunk with length, name and sum. */
const PNG_START = 8 + 25;

/** A PNG with the version in a text chunk behind its header (PNG 1.2, 4.2.3.1). */
export function signedPng(png: Uint8Array, app: string): Uint8Array<ArrayBuffer> {
  const body = new TextEncoder().encode(`tEXtSoftware\0${programName(app)}`);
  const chunk = new Uint8Array(body.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.length - 4);
  chunk.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  const signed = new Uint8Array(png.length + chunk.length);
  signed.set(png.subarray(0, PNG_START));
  signed.set(chunk, PNG_START);
  signed.set(png.subarray(PNG_START), PNG_START + chunk.length);
  return signed;
}
