/** What is wrong with a data file, by the file's name and the record's place. */

/** Data that cannot be read, with the name of the file. */
export class DataReadError extends Error {
  override readonly name = 'DataReadError';
  readonly file: string;

  constructor(file: string, what: string, cause?: unknown) {
    super(`${file}: ${what}`, { cause });
    this.file = file;
  }
}

/** A record that cannot be read, or the first of a damaged rest of a file. */
export class BadRecordError extends DataReadError {
  /** From 0, in its file. */
  readonly record: number;
  /** Of the record's first byte, in the uncompressed stream. */
  readonly offset: number;

  constructor(
    file: string,
    { record, offset }: { record: number; offset: number },
    what: string,
    cause: Error,
  ) {
    super(file, what, cause);
    this.record = record;
    this.offset = offset;
  }
}
