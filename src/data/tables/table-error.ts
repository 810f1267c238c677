/** A table that cannot be used: the message names the file, the row (a text's line), the column, and the mend. */

export interface TablePlace {
  /** "line 17" of a text, "row 17" of a Parquet file; null where no row is to blame. */
  readonly row: string | null;
  readonly column: string | null;
}

export class TableError extends Error {
  override readonly name = 'TableError';
  readonly file: string;
  readonly row: string | null;
  readonly column: string | null;

  constructor(file: string, { row, column }: TablePlace, what: string) {
    const place = [...(row === null ? [] : [row]), ...(column === null ? [] : [`column "${column}"`])];
    super([file, ...(place.length > 0 ? [place.join(', ')] : []), what].join(': '));
    this.file = file;
    this.row = row;
    this.column = column;
  }
}

/** A text as it stands in an error: quoted, cut where it is long. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
