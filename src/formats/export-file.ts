/** A file that an export makes: a path below the export's folder, with forward slashes, and its content. */
export interface ExportFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A text file, UTF-8. */
export function textFile(path: string, text: string): ExportFile {
  return { path, bytes: new TextEncoder().encode(text) };
}
